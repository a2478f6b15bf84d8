"""Customers leave by reference only: nothing that people wrote freely is in a default export."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from employees.models import Employee
from employees.triggers import take_away
from reports.exports.tables import TABLES
from tests.raw_sql import execute
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ("employees", "policies", "budgets", "resolutions")
# What may leave: codes, names of things, and the references that a division knows things by.
MAY_LEAVE = {
    "employees_division": {"code", "name", "currency", "case_prefix", "budget_account"},
    "employees_team": {"name", "time_zone", "cost_centre"},
    "employees_authoritytier": {"name"},
    "employees_employee": {"username", "password"},
    "policies_reasoncode": {"code"},
    "policies_remedy": {"code", "unit", "gl_account"},
    "policies_policy": {"title"},
    "budgets_budget": {"name"},
    "resolutions_customer": {"reference", "segment"},
    "resolutions_case": {"order_reference", "external_reference"},
    "resolutions_authoritygap": {"bound"},  # the kind of it
}
Place = tuple[str, str]


def free_text() -> Iterator[tuple[type[models.Model], Any]]:
    """Every field that holds what people wrote, but for those that may leave; facts, too."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField)
                closed = field.choices or field.name in MAY_LEAVE.get(model._meta.db_table, ())
                if is_text and not closed:
                    yield model, field


@pytest.fixture
def canaries(world: World) -> dict[str, Place]:
    """A word for every such field, put into it in all rows, past every guard."""
    take_away(connection)
    # Only what was sent went to an address, and only what was looked at has a note.
    execute("UPDATE resolutions_followup SET sent_at = due_at, not_asked = ''")
    execute(
        "UPDATE resolutions_review SET outcome = 'with-a-note', note = 'Well done', "
        "reviewed_by_id = employee_id, reviewed_at = at"
    )
    put = {}
    for number, (model, field) in enumerate(free_text()):
        table, column = model._meta.db_table, field.column
        word = f"kanari{number}x"
        execute(f'UPDATE {table} SET "{column}" = %s', word[: field.max_length])
        put[word] = (table, column)
    for table, column in (("resolutions_case", "facts"), ("resolutions_authoritygap", "decision")):
        execute(f"UPDATE {table} SET {column} = %s", '{"kanarifact": "kanarifact"}')
        put["kanarifact"] = (table, column)
    return put


def found(canaries: dict[str, Place], content: bytes) -> list[Place]:
    return [place for word, place in canaries.items() if word.encode() in content]


def test_no_default_export_holds_any_of_it(canaries: dict[str, Place], world: World) -> None:
    wide = {
        ("resolutions_customer", "name"),
        ("resolutions_customer", "email"),
        ("resolutions_case", "note"),
        ("resolutions_conclusion", "words"),
        ("resolutions_gapanswer", "words"),
        ("budgets_ledgerentry", "note"),
        ("employees_employee", "last_name"),
    }
    assert wide <= set(canaries.values())
    manager = Pulls(world.forno.manager)  # who may read own words, and has not asked for them
    for name in TABLES:
        for kind in ("csv", "jsonl"):
            content = manager.content(name, format=kind)
            assert content.count(b"\n") > 1
            assert found(canaries, content) == [], name


def test_whoever_may_and_asks_gets_just_the_words_asked_for(
    canaries: dict[str, Place], world: World
) -> None:
    """Which also shows that the search would notice."""
    manager = Pulls(world.forno.manager)
    for name, columns, places in (
        ("cases", "id,note", {("resolutions_case", "note")}),
        ("ledger", "note", {("budgets_ledgerentry", "note")}),
        ("gaps", "words", {("resolutions_authoritygap", "words")}),
        (
            "resolutions",
            "description,note",
            {("resolutions_resolution", "description"), ("resolutions_case", "note")},
        ),
    ):
        assert set(found(canaries, manager.content(name, columns=columns))) == places


def test_no_column_at_all_tells_a_customers_name_or_address(
    canaries: dict[str, Place], world: World, head_office: dict[str, Employee]
) -> None:
    manager = Pulls(world.forno.manager)
    own = {"note", "words", "description", "outcome_note", "handed_over_to"}
    for name, table in TABLES.items():
        content = manager.content(name, columns=",".join(table.column))
        assert {column for _, column in found(canaries, content)} <= own
        finances = Pulls(head_office["finance"]).content(name)
        assert found(canaries, finances) == []
