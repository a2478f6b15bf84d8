"""A tier's new budget in the months that are open: raised once, never made smaller."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets import ledger, top_ups
from budgets.check import problems
from budgets.errors import InvalidMovement, NotTheirMoney
from budgets.models import Budget, LedgerEntry
from budgets.months import open_month
from budgets.new_budgets import Raise, apply_new_budgets, would_raise
from employees.models import AuthorityTier, Employee
from employees.own_authority import OwnAuthority
from tests.cast import Cast
from tests.putting_right import NOW

LAST_MONTH = datetime(2026, 10, 15, 15, 0, tzinfo=UTC)


def set_tier(company: Cast, name: str, **columns: Any) -> AuthorityTier:
    """What the tier gives from now on, as everyone reads it next."""
    AuthorityTier.objects.filter(pk=company.tiers[name].pk).update(**columns)
    return AuthorityTier.objects.get(pk=company.tiers[name].pk)


def apply(tier: AuthorityTier, company: Cast, at: datetime = NOW) -> int:
    return apply_new_budgets(tier, actor=company.manager, reason="Prices rose", at=at)


def of(employee: Employee, at: datetime = NOW) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """The month's base, what is set aside, what is spent, and how far beyond one may go."""
    month = open_month(employee, at=at)
    month.refresh_from_db()
    return month.base, month.allotted, month.spent, month.grace


def spend(month: Budget, cost: str, employee: Employee) -> LedgerEntry:
    return ledger.spend(month, cost=Decimal(cost), actor=employee, request_id=uuid4(), at=NOW)


def test_open_months_are_raised_by_a_top_up_that_says_who_and_why(scm: Cast) -> None:
    month = open_month(scm.agent, at=NOW)
    spend(month, "60.00", scm.agent)
    open_month(scm.people["scm.rep3"], at=NOW)
    lead = of(scm.lead)

    raised = apply(set_tier(scm, "Rep", monthly_budget=Decimal(260)), scm)

    assert raised == 2
    assert of(scm.agent) == (260, 260, 60, 65)
    assert of(scm.lead) == lead
    entry = month.entries.get(kind="top-up")
    assert (entry.amount, entry.balance_after, entry.note) == (60, 200, "Prices rose")
    assert (entry.actor, entry.at) == (scm.manager, NOW)
    assert list(problems()) == []


def test_applied_twice_it_adds_nothing(scm: Cast) -> None:
    open_month(scm.agent, at=NOW)
    tier = set_tier(scm, "Rep", monthly_budget=Decimal(260))
    assert apply(tier, scm) == 1
    before = list(Budget.objects.values()), list(LedgerEntry.objects.values())

    assert apply(tier, scm) == 0

    assert (list(Budget.objects.values()), list(LedgerEntry.objects.values())) == before
    assert would_raise(tier, at=NOW) == {None: 1}


def test_what_a_manager_topped_up_stays_on_top(scm: Cast) -> None:
    month = open_month(scm.agent, at=NOW)
    how: dict[str, Any] = {"actor": scm.manager, "request_id": uuid4(), "at": NOW}
    top_ups.top_up(month, amount=Decimal("30.00"), reason="A storm", **how)

    apply(set_tier(scm, "Rep", monthly_budget=Decimal(260)), scm)

    assert of(scm.agent) == (260, 290, 0, 65)
    assert list(problems()) == []


def test_a_lower_budget_makes_no_month_smaller(scm: Cast) -> None:
    open_month(scm.agent, at=NOW)

    lower = set_tier(scm, "Rep", monthly_budget=Decimal(100), over_budget_percent=0)

    assert apply(lower, scm) == 0
    assert of(scm.agent) == (200, 200, 0, 50)
    assert LedgerEntry.objects.count() == 1


def test_how_far_one_may_go_beyond_is_raised_without_an_entry(scm: Cast) -> None:
    open_month(scm.agent, at=NOW)

    assert apply(set_tier(scm, "Rep", over_budget_percent=40), scm) == 1

    assert of(scm.agent) == (200, 200, 0, 80)
    assert not LedgerEntry.objects.filter(kind="top-up").exists()
    assert list(problems()) == []


def test_a_personal_budget_counts_instead_of_the_tiers(scm: Cast) -> None:
    for who in (scm.agent, scm.colleague, scm.people["scm.rep3"]):
        open_month(who, at=NOW)
    give_own(scm.agent, 300)
    give_own(scm.colleague, 150)

    assert apply(set_tier(scm, "Rep", monthly_budget=Decimal(260)), scm) == 2

    assert of(scm.agent)[:2] == (300, 300)
    assert of(scm.colleague)[:2] == (200, 200)
    assert of(scm.people["scm.rep3"])[:2] == (260, 260)


def test_a_month_that_is_not_open_is_left_and_opens_with_it(scm: Cast) -> None:
    tier = set_tier(scm, "Rep", monthly_budget=Decimal(260))
    assert apply(tier, scm) == 0
    assert not Budget.objects.exists()
    later = Employee.objects.with_authority().get(pk=scm.agent.pk)
    assert of(later)[:2] == (260, 260)


def test_last_month_stays_as_it_was(scm: Cast) -> None:
    open_month(scm.agent, at=LAST_MONTH)
    before = list(Budget.objects.values())
    assert apply(set_tier(scm, "Rep", monthly_budget=Decimal(260)), scm) == 0
    assert list(Budget.objects.values()) == before


