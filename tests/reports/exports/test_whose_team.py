"""Whose team an entry is told with: as it is booked, and never another division's."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from budgets.models import LedgerEntry
from employees.models import Employee
from tests.api.client import Api
from tests.cast import Cast
from tests.closing import (
    closed,
    entry_of,
    finance_of,
    gave,
    lent,
    lines,
    noon,
    returned,
    with_codes,
)
from tests.putting_right import NOW

pytestmark = pytest.mark.django_db(transaction=True)  # an export has a connection of its own

# In Perth it is still October, at ten in the evening; in Sydney one in the morning of November.
LATE = datetime(2026, 10, 31, 14, tzinfo=UTC)


def pulled(person: Employee, name: str, **asked: str) -> list[dict[str, Any]]:
    """All rows of an export."""
    answer = Api(person).get(f"exports/{name}/", format="jsonl", **asked)
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def moved_away(person: Employee, to: Cast) -> None:
    """They work in another company of the group from now on."""
    person.division, person.team, person.tier = to.division, to.agent.team, to.agent.tier
    person.save(update_fields=["division", "team", "tier"])


@pytest.fixture
def moved(forno: Cast, scm: Cast) -> Employee:
    """A driver who lent 2.00 in October, and works for Southern Cross now."""
    with_codes(forno)
    with_codes(scm)
    receipt = gave(forno.agent, "5.00", noon(3))
    lent(forno.colleague, "2.00", entry_of(receipt), noon(3))
    moved_away(forno.colleague, to=scm)
    return forno.colleague


@pytest.mark.parametrize("name", ["ledger", "budgets"])
def test_a_team_of_another_division_is_told_to_nobody(
    forno: Cast, moved: Employee, name: str
) -> None:
    rows = pulled(finance_of(forno), name, columns="employee,team,cost_centre,tier")
    theirs = [row for row in rows if row["employee"] == moved.username]
    assert theirs
    assert {row["team"] for row in theirs} == {row["cost_centre"] for row in theirs} == {None}
    assert moved.tier is not None
    assert moved.tier.name not in {row["tier"] for row in rows}


def test_the_money_of_who_moved_away_is_in_the_month_still(forno: Cast, moved: Employee) -> None:
    finance = finance_of(forno)
    whole, october = (pulled(finance, "ledger", **asked) for asked in ({}, {"month": "2026-10"}))
    assert whole == october
    assert len(whole) == LedgerEntry.objects.count()


def test_no_division_books_on_the_cost_centre_of_another(forno: Cast, moved: Employee) -> None:
    assert lines(closed(forno, "2026-10")) == [
        ("spent", "6110", "", "money-off", Decimal("2.00")),
        ("spent", "6110", "F-110", "money-off", Decimal("5.00")),
    ]


def test_the_ledger_of_a_month_is_what_its_close_holds(scm: Cast) -> None:
    with_codes(scm)
    perth = scm.people["scm.rep3"]
    gave(perth, "7.00", LATE)
    receipt = gave(perth, "5.00", LATE)
    lent(scm.agent, "2.00", entry_of(receipt), LATE)
    returned(receipt, perth, LATE)
    close = closed(scm, "2026-10", at=NOW)

    finance = finance_of(scm)
    october = [row for row in pulled(finance, "ledger", month="2026-10") if costs(row)]
    assert october == pulled(finance, "ledger", closed_in="2026-10")
    for centre, net in (("S-1", Decimal(0)), ("S-2", Decimal("7.00"))):
        booked = [
            amount if kind == "spent" else -amount
            for kind, _, on, _, amount in lines(close)
            if on == centre
        ]
        told = [Decimal(row["amount"]) for row in october if row["cost_centre"] == centre]
        assert (sum(booked), -sum(told)) == (net, net)
        assert booked


def costs(row: dict[str, Any]) -> bool:
    """Whether it is of what costs money, or returns it."""
    return row["kind"] in ("spend", "lent", "give-back")
