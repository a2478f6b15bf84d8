"""Every budget as it is at the pull. It comes again when money moved in it."""

from typing import Any

from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce

from budgets.models import Budget, BudgetKind, LedgerEntry
from employees.money import MoneyField
from reports.entries import of_owner
from reports.exports.kinds import Expression, Kind
from reports.exports.table import Column, Marks, Table
from reports.models import ExportName


def _capped(source: Expression) -> Expression:
    return Case(When(kind__in=(BudgetKind.MONTH, BudgetKind.FUND), then=source))


def _rows() -> QuerySet[Any]:
    return (
        Budget.objects.with_charged()
        .annotate(
            used=Coalesce("charged", "spent", output_field=MoneyField()),
            of_team=of_owner("team__name"),
            of_centre=of_owner("team__cost_centre"),
            of_tier=of_owner("tier__name"),
        )
        .order_by("pk")
    )


BUDGETS = Table(
    ExportName.BUDGETS,
    "Every budget, as it is now: months of employees, incidents' funds, and entitlements.",
    _rows,
    (
        Column("id", Kind.INTEGER, "The budget's number."),
        Column("kind", Kind.CODE, "`month`, `fund` or `entitlements`."),
        Column("division", Kind.TEXT, "The division's code.", "division__code"),
        Column("month", Kind.MONTH, "Its month; empty for a fund."),
        Column("employee", Kind.TEXT, "Whose month it is: a user name.", "employee__username"),
        Column(
            "team",
            Kind.TEXT,
            "Their team as it is now; empty once they work in another division.",
            "of_team",
        ),
        Column("cost_centre", Kind.TEXT, "The team's cost centre as it is now.", "of_centre"),
        Column("tier", Kind.TEXT, "Their tier as it is now; empty as the team.", "of_tier"),
        Column("name", Kind.TEXT, "What a fund is called; empty for others."),
        Column(
            "base",
            Kind.MONEY,
            "The part of a month that the tier or their own budget gives, in `currency`.",
            Case(When(kind=BudgetKind.MONTH, then="base")),
        ),
        Column(
            "allotted",
            Kind.MONEY,
            "With what was topped up; empty for entitlements.",
            _capped(F("allotted")),
        ),
        Column(
            "spent",
            Kind.MONEY,
            "Used and lent, less what was given back, in `currency`.",
            "used",
        ),
        Column(
            "grace",
            Kind.MONEY,
            "How far beyond it one may go; empty for entitlements.",
            _capped(F("grace")),
        ),
        Column(
            "left",
            Kind.MONEY,
            "Below zero once someone went over; empty for entitlements.",
            _capped(F("allotted") - F("spent")),
        ),
        Column("currency", Kind.CODE, "ISO 4217.", "division__currency"),
        Column("opened_at", Kind.MOMENT, "When it was opened, in UTC."),
    ),
    paths={
        "division": "division",
        "at": "opened_at",
        "month": "month",
        "team": "of_team",
        "tier": "of_tier",
        "cost_centre": "of_centre",
        "amount": "used",
    },
    marks=Marks(LedgerEntry, on_sqlite="id", to="budget"),
    come_again=True,
)
