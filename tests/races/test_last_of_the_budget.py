"""Many requests want the last of one agent's month: not a cent over, and the ledger adds up."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import F, Value

from budgets import ledger, months
from budgets.check import Problem, problems
from budgets.models import Budget, BudgetKind, LedgerEntry
from employees.models import Employee
from employees.money import MoneyField
from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap, Case, Resolution
from tests.cast import Cast
from tests.putting_right import NOW, put_right, so_many, so_much
from tests.races.together import raised, succeeded, together, without_constraint

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NEVER_OVERSPENT = (
    "budgets_budget",
    "budget_never_overspent",
    "CHECK (spent <= (allotted + grace))",
)


@pytest.fixture
def agent(forno: Cast) -> Employee:
    """A driver with 50.00 left of 120.00."""
    for amount in ("25.00", "25.00", "20.00"):
        put_right(forno.agent, so_much("money-off", amount))
    return forno.agent


def want_seven(agent: Employee) -> list[Callable[[], Any]]:
    """32 requests for 7.00 each; the last 50.00 hold seven of them."""
    return [lambda: put_right(agent, so_much("money-off", "7.00"))] * 32


def test_the_last_fifty_are_never_overspent(agent: Employee) -> None:
    outcomes = together(want_seven(agent))

    assert len(succeeded(outcomes)) == 7
    assert {type(error) for error in raised(outcomes)} == {OutsideAuthority}
    month = Budget.objects.get()
    assert (month.spent, month.left) == (Decimal("119.00"), Decimal("1.00"))
    assert Resolution.objects.count() == Case.objects.count() == 3 + 7
    assert AuthorityGap.objects.filter(bound="budget").count() == 25
    assert list(problems()) == []


def test_without_the_guard_they_would_be(agent: Employee, monkeypatch: pytest.MonkeyPatch) -> None:
    """The race above is real, and the test would notice it."""
    monkeypatch.setattr(ledger, "_take", look_and_then_take)
    with without_constraint(*NEVER_OVERSPENT):
        outcomes = together(want_seven(agent))

        month = Budget.objects.get()
        assert len(succeeded(outcomes)) > 7
        assert month.spent > Decimal("120.00")
        assert Problem(
            f"budget {month.pk} of forno.driver1, November 2026",
            "At most what is allotted and the grace is spent.",
            f"It has base $120.00, allotted $120.00, spent ${month.spent:.2f}, grace $0.00.",
        ) in list(problems())


def test_the_table_alone_holds_it_too(agent: Employee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_take", look_and_then_take)

    outcomes = together(want_seven(agent))

    assert len(succeeded(outcomes)) == 7
    assert {type(error) for error in raised(outcomes)} <= {IntegrityError, OutsideAuthority}
    assert Budget.objects.get().spent == Decimal("119.00")
    assert list(problems()) == []


def look_and_then_take(budget: Budget, cost: Decimal) -> bool:
    """The ledger's guard taken out: look first, and take afterwards."""
    now = Budget.objects.get(pk=budget.pk)
    if now.reach < cost:
        return False
    time.sleep(0.3)  # another request may look at the same moment
    taken = F("spent") + Value(cost, output_field=MoneyField())
    Budget.objects.filter(pk=budget.pk).update(spent=taken)
    budget.refresh_from_db(fields=["allotted", "spent"])
    return True


def test_the_first_use_of_a_month_opens_it_once(forno: Cast) -> None:
    outcomes = together([lambda: put_right(forno.agent, so_many("reorder"))] * 16)

    assert raised(outcomes) == []
    month = Budget.objects.get()
    assert (month.allotted, month.spent) == (Decimal("120.00"), Decimal("64.00"))
    assert month.entries.filter(kind="allotment").count() == 1
    assert list(problems()) == []


def test_a_month_that_is_only_looked_into_is_opened_once(forno: Cast) -> None:
    outcomes = together([lambda: months.open_month(forno.agent, at=NOW)] * 16)

    assert len({budget.pk for budget in outcomes}) == 1
    assert LedgerEntry.objects.count() == 1


def test_the_first_entitlement_of_a_month_opens_its_budget_once(forno: Cast) -> None:
    forno.rule(effect="grant", value="15.00", entitlement=True, remedies=["money-off"])
    agents = [forno.agent, forno.colleague, forno.lead, forno.people["forno.driver3"]] * 4

    outcomes = together(
        [lambda a=a: put_right(a, so_much("money-off", "15.00")) for a in agents]  # type: ignore[misc]
    )

    assert raised(outcomes) == []
    owed = Budget.objects.get(kind=BudgetKind.ENTITLEMENTS)
    assert (owed.month, owed.entries.count()) == (date(2026, 11, 1), 16)
    assert list(problems()) == []
