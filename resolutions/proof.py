"""Proves, for `check_ledger`, that resolutions and the ledger tell the same story.

What must stay true: a resolution costs what its entries took, its own and what was lent towards
it; it is charged to its giver's month, to the fund of its case's incident, or, where it is owed,
to the division's entitlements.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from budgets.check import Problem, entries_of
from budgets.models import BudgetKind, EntryKind, LedgerEntry
from employees.money import MoneyField
from resolutions.models import Resolution


def resolutions_agree_with_the_ledger(month: date | None) -> Iterator[Problem]:
    """Each resolution that was charged in this month, or ever."""
    yield from _cost_otherwise(month)
    yield from _charged_elsewhere(month)


def _charged_in(month: date | None) -> QuerySet[Resolution]:
    charged = Resolution.objects.select_related("entry__budget", "case__division")
    entries = entries_of(month).order_by().values("pk")
    return (charged if month is None else charged.filter(entry__in=entries)).order_by("pk")


def _unless(fits: Q, rows: QuerySet[Resolution]) -> QuerySet[Resolution]:
    """Those that do not fit, also where a column is empty and so equals nothing."""
    return rows.annotate(fits=Case(When(fits, then=True), default=False)).filter(fits=False)


def _cost_otherwise(month: date | None) -> Iterator[Problem]:
    lent = LedgerEntry.objects.filter(kind=EntryKind.LENT, concerns=OuterRef("entry")).order_by()
    total = Subquery(lent.values("concerns").annotate(total=Sum("amount")).values("total"))
    rows = _charged_in(month).annotate(
        taken=Coalesce(total, 0, output_field=MoneyField()) + F("entry__amount")
    )
    fits = Q(entry__kind=EntryKind.SPEND, taken=F("cost") * -1)
    for resolution in _unless(fits, rows).iterator():
        yield Problem(
            _named(resolution),
            "A resolution costs what its entries took.",
            f"It cost {resolution.cost}, its entries come to {vars(resolution)['taken']}.",
        )


def _charged_elsewhere(month: date | None) -> Iterator[Problem]:
    fits = (
        Q(owed=True, entry__budget__kind=BudgetKind.ENTITLEMENTS)
        | Q(owed=False, entry__budget__kind=BudgetKind.MONTH, entry__budget__employee=F("given_by"))
        | Q(owed=False, entry__budget=F("case__incident__fund"))
    )
    for resolution in _unless(fits, _charged_in(month)).iterator():
        yield Problem(
            _named(resolution),
            "It is charged to its giver’s month, its incident’s fund, or, where owed, to nobody’s.",
            f"It is charged to budget {resolution.entry.budget_id}.",
        )


def _named(resolution: Resolution) -> str:
    return f"resolution {resolution.pk} in case {resolution.case.number}"
