"""Empties the tables after a test with real transactions, in a tenth of the time of Django's flush.

Flush truncates every table and then does what follows a migrate: it makes all content types,
permissions, roles and triggers anew. Here only rows are deleted, and those stay that a migrate
makes. The triggers refuse such deletions, so they rest meanwhile.
"""

from functools import cache
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from employees.triggers import missing, take_away

# What a migrate writes; no test with real transactions changes it.
_MADE_BY_MIGRATE = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
}


def empty_the_tables(*_: Any) -> None:
    """Delete all rows but those of a migrate; in place of TransactionTestCase's own flush."""
    if missing(connection):  # the test took them away; what follows a migrate puts them back
        take_away(connection)
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
    elif connection.vendor == "postgresql":
        _empty_on_postgres()
    else:
        _empty_on_sqlite()


@cache
def _tables() -> tuple[str, ...]:
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return tuple(sorted(set(there) - _MADE_BY_MIGRATE))


def _empty_on_postgres() -> None:
    """Wait for what a server still writes, then delete; no trigger of ours runs meanwhile."""
    names = [f'"{name}"' for name in _tables()]
    statements = [
        "SET LOCAL session_replication_role = replica",
        f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE",
        *(f"DELETE FROM {name}" for name in names),
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(statements))


def _empty_on_sqlite() -> None:
    """SQLite can't switch a trigger off: they go and come back in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for name in _tables():
            cursor.execute(f'DELETE FROM "{name}"')
        for _name, sql in triggers:
            cursor.execute(sql)
