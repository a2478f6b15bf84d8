"""The triggers stand after every migrate, are put back when they went, and are missed by name."""

import pytest
from django.core.management import call_command
from django.db import connection

from employees.triggers import missing, take_away
from tests.cast import Cast
from tests.raw_sql import check_now


def test_every_trigger_stands_after_migrate(db: None) -> None:
    assert missing(connection) == []


def test_triggers_that_went_are_named_and_the_next_migrate_puts_them_back(forno: Cast) -> None:
    check_now()
    take_away(connection)
    gone = missing(connection)
    assert {"budgets_ledgerentry_update", "nobody_resolves_their_own_case"} <= set(gone)

    call_command("migrate", verbosity=0, interactive=False)

    assert missing(connection) == []


@pytest.mark.postgres
def test_tables_of_an_older_version_have_no_triggers_that_name_what_is_gone(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    """SQLite changes no table inside a transaction, and looks at a trigger's columns only later."""
    call_command("migrate", "resolutions", "0005", verbosity=0, interactive=False)
    gone = missing(connection)
    assert {"budgets_ledgerentry_update", "a_gap_is_answered_once"} <= set(gone)
    assert "resolutions: no triggers; run migrate of the version that fits." in caplog.messages

    call_command("migrate", verbosity=0, interactive=False)
    assert missing(connection) == []


@pytest.mark.postgres
def test_a_deferred_trigger_stands_on_postgresql_only(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgdeferrable FROM pg_trigger WHERE tgname = %s",
            ["leeway_budget_agrees_with_its_entries"],
        )
        assert cursor.fetchall() == [(True,)]
