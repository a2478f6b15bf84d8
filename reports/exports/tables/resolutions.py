"""Every remedy that was given. A row never changes, but for the moment it was given back."""

from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from reports.exports.kinds import Kind
from reports.exports.table import Column, Marks, Table
from reports.exports.tables.numbers import case_number
from reports.models import ExportName
from resolutions.models import Resolution


def _rows() -> QuerySet[Any]:
    given_back = FilteredRelation(
        "entry__concerned_by", condition=Q(entry__concerned_by__kind="give-back")
    )
    return Resolution.objects.annotate(returned=given_back).order_by("pk")


RESOLUTIONS = Table(
    ExportName.RESOLUTIONS,
    "Every remedy that was given: what, to whom, by whom, and what it cost.",
    _rows,
    (
        Column("id", Kind.INTEGER, "The resolution's number."),
        Column("at", Kind.MOMENT, "When it was given, in UTC."),
        Column("division", Kind.TEXT, "The division's code.", "case__division__code"),
        Column("team", Kind.TEXT, "The team of whoever gave it, as it was then.", "team__name"),
        Column(
            "cost_centre", Kind.TEXT, "The team's cost centre as it is now.", "team__cost_centre"
        ),
        Column("tier", Kind.TEXT, "Their authority tier, as it was then.", "tier__name"),
        Column("given_by", Kind.TEXT, "Their user name.", "given_by__username"),
        Column("case_id", Kind.INTEGER, "The number of the case.", "case_id"),
        Column("case", Kind.TEXT, "What people call the case: F-2051.", case_number("case__")),
        Column("customer", Kind.TEXT, "The customer's reference.", "case__customer__reference"),
        Column("reason_code", Kind.TEXT, "What went wrong: a code.", "case__reason_code__code"),
        Column("channel", Kind.CODE, "Where the customer told of it.", "case__channel"),
        Column("order_reference", Kind.TEXT, "The order it is about.", "case__order_reference"),
        Column("remedy", Kind.TEXT, "What was given: a code.", "remedy__code"),
        Column(
            "gl_account", Kind.TEXT, "The remedy's account, as it is now.", "remedy__gl_account"
        ),
        Column("quantity", Kind.INTEGER, "How many; empty for an amount."),
        Column("unit", Kind.TEXT, "Of what: day, GB, pizza.", "remedy__unit"),
        Column("face_value", Kind.MONEY, "What it is worth to the customer, in `currency`."),
        Column("cost", Kind.MONEY, "What it costs the company, in `currency`."),
        Column("currency", Kind.CODE, "ISO 4217.", "case__division__currency"),
        Column("verdict", Kind.CODE, "`within` authority, or `grace`: a little further."),
        Column("owed", Kind.YES_NO, "Whether the customer was owed it."),
        Column(
            "charged_to", Kind.CODE, "`month`, `fund` or `entitlements`.", "entry__budget__kind"
        ),
        Column("budget_id", Kind.INTEGER, "The budget that paid.", "entry__budget_id"),
        Column("entry_id", Kind.INTEGER, "The ledger's entry of it.", "entry_id"),
        Column("request_id", Kind.CODE, "What was done in one go has the same."),
        Column(
            "given_back_at",
            Kind.MOMENT,
            "When its money went back, as it could not be carried out; empty while it stands. As "
            "it was at the pull: the ledger has an entry of it.",
            "returned__at",
        ),
        Column("description", Kind.TEXT, "What it was, as it was written.", own_words=True),
        Column("note", Kind.TEXT, "The note of the case.", "case__note", own_words=True),
    ),
    paths={
        "division": "case__division",
        "at": "at",
        "zone": "team__time_zone",
        "team": "team__name",
        "tier": "tier__name",
        "cost_centre": "team__cost_centre",
        "remedy": "remedy__code",
        "reason_code": "case__reason_code__code",
        "channel": "case__channel",
        "amount": "cost",
    },
    marks=Marks(Resolution, on_sqlite="id"),
)
