"""The counters of a budget come from its entries: `spent` and `allotted`, each on its own."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from budgets.check.problem import Problem, budgets_of, in_words, name_budget
from budgets.models import Budget, BudgetKind, EntryKind
from employees.money import MoneyField

_ALLOTTED = [EntryKind.ALLOTMENT, EntryKind.TOP_UP]
_TAKEN = [EntryKind.SPEND, EntryKind.LENT, EntryKind.GIVE_BACK]


def counters_come_from_the_entries(month: date | None) -> Iterator[Problem]:
    """Each budget's counters equal the sums of its entries, which begin with one allotment."""
    reckoned = _reckoned(budgets_of(month).exclude(kind=BudgetKind.ENTITLEMENTS))
    for budget in reckoned.exclude(
        Q(by_allotted=F("allotted"), by_taken=F("spent") * -1, allotments=1)
        & Q(first=F("first_allotment"))
        & (~Q(kind=BudgetKind.MONTH) | Q(base__gte=F("by_allotment")))
    ).iterator():
        for rule, what in _wrong_with(budget):
            yield Problem(name_budget(budget), rule, what)


def _reckoned(budgets: QuerySet[Budget]) -> QuerySet[Budget]:
    """The budgets with the sums of their entries, all in one pass."""
    return budgets.annotate(
        by_allotted=_sum(Q(entries__kind__in=_ALLOTTED)),
        by_allotment=_sum(Q(entries__kind=EntryKind.ALLOTMENT)),
        by_taken=_sum(Q(entries__kind__in=_TAKEN)),
        allotments=Count("entries", filter=Q(entries__kind=EntryKind.ALLOTMENT)),
        first=Min("entries__pk"),
        first_allotment=Min("entries__pk", filter=Q(entries__kind=EntryKind.ALLOTMENT)),
    )


def _sum(which: Q) -> Coalesce:
    money = MoneyField()
    return Coalesce(Sum("entries__amount", filter=which), Decimal(0), output_field=money)


def _wrong_with(budget: Budget) -> Iterator[tuple[str, str]]:
    """Each rule that the budget breaks, and what would be right. It has the sums of `_reckoned`."""

    def words(amount: Decimal) -> str:
        return in_words(amount, budget)

    of = vars(budget)
    taken = -of["by_taken"]
    if budget.spent != taken:
        what = f"It says {words(budget.spent)}; {words(taken)} would be right."
        yield "What is spent is what its entries took, less what they gave back.", what
    if budget.allotted != of["by_allotted"]:
        what = f"It says {words(budget.allotted)}; {words(of['by_allotted'])} would be right."
        yield "What is allotted is its allotment and its top-ups.", what
    if of["allotments"] != 1:
        yield "It has one allotment.", f"It has {of['allotments']}; 1 would be right."
    elif of["first"] != of["first_allotment"]:
        what = f"The first is entry {of['first']}; entry {of['first_allotment']} would be right."
        yield "Its first entry is its allotment.", what
    if budget.kind == BudgetKind.MONTH and budget.base < of["by_allotment"]:
        what = f"It is {words(budget.base)}; at least {words(of['by_allotment'])} would be right."
        yield "Its base is not less than its allotment.", what
