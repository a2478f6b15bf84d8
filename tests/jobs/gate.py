"""A gate in PostgreSQL: whoever writes a certain row stops there until it is opened."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection

from employees.models import Employee
from tests.raw_sql import execute

_PATIENCE = 60  # seconds

_WAIT = """
CREATE FUNCTION wait_at_the_gate() RETURNS trigger AS $$ BEGIN
WHILE EXISTS (SELECT 1 FROM shut_gate) LOOP PERFORM pg_sleep(0.02); END LOOP; RETURN NEW;
END $$ LANGUAGE plpgsql
"""


class Gate:
    """Shut until `open`."""

    def open(self) -> None:
        """Let everyone through from now on."""
        execute("DELETE FROM shut_gate")

    def wait_for_someone(self) -> None:
        """Wait until somebody stands at it, in the middle of a transaction."""
        until = time.monotonic() + _PATIENCE
        while not self._waiting():
            assert time.monotonic() < until, "nobody came to the gate"
            time.sleep(0.02)

    def _waiting(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event = 'PgSleep'"
            )
            return int(cursor.fetchone()[0])


def gate_at(employee: Employee) -> AbstractContextManager[Gate]:
    """Stop whoever opens this employee's month, before the row is written."""
    return gate_before("budgets_budget", f"NEW.employee_id = {employee.pk}")


@contextmanager
def gate_before(table: str, row: str) -> Iterator[Gate]:
    """Stop whoever writes such a row into this table, before it is written."""
    execute("CREATE TABLE shut_gate AS SELECT 1 AS shut")
    execute(_WAIT)
    execute(
        f"CREATE TRIGGER gate BEFORE INSERT ON {table} FOR EACH ROW "
        f"WHEN ({row}) EXECUTE FUNCTION wait_at_the_gate()"
    )
    gate = Gate()
    try:
        yield gate
    finally:
        gate.open()
        execute(f"DROP TRIGGER gate ON {table}")
        execute("DROP FUNCTION wait_at_the_gate")
        execute("DROP TABLE shut_gate")
