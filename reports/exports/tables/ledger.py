"""Every movement of money. A row never changes."""

from typing import Any

from django.db import models
from django.db.models import Case, F, QuerySet, When

from budgets.models import LedgerEntry
from reports.entries import of_resolution, with_what_they_belong_to
from reports.exports.kinds import Kind
from reports.exports.table import Column, Marks, Table
from reports.exports.tables.numbers import case_number
from reports.models import ExportName


def _rows() -> QuerySet[Any]:
    entries = with_what_they_belong_to(LedgerEntry.objects.order_by("pk"))
    found: QuerySet[Any] = entries.annotate(
        of_case=of_resolution("case_id", models.BigIntegerField),
        of_remedy=of_resolution("remedy__code"),
        of_reason=of_resolution("case__reason_code__code"),
        of_channel=of_resolution("case__channel"),
        of_tier=of_resolution("tier__name"),
    )
    return found


LEDGER = Table(
    ExportName.LEDGER,
    "Every movement of money: allotments, spends, loans, give-backs and top-ups.",
    _rows,
    (
        Column("id", Kind.INTEGER, "The entry's number."),
        Column("at", Kind.MOMENT, "When the money moved, in UTC."),
        Column("kind", Kind.CODE, "`allotment`, `spend`, `lent`, `give-back` or `top-up`."),
        Column(
            "amount",
            Kind.MONEY,
            "Above zero into the budget, below out of it; in `currency`, at cost.",
        ),
        Column("currency", Kind.CODE, "ISO 4217.", "budget__division__currency"),
        Column(
            "balance_after",
            Kind.MONEY,
            "What was left of the budget then; empty for entitlements, which have no cap.",
        ),
        Column("division", Kind.TEXT, "The division's code.", "budget__division__code"),
        Column("budget_id", Kind.INTEGER, "The budget whose money it is."),
        Column("budget_kind", Kind.CODE, "`month`, `fund` or `entitlements`.", "budget__kind"),
        Column("month", Kind.MONTH, "The budget's month; empty for a fund.", "budget__month"),
        Column(
            "employee", Kind.TEXT, "Whose month it is: a user name.", "budget__employee__username"
        ),
        Column(
            "team",
            Kind.TEXT,
            "The team that gave the remedy, as it was then; of what was lent or not given, that "
            "of whose month it is, as it is now, unless they work in another division.",
            "of_team",
        ),
        Column("cost_centre", Kind.TEXT, "That team's cost centre as it is now.", "of_centre"),
        Column("tier", Kind.TEXT, "The tier of whoever gave the remedy, then.", "of_tier"),
        Column("remedy", Kind.TEXT, "The remedy's code.", "of_remedy"),
        Column(
            "gl_account",
            Kind.TEXT,
            "The remedy's account, as it is now.",
            of_resolution("remedy__gl_account"),
        ),
        Column("reason_code", Kind.TEXT, "What went wrong: a code.", "of_reason"),
        Column("channel", Kind.CODE, "Where the customer told of it.", "of_channel"),
        Column("case_id", Kind.INTEGER, "The number of the case.", "of_case"),
        Column(
            "case",
            Kind.TEXT,
            "What people call the case: F-2051.",
            Case(When(of_case__isnull=False, then=case_number("budget__", F("of_case")))),
        ),
        Column(
            "customer",
            Kind.TEXT,
            "The customer's reference.",
            of_resolution("case__customer__reference"),
        ),
        Column(
            "resolution_id",
            Kind.INTEGER,
            "The resolution's number.",
            of_resolution("pk", models.BigIntegerField),
        ),
        Column(
            "concerns_id",
            Kind.INTEGER,
            "The entry that a give-back takes back, or that money was lent towards.",
        ),
        Column(
            "actor", Kind.TEXT, "Who moved it: a user name; empty: by itself.", "actor__username"
        ),
        Column("request_id", Kind.CODE, "What was done in one go has the same."),
        Column(
            "note",
            Kind.TEXT,
            "The remedy of a spend; why it was topped up or given back.",
            own_words=True,
        ),
    ),
    paths={
        "division": "budget__division",
        "at": "at",
        "closed": "closed__close__month",
        "zone": "in_zone",
        "team": "of_team",
        "tier": "of_tier",
        "cost_centre": "of_centre",
        "remedy": "of_remedy",
        "reason_code": "of_reason",
        "channel": "of_channel",
        "amount": "amount",
    },
    marks=Marks(LedgerEntry, on_sqlite="id"),
)
