"""Raw SQL around Django, for tests that show what the database refuses by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from employees.money import MoneyField
from employees.triggers import take_away


def execute(sql: str, *values: Any) -> None:
    """Run a statement as someone with a database shell would; Decimals are amounts of money."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [stored(v) if isinstance(v, Decimal) else v for v in values])


def stored(amount: Decimal) -> Any:
    """The amount as it stands in a column of this database."""
    return MoneyField().get_db_prep_value(amount, connection)


@contextmanager
def refused(match: str) -> Iterator[None]:
    """Expect the database to refuse, at once or when the transaction ends, for the named reason."""
    with pytest.raises(IntegrityError, match=match), transaction.atomic():  # noqa: PT012
        yield
        check_now()


def check_now() -> None:
    """Have PostgreSQL check what it would check at commit; SQLite puts nothing off that we use."""
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def guards_down(table: str, *constraints: str) -> Iterator[None]:
    """Take away every trigger, and named constraints of one table.

    They stay away until the test's transaction is rolled back, so that what was done meanwhile
    can be looked at.
    """
    check_now()
    take_away(connection)
    if connection.vendor == "sqlite":
        execute("PRAGMA ignore_check_constraints = ON")
    else:
        for name in constraints:
            execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            execute("PRAGMA ignore_check_constraints = OFF")


def empty_out(table: str) -> None:
    """Take every row of a table, and of those that refer to it, at once (PostgreSQL)."""
    check_now()  # what is still to be checked would be in its way
    execute(f"TRUNCATE {table} CASCADE")


def insert(table: str, **columns: Any) -> None:
    """Insert a row."""
    places = ", ".join(["%s"] * len(columns))
    execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", *columns.values())


def settle() -> None:
    """Do what follows the commit of many rows, where none comes.

    Whatever waits for a commit is checked now, and not once more after every test; PostgreSQL
    counts the rows, without which it joins thousands with thousands, one by one.
    """
    connection.check_constraints()
    if connection.vendor == "postgresql":
        execute("ANALYZE")
