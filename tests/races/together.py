"""Real threads on real PostgreSQL, all let go at the same moment."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection

from tests.raw_sql import execute

PATIENCE = 60  # seconds until a thread that waits for the others gives up


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Carry all acts out at the same moment, each on a connection of its own.

    Returns what each returned or raised, in the order of the acts.
    """
    start = Barrier(len(acts))

    def carry_out(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return act()
        except Exception as raised:  # noqa: BLE001  (the test looks at every one)
            return raised
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(carry_out, acts))


def succeeded(outcomes: Sequence[Any]) -> list[Any]:
    """The outcomes that were returned and not raised."""
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def raised(outcomes: Sequence[Any]) -> list[Exception]:
    """The outcomes that were raised."""
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


@contextmanager
def without_constraint(table: str, name: str, definition: str) -> Iterator[None]:
    """Take a constraint or unique index away, to show that a race would be noticed without it.

    Afterwards the table and what refers to it are emptied, and `definition` puts it back.
    """
    is_index = definition.startswith("CREATE")
    execute(f"DROP INDEX {name}" if is_index else f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        yield
    finally:
        # As a replica would, past the triggers that refuse it.
        execute(
            f"SET session_replication_role = replica; TRUNCATE {table} CASCADE; "
            "RESET session_replication_role"
        )
        execute(
            definition if is_index else f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        )
