"""Every movement of money. A row never changes.

A spend is of the resolution that it paid for; what was lent towards it is one step away, and what
was given back of either one or two. Only these few are looked up: joining each of the three ways
would have the database read three times as much.
"""

from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from budgets.models import EntryKind, LedgerEntry
from reports.exports.kinds import Kind, Source
from reports.exports.table import Column, Marks, Table
from reports.exports.tables.numbers import case_number, of_owner
from reports.models import ExportName
from resolutions.models import Resolution

_ABOUT_ANOTHER = (EntryKind.GIVE_BACK, EntryKind.LENT)


def _of_resolution(path: str, kind: Any = models.TextField) -> Source:
    """Something of the resolution that an entry belongs to; nothing for other entries."""
    about = Q(entry=OuterRef("concerns")) | Q(entry=OuterRef("concerns__concerns"))
    found = Resolution.objects.filter(about).order_by()
    looked_up = When(kind__in=_ABOUT_ANOTHER, then=Subquery(found.values(path)[:1]))
    return Case(looked_up, default=F(f"resolution__{path}"), output_field=kind())


def _of_team(path: str) -> Source:
    """Something of the team whose cost it is: who gave it, or who lent; else whose month it is."""
    lent = Q(kind=EntryKind.LENT) | Q(kind=EntryKind.GIVE_BACK, taken_back=EntryKind.LENT)
    of_lender = When(lent, then=of_owner(f"team__{path}", "budget__"))
    return Case(of_lender, default=_of_giver(path), output_field=models.TextField())


def _of_giver(path: str) -> Source:
    """Something of the team that gave it; else of whose month it is. A month ends in its zone."""
    of_it = _of_resolution(f"team__{path}")
    return Coalesce(of_it, of_owner(f"team__{path}", "budget__"), output_field=models.TextField())


def _rows() -> QuerySet[Any]:
    concerned = LedgerEntry.objects.filter(pk=OuterRef("concerns")).order_by()
    return LedgerEntry.objects.annotate(
        taken_back=Subquery(concerned.values("kind")[:1]),
        of_case=_of_resolution("case_id", models.BigIntegerField),
        of_remedy=_of_resolution("remedy__code"),
        of_reason=_of_resolution("case__reason_code__code"),
        of_channel=_of_resolution("case__channel"),
        of_tier=_of_resolution("tier__name"),
        of_team=_of_team("name"),
        of_centre=_of_team("cost_centre"),
        in_zone=_of_giver("time_zone"),
    ).order_by("pk")


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
            _of_resolution("remedy__gl_account"),
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
            _of_resolution("case__customer__reference"),
        ),
        Column(
            "resolution_id",
            Kind.INTEGER,
            "The resolution's number.",
            _of_resolution("pk", models.BigIntegerField),
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