def test_this_month_is_the_one_where_they_work(scm: Cast) -> None:
    """In Sydney it is December already; in Perth November lasts three hours more."""
    first = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
    perth = scm.people["scm.rep3"]
    for who in (scm.agent, perth):
        open_month(who, at=NOW)
    open_month(scm.agent, at=first)

    assert apply(set_tier(scm, "Rep", monthly_budget=Decimal(260)), scm, at=first) == 2

    assert of(scm.agent, at=NOW)[:2] == (200, 200)
    assert of(scm.agent, at=first)[:2] == (260, 260)
    assert of(perth, at=first)[:2] == (260, 260)


def test_whoever_left_or_has_another_tier_by_now_is_left(scm: Cast) -> None:
    for who in (scm.agent, scm.colleague):
        open_month(who, at=NOW)
    Employee.objects.filter(pk=scm.agent.pk).update(is_active=False)
    Employee.objects.filter(pk=scm.colleague.pk).update(tier=scm.tiers["Team lead"])

    assert apply(set_tier(scm, "Rep", monthly_budget=Decimal(260)), scm) == 0
    assert set(Budget.objects.values_list("allotted", flat=True)) == {200}


def test_the_tiers_history_tells_who_applied_it_and_why(scm: Cast) -> None:
    """Also where only the way beyond the month became longer, of which no entry tells."""
    month = open_month(scm.agent, at=NOW)
    tier = set_tier(scm, "Rep", over_budget_percent=50)
    before = tier.history.count()

    assert apply(tier, scm) == 1
    assert apply(tier, scm) == 0

    assert not month.entries.filter(kind="top-up").exists()
    step = tier.history.get(history_date=NOW)
    assert tier.history.count() == before + 1
    assert step.history_user == scm.manager
    assert step.history_change_reason == "Applied to the months that were open (1): Prices rose"
    assert step.over_budget_percent == 50


@pytest.mark.parametrize("who", ["agent", "lead", "other"])
def test_only_a_manager_of_the_division_applies_them(scm: Cast, forno: Cast, who: str) -> None:
    open_month(scm.agent, at=NOW)
    tier = set_tier(scm, "Rep", monthly_budget=Decimal(260))
    actor = forno.manager if who == "other" else getattr(scm, who)
    with pytest.raises(OwnAuthority if who == "agent" else NotTheirMoney):
        apply_new_budgets(tier, actor=actor, reason="x", at=NOW)
    assert of(scm.agent)[:2] == (200, 200)


def test_nobody_applies_their_own_tier(scm: Cast) -> None:
    Employee.objects.filter(pk=scm.manager.pk).update(tier=scm.tiers["Rep"])
    manager = Employee.objects.with_authority().get(pk=scm.manager.pk)
    open_month(manager, at=NOW)
    tier = set_tier(scm, "Rep", monthly_budget=Decimal(260))
    with pytest.raises(OwnAuthority):
        apply_new_budgets(tier, actor=manager, reason="x", at=NOW)
    assert of(manager)[:2] == (200, 200)


def test_without_a_reason_nothing_is_raised(scm: Cast) -> None:
    open_month(scm.agent, at=NOW)
    tier = set_tier(scm, "Rep", monthly_budget=Decimal(260))
    with pytest.raises(InvalidMovement) as refused:
        apply_new_budgets(tier, actor=scm.manager, reason="  ", at=NOW)
    assert "reason" in refused.value.errors
    assert of(scm.agent)[:2] == (200, 200)


def test_what_would_be_raised_is_what_is_raised(scm: Cast) -> None:
    for who in (scm.agent, scm.colleague, scm.people["scm.rep3"]):
        open_month(who, at=NOW)
    give_own(scm.agent, 300)
    give_own(scm.colleague, 200)
    tier = set_tier(scm, "Rep", monthly_budget=Decimal(260))

    told = would_raise(tier, at=NOW)

    assert told == {to(300, 75): 1, to(260, 65): 1, None: 1}
    assert apply(tier, scm) == 2
    assert of(scm.agent) == (300, 300, 0, 75)


def test_months_are_raised_some_at_a_time(scm: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("budgets.new_budgets.CHUNK", 2)
    more(scm, 5)
    assert apply(set_tier(scm, "Rep", monthly_budget=Decimal(260)), scm) == 5
    assert set(Budget.objects.values_list("allotted", "base")) == {(260, 260)}
    assert list(problems()) == []


def test_thirty_holders_cost_no_more_queries_than_three(scm: Cast) -> None:
    def cost(budget: int) -> tuple[int, int]:
        tier = set_tier(scm, "Rep", monthly_budget=Decimal(budget))
        with CaptureQueriesContext(connection) as looking:
            would_raise(tier, at=NOW)
        with CaptureQueriesContext(connection) as raising:
            apply(tier, scm)
        return len(looking), len(raising)

    more(scm, 3)
    three = cost(260)
    more(scm, 27)
    assert cost(270) == three
    assert Budget.objects.filter(allotted=270).count() == 30


def to(base: int, grace: int) -> Raise:
    """A rep's month, of 200 and 50 beyond, raised to this."""
    before = {"base": Decimal(200), "grace": Decimal(50)}
    return Raise(**before, new_base=Decimal(base), new_grace=Decimal(grace))


def give_own(employee: Employee, budget: int) -> None:
    """A personal budget, which stands instead of the tier's."""
    Employee.objects.filter(pk=employee.pk).update(personal_budget=Decimal(budget))


def more(scm: Cast, several: int) -> None:
    """So many more reps, each with an open month."""
    there = Employee.objects.count()
    for n in range(several):
        rep = Employee.objects.create_user(
            f"scm.more{there + n}",
            role="agent",
            division=scm.division,
            team=scm.teams["Perth"],
            tier=scm.tiers["Rep"],
        )
        open_month(rep, at=NOW)
