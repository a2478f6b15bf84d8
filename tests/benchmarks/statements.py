"""The statements of one request, recorded and turned into a pgbench script.

So pgbench reads and writes the same, whatever the program does: the same statements in the same
order with the same transaction, prepared, as fast as PostgreSQL can. What differs from request to
request (agent, customer, request id, the numbers of new rows) becomes a variable; the rest stays
as recorded. One statement is changed: a token is found by its owner, as pgbench can't hash it.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Json, Jsonb

_INSERT = re.compile(r'INSERT INTO "(\w+)" \(([^)]*)\)')
_SPENDING = re.compile(r"UPDATE budgets_budget SET spent")
# Rows whose number a later statement of the request names.
_NAMED = {"resolutions_case", "resolutions_customer", "budgets_ledgerentry"}


@dataclass(frozen=True)
class Statement:
    """One statement with its values, and whether it was in the request's transaction."""

    sql: str
    values: Sequence[Any]
    in_transaction: bool


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Record every statement of the block."""
    statements: list[Statement] = []

    def record(
        execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:
        statements.append(Statement(sql, tuple(values or ()), connection.in_atomic_block))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(record):
        yield statements


def as_pgbench(statements: Sequence[Statement], names: Mapping[Any, str], setup: str) -> str:
    """The script: `setup` chooses the variables, `names` says which value is which variable."""
    lines, inserted, spendings, in_transaction = [setup], Counter[str](), 0, False
    for statement in statements:
        if statement.in_transaction != in_transaction:
            in_transaction = statement.in_transaction
            lines.append("BEGIN;" if in_transaction else "COMMIT;")
        sql, more_names = statement.sql, dict(names)
        insert = _INSERT.match(sql)
        table = insert[1] if insert else ""
        inserted[table] += 1
        values = list(statement.values)
        if insert and table == "budgets_ledgerentry":
            balance = [column.strip(' "') for column in insert[2].split(",")].index("balance_after")
            more_names[values[balance]] = (
                f"(:b{spendings}_allotted::numeric - :b{spendings}_spent::numeric)"
            )
        sql = sql.replace('"knox_authtoken"."digest" = ', '"knox_authtoken"."user_id" = ')
        line = _filled_in(sql, values, more_names)
        if _SPENDING.match(sql):
            spendings += 1
            lines.append(f"{line} \\gset b{spendings}_")
        elif table in _NAMED and " RETURNING " in sql:
            lines.append(f"{line} \\gset {table}{inserted[table]}_")
        else:
            lines.append(f"{line};")
    if in_transaction:
        lines.append("COMMIT;")
    return "\n".join(lines) + "\n"


def variable(table: str, number: int) -> str:
    """The variable that holds the id of the table's n-th new row."""
    return f":{table}{number}_id::bigint"


def _filled_in(sql: str, values: Sequence[Any], names: Mapping[Any, str]) -> str:
    parts = sql.split("%s")
    if len(parts) != len(values) + 1:
        raise ValueError(f"{len(values)} values for: {sql}")
    filled = [parts[0]]
    for value, part in zip(values, parts[1:], strict=True):
        filled += [_literal(value, names), part]
    return " ".join("".join(filled).replace("%%", "%").split("\n"))


def _literal(value: Any, names: Mapping[Any, str]) -> str:
    if isinstance(value, (Json, Jsonb)):
        return f"{_quoted(json.dumps(value.obj))}::jsonb"
    if isinstance(value, (list, tuple)):
        return f"ARRAY[{', '.join(_literal(one, names) for one in value)}]"
    if value in names and not isinstance(value, bool):
        return names[value]
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper()
        case int():
            return str(int(value))
        case UUID() | str():
            return _quoted(str(value))
    return _quoted(str(value))


def _quoted(text: str) -> str:
    # pgbench takes a colon before a letter for a variable, also in quotes.
    return (
        "U&'" + re.sub(r":(?=\w)", r"\\003a", text.replace("\\", "\\\\").replace("'", "''")) + "'"
    )
