"""Promises about queries: how many a page or call makes, each by its name, and by which index."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_TABLE = re.compile(r'\b(?:from|into|update)\s+"?(\w+)', re.IGNORECASE)
# Where a transaction begins and ends differs from database to database.
_TRANSACTION = ("begin", "commit", "rollback", "savepoint", "release")


@contextmanager
def assert_queries(expected: Sequence[str]) -> Iterator[None]:
    """Fail unless exactly these queries are made, in this order.

    Each is named by words that its verb and first table hold: "session", "insert case",
    "update budgets_budget".
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    made = [name_of(query["sql"]) for query in captured.captured_queries]
    made = [name for name in made if name]
    fits = len(made) == len(expected) and all(
        all(word in name for word in words.lower().split())
        for words, name in zip(expected, made, strict=True)
    )
    assert fits, _difference(expected, made, captured.captured_queries)


def name_of(sql: str) -> str:
    """The query's verb and first table, such as "select employees_employee"; "" for none."""
    verb = sql.lstrip(" (").partition(" ")[0].rstrip(";").lower()
    if verb in _TRANSACTION:
        return ""
    table = _TABLE.search(sql)
    return f"{verb} {table[1] if table else '?'}".lower()


def plan_of(sql: str) -> str:
    """How the database goes about a query; PostgreSQL is told that the table is large."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            return "\n".join(str(row[3]) for row in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(str(row[0]) for row in cursor.fetchall())


def _difference(
    expected: Sequence[str], made: Sequence[str], queries: Sequence[dict[str, str]]
) -> str:
    listed = "\n".join(f"  {i:>2}. {name}" for i, name in enumerate(made, 1))
    hoped = "\n".join(f"  {i:>2}. {name}" for i, name in enumerate(expected, 1))
    texts = "\n".join(query["sql"][:300] for query in queries)
    return f"made {len(made)}:\n{listed}\nexpected {len(expected)}:\n{hoped}\n\n{texts}"
