"""Pulls of what is new, while agents put cases right: together they are the table, to the entry."""

import json
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import count, cycle, islice
from random import Random
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from budgets.models import LedgerEntry
from employees.models import Employee
from reports.exports import pull
from reports.exports.news import BEGINNING, Moment
from reports.exports.table import Marks
from resolutions.models import Resolution
from tests.api.client import Api
from tests.cast import Cast
from tests.putting_right import put_right, so_much
from tests.races.together import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WRITERS, PULLS = 20, 200
TABLES: dict[str, Any] = {"ledger": LedgerEntry, "resolutions": Resolution}


@pytest.fixture
def agents(forno: Cast) -> list[Employee]:
    """Twenty drivers, each with money for a busy day."""
    like = {"division": forno.division, "team": forno.agent.team, "tier": forno.agent.tier}
    return [
        Employee.objects.create(username=f"busy{n}", personal_budget=Decimal("5000.00"), **like)
        for n in range(WRITERS)
    ]


@pytest.fixture
def finance(head_office: dict[str, Employee], settings: Any) -> Api:
    """Finance of the group, who may ask as often as they like."""
    settings.API_RATES = {"requests": ""}
    return Api(head_office["finance"])


def test_what_was_pulled_bit_by_bit_is_the_table(agents: list[Employee], finance: Api) -> None:
    arrived = pulled_while_agents_work(agents, finance, *TABLES)

    for name, table in TABLES.items():
        there = table.objects.order_by("pk").values_list("pk", flat=True)
        assert len(there) > WRITERS * 5  # they did work meanwhile
        assert sorted(arrived[name]) == list(there)


def test_by_their_numbers_alone_some_would_be_passed_over(
    agents: list[Employee], finance: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real, and the test would notice it."""
    monkeypatch.setattr(Marks, "column", lambda *_: "id")
    monkeypatch.setattr(pull, "moment_of", by_the_last_number)

    arrived = pulled_while_agents_work(agents, finance, "ledger", until=one_was_passed_over)

    assert one_was_passed_over(arrived["ledger"])


def one_was_passed_over(arrived: list[int]) -> bool:
    before = LedgerEntry.objects.filter(pk__lt=max(arrived, default=0))
    return bool(set(before.values_list("pk", flat=True)) - set(arrived))


def by_the_last_number(own: Any, _table: Any) -> Moment:
    with own.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM budgets_ledgerentry")
        return Moment("here", cursor.fetchone()[0])


def pulled_while_agents_work(
    agents: list[Employee],
    finance: Api,
    *names: str,
    until: Callable[[list[int]], bool] = lambda _: False,
) -> dict[str, list[int]]:
    """The numbers of all rows, by table: of 200 pulls in turn, and last ones when all was quiet."""
    is_over, cursors = Event(), dict.fromkeys(names, BEGINNING)
    arrived: dict[str, list[int]] = {name: [] for name in names}

    def pull_one_more(name: str) -> None:
        rows, cursors[name] = pulled(finance, name, cursors[name])
        arrived[name] += rows

    def work(agent: Employee, seed: int) -> Callable[[], None]:
        luck = Random(seed)

        def until_it_is_over() -> None:
            for number in count():
                if is_over.is_set():
                    return
                # Some transactions take longer than others: so a later number is there first.
                with transaction.atomic():
                    put_right(agent, so_much("money-off", "0.50"), customer=f"{seed}-{number}")
                    time.sleep(luck.choice((0, 0, 0.01, 0.05)))
                time.sleep(0.5)  # the next customer; else twenty of them leave no time to read

        return until_it_is_over

    def pull_again_and_again() -> None:
        try:
            for name in islice(cycle(names), PULLS):
                pull_one_more(name)
                if until(arrived[name]):
                    break
        finally:
            is_over.set()

    outcomes = together(
        [pull_again_and_again, *(work(agent, seed) for seed, agent in enumerate(agents))]
    )
    assert [outcome for outcome in outcomes if outcome is not None] == []
    for name in names:
        pull_one_more(name)
    connection.close()
    return arrived


def pulled(finance: Api, name: str, cursor: str) -> tuple[list[int], str]:
    answer = finance.get(f"exports/{name}/", format="jsonl", columns="id", after=cursor)
    assert answer.status_code == 200, answer.content
    *rows, end = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert end["end"]["rows"] == len(rows)
    assert end["end"]["next"] == answer.headers["Leeway-Next"]
    return [row["id"] for row in rows], end["end"]["next"]
