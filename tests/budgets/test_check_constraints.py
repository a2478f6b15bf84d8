"""`check_ledger` misses each constraint that is gone, and finds the rows that break it."""

from datetime import date
from typing import Any

import pytest

from budgets import months
from budgets.check import Problem, problems
from budgets.check.constraints import MODELS, RULES
from budgets.models import Budget
from tests.budgets.wrong import NOW, change, drop, found, month_of, spend, top_up
from tests.cast import Cast

ALL = [
    (constraint.name, model._meta.db_table)
    for model in MODELS
    for constraint in model._meta.constraints
]


@pytest.fixture
def month(forno: Cast) -> Budget:
    """A driver's month of 120.00."""
    return month_of(forno)


@pytest.fixture
def row(month: Budget) -> str:
    return f"budget {month.pk} of forno.driver1, November 2026"


@pytest.mark.parametrize(("constraint", "table"), ALL)
def test_a_constraint_that_is_gone_is_missed(month: Budget, constraint: str, table: str) -> None:
    drop(constraint, table)
    what = f"It is missing from {table}: put it back."
    assert list(problems()) == [
        Problem(f"constraint {constraint}", "The database keeps this rule.", what)
    ]


def test_every_constraint_has_its_sentence() -> None:
    assert set(RULES) == {name for name, _ in ALL}


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("budget_never_overspent", {"spent": "120.01"}),
        ("budget_amounts_not_negative", {"grace": "-0.01"}),
        ("base_is_a_part_of_a_months_allotted", {"base": "120.01"}),
        ("budget_columns_fit_its_kind", {"month": None}),
        ("budget_columns_fit_its_kind", {"employee_id": None}),
    ],
    ids=str,
)
def test_a_budget_that_breaks_a_constraint_is_found(
    month: Budget, constraint: str, columns: dict[str, Any]
) -> None:
    change(month, constraint, **columns)
    rules = [rule for row, rule in found() if row.startswith(f"budget {month.pk} of ")]
    assert RULES[constraint] in rules


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("entry_sign_fits_its_kind", {"amount": "5.00"}),
        ("entry_sign_fits_its_kind", {"kind": "gift"}),
        ("entry_concerns_what_its_kind_does", {"kind": "lent"}),
        ("top_up_and_give_back_say_why", {"kind": "top-up", "note": " \n"}),
        ("somebody_tops_up_lends_and_gives_back", {"kind": "lent", "actor_id": None}),
    ],
    ids=str,
)
def test_an_entry_that_breaks_a_constraint_is_found(
    month: Budget, row: str, constraint: str, columns: dict[str, Any]
) -> None:
    entry = spend(month, "5.00")
    both = ["entry_sign_fits_its_kind", "entry_concerns_what_its_kind_does"]
    change(entry, *{*both, constraint}, **columns)
    assert (f"entry {entry.pk} in {row}", RULES[constraint]) in found()


def test_a_month_that_was_opened_twice_is_found_though_the_key_is_gone(
    month: Budget, forno: Cast
) -> None:
    drop("month_opened_once", "budgets_budget")
    again = months.fresh_month(forno.agent, at=NOW)
    months._open(again)

    theirs = f"budget {again.pk} of forno.driver1, November 2026"
    assert found() == [(theirs, "A month is opened once per employee.")]


def test_entitlements_that_were_opened_twice_are_found_though_the_key_is_gone(
    forno: Cast,
) -> None:
    columns: dict[str, Any] = {
        "kind": "entitlements",
        "division": forno.division,
        "month": date(2026, 11, 1),
    }
    Budget.objects.create(**columns)
    drop("entitlements_once_a_month", "budgets_budget")
    again = Budget.objects.create(**columns)

    theirs = f"budget {again.pk} of Forno, November 2026"
    assert found() == [(theirs, "A division has its entitlements once a month.")]


def test_a_request_that_topped_up_twice_is_found_though_the_key_is_gone(
    month: Budget, row: str, forno: Cast
) -> None:
    first, second = top_up(month, "5.00", forno), top_up(month, "5.00", forno)
    drop("topped_up_once_a_request", "budgets_ledgerentry")
    change(second, request_id=first.request_id.hex)
    assert found() == [(f"entry {second.pk} in {row}", "A request tops up once.")]
