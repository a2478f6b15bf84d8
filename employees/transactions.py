"""Which transaction wrote a row: what tells new rows from those that were pulled before.

A row's number does not. Two transactions take the numbers 7 and 8, and 8 may be there to read long
before 7 is: whoever pulled up to 8 and goes on with `id > 8` never sees 7.

On PostgreSQL the row keeps the number of its transaction (64 bits, which never come again). A
snapshot knows the lowest number of those that are still writing, its `xmin`: whatever has a lower
number is settled, and nothing will be added to it. So a pull takes the rows from the last pull's
`xmin` up to its own, and misses and repeats none. On SQLite one transaction writes at a time: what
was written later has the higher number, and rows that change get the next one from a trigger.

A server begins to count anew: what a copy of the database brings from another server may have
numbers that are still to come. `migrate`, which follows, gives such rows the number of its own
transaction: they count as written then.
"""

import logging
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from employees.triggers import Trigger

log = logging.getLogger(__name__)


class CurrentTransaction(models.Func):
    """The number of the transaction that writes; 0 on SQLite."""

    output_field = models.BigIntegerField()

    def as_sql(  # type: ignore[override]  # nothing goes into it
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str, ...]]:
        """Ask the database for it."""
        on_postgres = connection.vendor == "postgresql"
        return ("pg_current_xact_id()::text::bigint" if on_postgres else "0"), ()


class TransactionField(models.BigIntegerField):  # type: ignore[type-arg]
    """Which transaction wrote the row; the database fills it in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"db_default": CurrentTransaction(), "editable": False, **kwargs})


def renewed_by_changes(table: str, *, counted_with: str = "") -> list[Trigger]:
    """Have each change of a row, and on SQLite each new one, say which transaction it was.

    Where rows may be deleted, their numbers must not come again: on SQLite they are `counted_with`
    those of a table whose row changes, in the same transaction, whenever one here is deleted.
    """
    tables = [table, counted_with or table]
    last = ", ".join(
        f"COALESCE((SELECT MAX(transaction_id) FROM {each}), 0)"  # noqa: S608
        for each in tables
    )
    next_number = f"MAX({last}) + 1"
    on_sqlite = f"UPDATE {table} SET transaction_id = {next_number} WHERE id = NEW.id"  # noqa: S608
    return [
        Trigger(
            f"{table}_says_who_wrote_it",
            table,
            "BEFORE UPDATE",
            do="NEW.transaction_id := pg_current_xact_id()::text::bigint",
            only_on="postgresql",
        ),
        Trigger(
            f"{table}_is_numbered_when_new", table, "AFTER INSERT", do=on_sqlite, only_on="sqlite"
        ),
        Trigger(
            f"{table}_is_numbered_again",
            table,
            "AFTER UPDATE",
            do=on_sqlite,
            concerns="NEW.transaction_id = OLD.transaction_id",
            only_on="sqlite",
        ),
    ]


def count_as_written_now(sender: AppConfig, using: str, **_: Any) -> None:
    """Give rows whose numbers are still to come on this server the number of this transaction.

    Past the triggers, which keep rows as they were written: the table is written anew.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    for table in sorted(_numbered()):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() "
                "AND table_name = %s AND column_name = 'transaction_id'",
                [table],
            )
            if cursor.fetchone() is None:  # the tables are those of an older version
                continue
            cursor.execute(
                "SELECT MAX(transaction_id) >= "  # noqa: S608
                f"pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM {table}"
            )
            if cursor.fetchone()[0]:
                log.warning("%s came from another server: its rows count as written now.", table)
                cursor.execute(
                    f"ALTER TABLE {table} ALTER COLUMN transaction_id TYPE bigint "
                    "USING pg_current_xact_id()::text::bigint"
                )


def _numbered() -> set[str]:
    """The tables whose rows say which transaction wrote them."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if any(isinstance(field, TransactionField) for field in model._meta.fields)
    }
