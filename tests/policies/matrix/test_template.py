"""The template: it tells how to fill it in, and what it shows could be brought in as it is."""

import io
from typing import Any

import openpyxl
import pytest

from policies.matrix.columns import COLUMNS
from policies.models import Policy
from tests.admin.desk import Desk, address
from tests.cast import Cast
from tests.policies.matrix.sheets import bring_in, look_at, what_happens


def template(desk: Desk, kind: str) -> bytes:
    answer = desk.client.get(address(Policy, "template", kind))
    assert answer.status_code == 200
    assert f"template.{kind}" in answer["Content-Disposition"]
    return bytes(answer.content)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("company", ["forno", "orchard", "scm"])
def test_its_examples_are_rules_of_the_division(
    request: pytest.FixtureRequest, company: str, kind: str
) -> None:
    cast: Cast = request.getfixturevalue(company)
    desk = Desk(cast.manager)
    data = template(desk, kind)
    assert what_happens(look_at(desk, data)) == [(line, "new") for line in range(2, 6)]
    bring_in(desk, data)
    assert {r.division for r in Policy.objects.all()} == {cast.division}
    assert what_happens(look_at(desk, data)) == [(line, "same") for line in range(2, 6)]


def test_a_division_without_remedies_has_one_too(forno: Cast) -> None:
    forno.division.remedies.all().delete()
    desk = Desk(forno.manager)
    assert what_happens(look_at(desk, template(desk, "xlsx"))) == [
        (2, "new"),
        (3, "new"),
        (4, "new"),
    ]


@pytest.mark.once
def test_its_second_sheet_says_how_to_fill_in_every_column(forno: Cast, orchard: Cast) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(Desk(forno.manager), "xlsx")))
    assert book.sheetnames == ["Rules", "How to fill it in"]
    rows: list[Any] = list(book.worksheets[1].iter_rows(values_only=True))
    assert [row[0] for row in rows[1 : len(COLUMNS) + 1]] == [column.name for column in COLUMNS]
    assert all(row[1] and row[2] for row in rows[1 : len(COLUMNS) + 1])
    assert not any(str(cell).startswith("'") for row in rows for cell in row)
    named = {(row[0], row[1]) for row in rows[len(COLUMNS) + 1 :]}
    assert ("remedy: money-off", "Money off the bill") in named
    assert ("fact: minutes_late", "minutes late") in named
    assert ("fact: lifetime_value", "lifetime value of the customer") in named
    assert not any("keep-item" in str(name) for name, _ in named)


@pytest.mark.once
def test_there_is_no_other_kind_of_it(forno: Cast) -> None:
    assert Desk(forno.manager).client.get(address(Policy, "template", "pdf")).status_code == 404
