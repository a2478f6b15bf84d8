"""The first use of a month opens it: whole, once, and with what is true then."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Event

import pytest
from django.db import OperationalError, transaction

from budgets import months
from budgets.errors import BudgetsError
from budgets.models import Budget, BudgetKind, EntryKind
from budgets.open_many import open_months
from employees.models import AuthorityTier, Employee
from tests.cast import Cast
from tests.putting_right import put_right, so_much
from tests.races.together import together

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_the_first_use_of_a_month_opens_it_with_what_the_tier_gives(scm: Cast) -> None:
    budget = months.open_month(scm.agent, at=NOW)

    budget.refresh_from_db()
    assert (budget.kind, budget.employee, budget.division) == (
        BudgetKind.MONTH,
        scm.agent,
        scm.division,
    )
    assert (budget.base, budget.allotted, budget.spent, budget.grace) == (
        Decimal("200.00"),
        Decimal("200.00"),
        Decimal(0),
        Decimal("50.00"),
    )
    (entry,) = budget.entries.all()
    assert (entry.kind, entry.amount, entry.balance_after) == (
        EntryKind.ALLOTMENT,
        Decimal("200.00"),
        Decimal("200.00"),
    )
    assert entry.actor is None  # it opened by itself
    assert entry.note == "November 2026"


def test_a_personal_budget_stands_instead_of_the_tiers(scm: Cast) -> None:
    scm.agent.personal_budget = Decimal("90.00")

    budget = months.open_month(scm.agent, at=NOW)

    assert (budget.allotted, budget.grace) == (Decimal("90.00"), Decimal("22.50"))


def test_looking_at_a_month_does_not_open_it(forno: Cast) -> None:
    seen = months.month_as_it_stands(forno.agent, at=NOW)

    assert seen.left == Decimal("120.00")
    assert not Budget.objects.exists()


def test_someone_of_no_division_has_no_budget(head_office: dict[str, Employee]) -> None:
    with pytest.raises(BudgetsError, match="no division"):
        months.open_month(head_office["finance"], at=NOW)
    assert not Budget.objects.exists()


def test_nothing_rolls_over(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"), at=datetime(2026, 10, 20, tzinfo=UTC))

    november = months.open_month(forno.agent, at=NOW)

    assert november.left == Decimal("120.00")
    october = Budget.objects.get(month=date(2026, 10, 1))
    assert october.left == Decimal("100.00")


def test_opening_a_month_again_touches_nothing(scm: Cast) -> None:
    opened = months.open_month(scm.agent, at=NOW)
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="billing-dispute")
    AuthorityTier.objects.filter(pk=scm.tiers["Rep"].pk).update(monthly_budget=Decimal("500.00"))

    reopened = months.open_month(Employee.objects.with_authority().get(pk=scm.agent.pk), at=LATER)
    open_months(at=LATER)

    assert reopened.pk == opened.pk
    assert (reopened.allotted, reopened.spent) == (Decimal("200.00"), Decimal("35.00"))
    assert reopened.entries.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_first_uses_at_once_the_second_holds_what_the_first_opened(forno: Cast) -> None:
    is_opened, is_held, is_seen = Event(), Event(), Event()

    def first() -> None:
        with transaction.atomic():
            months.open_month(forno.agent, at=NOW)
            is_opened.set()
            time.sleep(0.3)  # the second stands before the unique key

    def second() -> Budget:
        assert is_opened.wait(30)
        with transaction.atomic():
            budget = months.open_month(forno.agent, at=NOW, lock=True)
            is_held.set()
            assert is_seen.wait(30)
        return budget

    def third() -> None:
        assert is_held.wait(30)
        try:
            with transaction.atomic():
                Budget.objects.select_for_update(nowait=True, of=("self",)).get()
        finally:
            is_seen.set()

    nothing, budget, refused = together([first, second, third])

    assert (nothing, budget) == (None, Budget.objects.get())
    assert isinstance(refused, OperationalError)
