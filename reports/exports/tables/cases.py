"""Every case as it is at the pull. It comes again when it was changed."""

from typing import Any

from django.db.models import QuerySet

from reports.exports.kinds import Kind
from reports.exports.table import Column, Marks, Table
from reports.exports.tables.numbers import case_number
from reports.models import ExportName
from resolutions.models import Case


def _rows() -> QuerySet[Any]:
    return Case.objects.order_by("pk")


CASES = Table(
    ExportName.CASES,
    "Every case, as it is now: what went wrong, where, and how it ended.",
    _rows,
    (
        Column("id", Kind.INTEGER, "The case's number."),
        Column("case", Kind.TEXT, "What people call it: F-2051.", case_number()),
        Column("division", Kind.TEXT, "The division's code.", "division__code"),
        Column("team", Kind.TEXT, "The team that took it in.", "team__name"),
        Column(
            "cost_centre", Kind.TEXT, "The team's cost centre as it is now.", "team__cost_centre"
        ),
        Column("state", Kind.CODE, "`open`, `put-right`, `closed` or `handed-over`."),
        Column("reason_code", Kind.TEXT, "What went wrong: a code.", "reason_code__code"),
        Column("channel", Kind.CODE, "Where the customer told of it."),
        Column("customer", Kind.TEXT, "The customer's reference.", "customer__reference"),
        Column("segment", Kind.TEXT, "The customer's segment as it is now.", "customer__segment"),
        Column("order_reference", Kind.TEXT, "The order it is about."),
        Column("order_value", Kind.MONEY, "In `currency`; empty where it was not told."),
        Column("order_date", Kind.DATE, "The day of the order."),
        Column("currency", Kind.CODE, "ISO 4217.", "division__currency"),
        Column("second_failure", Kind.YES_NO, "Whether the same went wrong lately."),
        Column("incident_id", Kind.INTEGER, "The mass incident it is one of."),
        Column("opened_by", Kind.TEXT, "Who took it in: a user name.", "opened_by__username"),
        Column("opened_at", Kind.MOMENT, "In UTC."),
        Column("ended_at", Kind.MOMENT, "In UTC; empty while it is open."),
        Column(
            "external_reference",
            Kind.TEXT,
            "Its number in the system it was brought in from.",
        ),
        Column("note", Kind.TEXT, "What was written about it.", own_words=True),
        Column(
            "outcome_note",
            Kind.TEXT,
            "What was said when it was closed, or why it was handed over.",
            own_words=True,
        ),
        Column("handed_over_to", Kind.TEXT, "To whom, as it was written.", own_words=True),
    ),
    paths={
        "division": "division",
        "at": "opened_at",
        "ended": "ended_at",
        "zone": "team__time_zone",
        "team": "team__name",
        "tier": "tier__name",
        "cost_centre": "team__cost_centre",
        "reason_code": "reason_code__code",
        "channel": "channel",
        "given": "resolutions",
        "amount": "order_value",
    },
    marks=Marks(Case),
    come_again=True,
)
