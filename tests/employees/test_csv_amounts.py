"""Amounts in CSV files: in the currency's own places, and read as on the case form."""

from decimal import Decimal
from typing import Any

import pytest

from employees.models import AuthorityTier, Division, Employee
from policies.models import Remedy
from tests.admin.desk import Desk, problems
from tests.cast import Cast
from tests.employees.test_admin_csv import everything, rows_of

pytestmark = pytest.mark.once


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


CURRENCIES = pytest.mark.parametrize(
    ("currency", "amount", "text"),
    [
        ("USD", "25", "25.00"),
        ("USD", "100000", "100000.00"),
        ("JPY", "2500", "2500"),
        ("KWD", "1.25", "1.250"),
    ],
)


@CURRENCIES
def test_an_amount_goes_out_with_its_currencys_places_and_comes_back_as_it_was(
    desk: Desk, forno: Cast, currency: str, amount: str, text: str
) -> None:
    whole = Decimal(amount)
    Division.objects.filter(pk=forno.division.pk).update(currency=currency)
    AuthorityTier.objects.update(limit_per_case=whole, monthly_budget=whole)
    Employee.objects.filter(pk=forno.agent.pk).update(personal_limit=whole)
    Remedy.objects.filter(code="free-pizza").update(cost_per_unit=whole, face_value_per_unit=whole)
    before = everything()
    for model, asked, column in (
        (AuthorityTier, "Driver", "limit_per_case"),
        (AuthorityTier, "Driver", "monthly_budget"),
        (Employee, "driver1", "personal_limit"),
        (Remedy, "free-pizza", "cost_per_unit"),
    ):
        taken_out = desk.take_out(model, q=asked)
        assert [row[column] for row in rows_of(taken_out)] == [text]
        looked_at = desk.bring_in(model, taken_out)
        assert b"There is nothing to import." in looked_at.content
        desk.confirm(model, looked_at)
    assert everything() == before


@CURRENCIES
def test_a_preview_shows_it_with_the_same_places(
    desk: Desk, forno: Cast, currency: str, amount: str, text: str
) -> None:
    Division.objects.filter(pk=forno.division.pk).update(currency=currency)
    answer = desk.bring_in(
        AuthorityTier,
        "name,limit_per_case,monthly_budget,rationale\n"
        f"New,{amount},{amount},They have been here for long.\n",
    )
    cells = answer.context["result"].rows[0].diff
    assert [text in cell for cell in cells].count(True) == 2
    assert f"{text}0" not in "".join(cells)


def test_an_empty_amount_stays_empty(desk: Desk) -> None:
    rows = rows_of(desk.take_out(Employee, q="driver2"))
    assert (rows[0]["personal_limit"], rows[0]["personal_budget"]) == ("", "")


def test_somebody_of_no_division_goes_out_too(head_office: dict[str, Employee]) -> None:
    Employee.objects.filter(pk=head_office["admin"].pk).update(personal_limit=Decimal(5))
    rows = rows_of(Desk(head_office["admin"]).take_out(Employee, q="admin"))
    assert [row["personal_limit"] for row in rows] == ["5.00"]


@pytest.mark.parametrize(
    "typed",
    ["1e3", "1E3", "NaN", "Infinity", "0x10", "1_000", "٥", '"23,50"', '"1.250,00"', "5 5", "abc"],
)
@pytest.mark.parametrize(
    ("model", "header", "column"),
    [
        (Employee, "username,personal_budget\nforno.driver1", "personal_budget"),
        (AuthorityTier, "name,limit_per_case\nDriver", "limit_per_case"),
        (Remedy, "code,cost_per_unit\nfree-pizza", "cost_per_unit"),
    ],
)
def test_what_is_no_plain_amount_is_refused(
    desk: Desk, model: type[Any], header: str, column: str, typed: str
) -> None:
    before = everything()
    answer = desk.bring_in(model, f"{header},{typed}\n", reason="because")
    [(line, where, words)] = problems(answer)
    assert (line, where) == (2, column)
    assert words.startswith("Write ")
    assert everything() == before


@pytest.mark.parametrize("amount", ["10000000000", "9" * 40, "-" + "9" * 39])
def test_an_amount_that_no_column_holds_is_refused(desk: Desk, amount: str) -> None:
    answer = desk.bring_in(AuthorityTier, f"name,limit_per_case\nDriver,{amount}\n", reason="x")
    assert problems(answer) == [
        (2, "limit_per_case", "Write an amount of money below 10,000,000,000.")
    ]


@pytest.mark.parametrize("typed", ["1250", "1250.00", '"1,250.00"', "$1250", " 1250.0 "])
def test_what_has_one_meaning_is_taken(desk: Desk, forno: Cast, typed: str) -> None:
    text = f"username,personal_limit\nforno.driver1,{typed}\n"
    desk.confirm(Employee, desk.bring_in(Employee, text, reason="because"))
    forno.agent.refresh_from_db()
    assert forno.agent.personal_limit == Decimal("1250.00")


def test_without_a_division_there_is_no_currency_to_write(
    head_office: dict[str, Employee],
) -> None:
    answer = Desk(head_office["admin"]).bring_in(
        Employee, "username,role,personal_limit\nnew,finance,$5\n"
    )
    assert problems(answer) == [(2, "personal_limit", "Write a number, such as 25.00.")]
