"""How many queries an export makes, each named, however many rows there are.

The rows are read over a connection of the export's own, which the usual capture does not see:
`own_queries` has each such connection note its queries, and reads them when it is closed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from reports.exports import pull, text_files
from reports.exports.snapshot import one_moment
from reports.exports.tables import TABLES
from tests.putting_right import put_right, so_much
from tests.queries import assert_queries, name_of
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World
from tests.tokens import made

pytestmark = pytest.mark.django_db(transaction=True)
WHO = ["select knox_authtoken", "select employees_division"]
MACHINE = ["select machinetoken", "select employees_division"]
LOG = ["insert exportrun", "update exportrun"]


@pytest.fixture
def own_queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the queries that exports make over their own connections."""
    made: list[str] = []

    @contextmanager
    def noting() -> Iterator[BaseDatabaseWrapper]:
        with one_moment() as own:
            own.force_debug_cursor = True
            try:
                yield own
            finally:
                made.extend(name_of(query["sql"]) for query in own.queries_log)

    monkeypatch.setattr(pull, "one_moment", noting)
    return made


def pulled(pulls: Pulls, name: str, **asked: Any) -> None:
    assert pulls.content(name, **asked)


def of_a_text_file(name: str) -> list[str]:
    """The queries that read the few rows of a text file: on PostgreSQL, are there many?"""
    table = TABLES[name].rows().model._meta.db_table
    # What entitlements took is read from the ledger, and named first in the query.
    named = "budgets_ledgerentry" if name == "budgets" else table
    on_postgres = connection.vendor == "postgresql"
    return [f"select {table}", f"copy {named}"] if on_postgres else [f"select {named}"]


def of_another_file(name: str) -> list[str]:
    """The query that reads the rows of an Excel or Parquet file."""
    return [of_a_text_file(name)[-1].replace("copy ", "select ")]


@pytest.mark.parametrize("name", TABLES)
def test_all_that_is_there_is_one_query(
    world: World, finance: Pulls, own_queries: list[str], name: str
) -> None:
    for kind in ("csv", "jsonl", "xlsx", "parquet"):
        own_queries.clear()
        with assert_queries([*WHO, *LOG]):
            pulled(finance, name, format=kind)
        is_text = kind in ("csv", "jsonl")
        assert own_queries == (of_a_text_file(name) if is_text else of_another_file(name))


@pytest.mark.postgres
def test_of_many_the_first_go_out_apart(
    world: World, finance: Pulls, own_queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = finance.content("ledger")
    own_queries.clear()
    monkeypatch.setattr(text_files, "FIRST_ROWS", 2)
    assert finance.content("ledger") == whole
    assert own_queries == [*of_a_text_file("ledger"), "copy budgets_ledgerentry"]


def test_more_rows_take_no_more_queries(
    world: World, finance: Pulls, own_queries: list[str]
) -> None:
    pulled(finance, "ledger")
    before, rows = list(own_queries), len(finance.ids("ledger"))
    for _ in range(10):
        put_right(world.forno.lead, so_much("money-off", "1.00"))
    own_queries.clear()
    with assert_queries([*WHO, *LOG]):
        pulled(finance, "ledger")
    assert own_queries == before
    assert len(finance.ids("ledger")) >= rows + 10


@pytest.mark.parametrize("name", TABLES)
def test_what_is_new_asks_first_which_moment_it_is(
    world: World, finance: Pulls, own_queries: list[str], name: str
) -> None:
    """And by what the ledger is told from one that was set back: now, and at the cursor."""
    moment, trace = own_queries, "select budgets_ledgerentry"
    with assert_queries([*WHO, *LOG]):
        _, cursor = finance.since(name, "beginning")
    assert moment[1:] == [trace, *of_a_text_file(name)]
    moment.clear()
    with assert_queries([*WHO, *LOG]):
        finance.since(name, cursor)
    assert moment[1:] == [trace, trace, *of_a_text_file(name)]


def test_each_filter_by_code_or_name_looks_it_up_once(
    world: World, finance: Pulls, own_queries: list[str]
) -> None:
    asked = {
        "division": "select employees_division",
        "currency": "select employees_division",
        "team": "select employees_team",
        "tier": "select authoritytier",
        "cost_centre": "select employees_team",
        "remedy": "select remedy",
        "reason_code": "select reasoncode",
    }
    values = ("forno", "USD", "Brooklyn", "Driver", "4711", "money-off", "late")
    with assert_queries([*WHO, *asked.values(), *LOG]):
        pulled(finance, "ledger", **dict(zip(asked, values, strict=True)))
    assert own_queries == of_a_text_file("ledger")


def test_a_month_asks_which_zones_there_are(
    world: World, finance: Pulls, own_queries: list[str]
) -> None:
    with assert_queries([*WHO, "select employees_team", *LOG]):
        pulled(finance, "resolutions", month="2026-11")
    with assert_queries([*WHO, "select employees_team", *LOG]):
        pulled(finance, "resolutions", month_from="2026-10", month_to="2026-11")
    with assert_queries([*WHO, *LOG]):
        pulled(finance, "budgets", month="2026-11")


def test_a_machine_costs_as_much(
    world: World, head_office: dict[str, Any], own_queries: list[str]
) -> None:
    machine = Pulls(made(head_office["finance"])[1])
    with assert_queries([*MACHINE, *LOG]):
        pulled(machine, "ledger")


def test_the_list_of_exports_reads_no_rows(world: World, finance: Pulls) -> None:
    with assert_queries(WHO):
        assert finance.answer().status_code == 200
