"""New budgets are applied while money is being given: nothing is lost, and the ledger adds up."""

import time
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from budgets import new_budgets, top_ups
from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from budgets.months import open_month
from budgets.new_budgets import apply_new_budgets
from employees.models import AuthorityTier, Employee
from tests.cast import Cast
from tests.putting_right import NOW, put_right, so_much
from tests.races.together import raised, succeeded, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tier(scm: Cast) -> AuthorityTier:
    """Reps' tier, raised from 200.00 to 260.00 after two of their months were opened."""
    for rep in (scm.agent, scm.colleague):
        open_month(rep, at=NOW)
    AuthorityTier.objects.filter(pk=scm.tiers["Rep"].pk).update(monthly_budget=Decimal(260))
    return AuthorityTier.objects.get(pk=scm.tiers["Rep"].pk)


def apply(tier: AuthorityTier, scm: Cast) -> int:
    return apply_new_budgets(tier, actor=scm.manager, reason="Prices rose", at=NOW)


def give(rep: Employee) -> Any:
    return put_right(rep, so_much("bill-credit", "5.00"), reason_code="outage")


def test_what_is_given_and_topped_up_meanwhile_is_kept(
    scm: Cast, tier: AuthorityTier, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch)
    month = Budget.objects.get(employee=scm.agent)

    def top_up() -> LedgerEntry:
        how: dict[str, Any] = {"actor": scm.manager, "request_id": uuid4(), "at": NOW}
        return top_ups.top_up(month, amount=Decimal("10.00"), reason="A storm", **how)

    outcomes = together(
        [
            *(lambda: apply(tier, scm), top_up),
            *[lambda: give(scm.agent)] * 8,
            *[lambda: give(scm.colleague)] * 4,
        ]
    )

    assert raised(outcomes) == []
    months = {b.employee_id: b for b in Budget.objects.all()}
    agent, colleague = months[scm.agent.pk], months[scm.colleague.pk]
    assert (agent.base, agent.allotted, agent.spent, agent.grace) == (260, 270, 40, 65)
    assert (colleague.base, colleague.allotted, colleague.spent) == (260, 260, 20)
    assert list(problems()) == []


def test_applied_twice_at_once_each_month_is_raised_once(
    scm: Cast, tier: AuthorityTier, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(monkeypatch)

    outcomes = together([lambda: apply(tier, scm)] * 6)

    assert raised(outcomes) == []
    assert sorted(succeeded(outcomes)) == [0, 0, 0, 0, 0, 2]
    assert set(Budget.objects.values_list("base", "allotted")) == {(260, 260)}
    assert LedgerEntry.objects.filter(kind="top-up").count() == 2
    assert list(problems()) == []


def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the others time between reading a month and raising it."""
    at_once = new_budgets._raise_of

    def raise_of(budget: Budget) -> Any:
        time.sleep(0.2)
        return at_once(budget)

    monkeypatch.setattr(new_budgets, "_raise_of", raise_of)
