"""One moment of the database, read only, for as long as it takes.

An export has a connection of its own: what is logged at the end is written on the request's. When
whoever pulls goes away, it is closed, and the database stops at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def one_moment() -> Iterator[BaseDatabaseWrapper]:
    """A new connection, in a transaction that sees one moment of the database."""
    own = connection.copy()
    own.inc_thread_sharing()  # a web server may go on with an answer in another thread
    # A pooler keeps a transaction on one connection: a cursor of the server's works in here.
    own.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False
    try:
        own.ensure_connection()
        if own.vendor == "postgresql":
            _see_one_moment_on_postgres(own)
        else:
            with own.cursor() as cursor:
                cursor.execute("PRAGMA query_only = ON")
                cursor.execute("BEGIN DEFERRED")
        yield own
    finally:
        own.close()


@contextmanager
def in_one_moment() -> Iterator[None]:
    """The request's own queries see one moment; within a transaction, what that one sees.

    On SQLite without Django's `atomic`, which would have agents wait: it takes the turn to write.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def _see_one_moment_on_postgres(own: BaseDatabaseWrapper) -> None:
    from psycopg import IsolationLevel  # not there for those who run on SQLite alone

    own.connection.isolation_level = IsolationLevel.REPEATABLE_READ
    own.connection.read_only = True
    own.set_autocommit(False)
    with own.cursor() as cursor:
        # An export is one pass over its rows: compiling it takes longer than it saves.
        cursor.execute("SET LOCAL jit = off")
