"""A month is never made smaller or opened again, whatever happens to who has it (`months.py`)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from budgets import months
from budgets.check import problems
from budgets.models import Budget
from budgets.open_many import open_months
from employees.models import AuthorityTier, Employee, Team
from tests.cast import Cast
from tests.putting_right import put_right, so_much

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)
DECEMBER = date(2026, 12, 1)


def as_they_are_now(person: Employee) -> Employee:
    return Employee.objects.with_authority().get(pk=person.pk)


def change(person: Employee, **columns: Any) -> Employee:
    """Change a person and return them as they are then."""
    Employee.objects.filter(pk=person.pk).update(**columns)
    return as_they_are_now(person)


def their_months(person: Employee) -> list[tuple[date | None, Decimal]]:
    """Each month that they have, with what is left of it."""
    return [(b.month, b.left) for b in person.budgets.order_by("month", "division")]


@pytest.mark.parametrize("by", ["the job", "first use"])
def test_who_is_new_in_mid_month_has_a_whole_month(scm: Cast, by: str) -> None:
    open_months(at=NOW)
    new = Employee.objects.create_user(
        "scm.new", division=scm.division, team=scm.agent.team, tier=scm.agent.tier
    )

    if by == "the job":
        assert open_months(at=LATER) == 1
    else:
        months.open_month(as_they_are_now(new), at=LATER)

    budget = Budget.objects.get(employee=new)
    assert (budget.month, budget.allotted, budget.opened_at) == (NOVEMBER, 200, LATER)


def test_who_gets_a_tier_has_a_month_from_then_on(scm: Cast) -> None:
    change(scm.agent, tier=None)
    open_months(at=NOW)
    assert their_months(scm.agent) == []

    change(scm.agent, tier=scm.tiers["Rep"])

    assert open_months(at=LATER) == 1
    assert their_months(scm.agent) == [(NOVEMBER, 200)]


@pytest.mark.parametrize(
    ("changed", "december"),
    [
        ({"tier": "Team lead"}, 800),
        ({"personal_budget": Decimal("50.00")}, 50),
        ({"monthly_budget": Decimal("500.00")}, 500),
        ({"monthly_budget": Decimal("20.00")}, 20),
    ],
)
def test_another_tier_or_budget_counts_from_the_next_month(
    scm: Cast, changed: dict[str, Any], december: int
) -> None:
    open_months(at=NOW)
    if "monthly_budget" in changed:
        AuthorityTier.objects.filter(pk=scm.tiers["Rep"].pk).update(**changed)
    elif "tier" in changed:
        change(scm.agent, tier=scm.tiers[changed["tier"]])
    else:
        change(scm.agent, **changed)

    open_months(at=LATER)
    assert their_months(scm.agent) == [(NOVEMBER, 200)]

    open_months(at=datetime(2026, 12, 2, tzinfo=UTC))
    assert their_months(scm.agent) == [(NOVEMBER, 200), (DECEMBER, december)]


def test_another_tiers_limit_per_case_counts_at_once(scm: Cast) -> None:
    open_months(at=NOW)
    lead = change(scm.agent, tier=scm.tiers["Team lead"])

    put_right(lead, so_much("bill-credit", "190.00"), reason_code="billing-dispute", at=LATER)

    assert their_months(scm.agent) == [(NOVEMBER, 10)]


def test_who_changes_team_keeps_the_month(scm: Cast) -> None:
    open_months(at=NOW)
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="billing-dispute")
    change(scm.agent, team=scm.teams["Perth"])

    assert open_months(at=LATER) == 0
    assert their_months(scm.agent) == [(NOVEMBER, 165)]


# The first of November began at 13:00 in Sydney and at 16:00 in Perth.
BETWEEN = datetime(2026, 10, 31, 14, 0, tzinfo=UTC)


def test_who_moves_to_where_it_is_still_the_month_before_goes_on_with_that_one(scm: Cast) -> None:
    put_right(
        scm.agent,
        so_much("bill-credit", "35.00"),
        reason_code="billing-dispute",
        at=datetime(2026, 10, 20, tzinfo=UTC),
    )
    open_months(at=BETWEEN)
    assert their_months(scm.agent) == [(date(2026, 10, 1), 165), (NOVEMBER, 200)]

    moved = change(scm.agent, team=scm.teams["Perth"])

    assert months.open_month(moved, at=BETWEEN).left == Decimal("165.00")
    open_months(at=BETWEEN)
    open_months(at=NOW)
    assert their_months(scm.agent) == [(date(2026, 10, 1), 165), (NOVEMBER, 200)]


def test_who_moves_to_where_it_is_the_next_month_already_has_that_one(scm: Cast) -> None:
    in_perth = scm.people["scm.rep3"]
    open_months(at=BETWEEN)
    assert their_months(in_perth) == [(date(2026, 10, 1), 200)]

    change(in_perth, team=scm.teams["Sydney"])

    assert open_months(at=BETWEEN) == 1
    assert their_months(in_perth) == [(date(2026, 10, 1), 200), (NOVEMBER, 200)]
    assert open_months(at=NOW) == 0


def test_a_team_that_gets_another_time_zone_is_as_if_all_had_moved(scm: Cast) -> None:
    open_months(at=BETWEEN)

    Team.objects.filter(pk=scm.teams["Sydney"].pk).update(time_zone="Australia/Perth")
    assert months.open_month(as_they_are_now(scm.agent), at=BETWEEN).month == date(2026, 10, 1)
    open_months(at=BETWEEN)  # October, for those who had none yet
    open_months(at=NOW)

    assert their_months(scm.agent) == [(date(2026, 10, 1), 200), (NOVEMBER, 200)]
    assert list(problems()) == []


def test_who_moves_to_another_division_has_a_month_of_its_money(forno: Cast, orchard: Cast) -> None:
    open_months(at=NOW)
    put_right(forno.agent, so_much("money-off", "20.00"))
    dollars = months.open_month(forno.agent, at=NOW)
    moved = change(
        forno.agent,
        division=orchard.division,
        team=orchard.agent.team,
        tier=orchard.tiers["Driver"],
    )

    assert open_months(at=NOW) == 1

    pounds = months.open_month(moved, at=NOW)
    assert (pounds.division, pounds.left) == (orchard.division, Decimal("100.00"))
    dollars.refresh_from_db()
    assert (dollars.division, dollars.left) == (forno.division, Decimal("100.00"))
    assert list(problems()) == []


def test_for_who_has_left_nothing_is_opened_any_more(forno: Cast) -> None:
    open_months(at=NOW)
    put_right(forno.agent, so_much("money-off", "20.00"))
    change(forno.agent, is_active=False)

    open_months(at=datetime(2026, 12, 2, tzinfo=UTC))

    assert their_months(forno.agent) == [(NOVEMBER, 100)]
    assert their_months(forno.colleague) == [(NOVEMBER, 120), (DECEMBER, 120)]


def test_who_comes_back_in_the_same_month_finds_it_as_they_left_it(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"))
    change(forno.agent, is_active=False)
    open_months(at=NOW)

    back = change(forno.agent, is_active=True)
    open_months(at=LATER)

    assert months.open_month(back, at=LATER).left == Decimal("100.00")
    assert their_months(forno.agent) == [(NOVEMBER, 100)]
