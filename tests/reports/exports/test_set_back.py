"""A database that was set back to an earlier copy: cursors from after the copy are good no more.

It takes the same numbers again. Whoever pulls at night and not at once would see nothing odd: by
then its marks are beyond the cursor's, and what was written since the copy is below it.
"""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from budgets.models import LedgerEntry
from employees.models import Employee
from tests.api.client import Api, assert_problem
from tests.cast import Cast
from tests.putting_right import put_right, so_much
from tests.raw_sql import execute, guards_down

pytestmark = pytest.mark.django_db(transaction=True)  # an export has a connection of its own

TABLES = ("ledger", "cases", "budgets")


@pytest.fixture
def finance(head_office: dict[str, Employee], forno: Cast) -> Api:
    """Finance of the group, after two remedies were given."""
    for _ in range(2):
        put_right(forno.agent, so_much("money-off", "1.00"))
    return Api(head_office["finance"])


def pull(finance: Api, name: str, after: str) -> Any:
    return finance.get(f"exports/{name}/", format="jsonl", columns="id", after=after)


def next_cursor(answer: Any) -> str:
    """The cursor to go on from, with all before it read."""
    assert answer.status_code == 200, answer.content
    return str(json.loads(b"".join(answer.streaming_content).splitlines()[-1])["end"]["next"])


def refused(finance: Api, name: str, after: str) -> bool:
    answer = pull(finance, name, after)
    if answer.streaming:
        next_cursor(answer)  # read on: an open one would keep the tables from being emptied
        return False
    told = assert_problem(answer, 400, "invalid")
    return "which was restored since" in told["errors"]["after"][0]


@pytest.mark.parametrize("name", TABLES)
def test_another_entry_has_the_number_of_the_last_one(finance: Api, forno: Cast, name: str) -> None:
    cursor = next_cursor(pull(finance, name, "beginning"))
    last = LedgerEntry.objects.latest("pk")
    with guards_down("budgets_ledgerentry"):
        execute("UPDATE budgets_ledgerentry SET request_id = %s WHERE id = %s", told(), last.pk)
    put_right(forno.agent, so_much("money-off", "1.00"))
    assert refused(finance, name, cursor)
    next_cursor(pull(finance, name, "beginning"))


@pytest.mark.postgres
@pytest.mark.parametrize("name", TABLES)
def test_a_later_transaction_has_a_number_below_the_mark(
    finance: Api, forno: Cast, name: str
) -> None:
    """Nothing was lost by the copy but numbers of transactions, and they come again."""
    with connection.cursor() as database:
        database.execute("SELECT pg_current_xact_id()::text::bigint")  # nobody wrote in it
        number = database.fetchone()[0]
    cursor = next_cursor(pull(finance, name, "beginning"))
    put_right(forno.agent, so_much("money-off", "1.00"))
    late = LedgerEntry.objects.latest("pk").pk
    with guards_down("budgets_ledgerentry"):
        execute("UPDATE budgets_ledgerentry SET transaction_id = %s WHERE id = %s", number, late)
    assert refused(finance, name, cursor)


@pytest.mark.parametrize("name", TABLES)
def test_where_nothing_was_set_back_it_goes_on(finance: Api, forno: Cast, name: str) -> None:
    cursor = next_cursor(pull(finance, name, "beginning"))
    for _ in range(3):
        put_right(forno.agent, so_much("money-off", "1.00"))
        cursor = next_cursor(pull(finance, name, cursor))


def test_from_an_empty_ledger_on_it_goes_on(head_office: dict[str, Employee], forno: Cast) -> None:
    finance = Api(head_office["finance"])
    cursor = next_cursor(pull(finance, "ledger", "beginning"))
    put_right(forno.agent, so_much("money-off", "1.00"))
    next_cursor(pull(finance, "ledger", cursor))


def told() -> str:
    """A new request's number, as it stands in a column of this database."""
    return str(uuid4()) if connection.vendor == "postgresql" else uuid4().hex
