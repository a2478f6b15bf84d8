"""Only what is new: the cursor from one pull to the next.

A pull reads one moment of the database (`snapshot.py`). On PostgreSQL it takes the rows whose
transaction is neither before the last pull's mark nor at or after its own, which is the snapshot's
`xmin`: the lowest transaction that may still be writing. All below it have ended, so that nothing
can be added there, however long someone else's transaction goes on; and what is at or above it
comes with a later pull, once. By `id >` alone, a row whose transaction began earlier and ended
later would be passed over for good. A transaction that is left open for hours holds new rows back
until it ends: they are late then, and none is lost. `employees/transactions.py` tells more.

A cursor says up to which mark its holder has everything. It is signed, and is good for the same
export, filters, divisions and database alone: with others, rows before the mark would be missed. So
they would in a database that was set back to an earlier copy: it takes the same numbers again, and
soon its marks are beyond the cursor's. The cursor holds a trace of the ledger, by which one tells.
Its numbers are covered: they would tell its holder how much is written in other divisions.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from django.core import signing
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.crypto import salted_hmac

from budgets.models import LedgerEntry
from employees.models import Division
from reports.errors import CursorRefused, DatabaseRestored
from reports.exports.table import Table

BEGINNING = "beginning"
LASTS = timedelta(days=400)  # whoever has not pulled for longer than a year begins again
_SALT = "reports.exports.cursor"
_LEDGER = LedgerEntry._meta.db_table


@dataclass(frozen=True, slots=True)
class Moment:
    """What a connection sees: of which database, and the mark below which all is settled.

    `newest` is the last entry of the ledger, if there is any, and `trace` is what tells it.
    """

    database: str
    mark: int
    newest: int | None = None
    trace: str = ""


def moment_of(own: BaseDatabaseWrapper, table: Table) -> Moment:
    """The moment that a connection sees. Raises DatabaseRestored."""
    highest = f"(SELECT MAX({table.marks.column(own)}) FROM {table.marks.model._meta.db_table})"
    newest = f"(SELECT MAX(id) FROM {_LEDGER})"
    with own.cursor() as cursor:
        if own.vendor != "postgresql":
            cursor.execute(f"SELECT 'sqlite', COALESCE({highest}, 0) + 1, false, {newest}")
        else:
            cursor.execute(
                "SELECT system_identifier, pg_snapshot_xmin(now)::text::bigint, "
                f"COALESCE({highest} >= pg_snapshot_xmax(now)::text::bigint, false), {newest} "
                "FROM pg_current_snapshot() now, pg_control_system()"
            )
        database, mark, is_from_elsewhere, entry = cursor.fetchone()
    if is_from_elsewhere:
        raise DatabaseRestored
    return Moment(str(database), mark, entry, _trace(own, mark, entry))


def cursor_at(moment: Moment, good_for: str) -> str:
    """The cursor that says: everything below this moment's mark has arrived."""
    once = token_urlsafe(9)
    numbers = _covered([moment.mark, moment.newest or 0], once)
    return signing.dumps([numbers, once, good_for, moment.trace], salt=_SALT)


def read_cursor(text: str, own: BaseDatabaseWrapper, moment: Moment, good_for: str) -> int:
    """The mark from which on everything is new; 0 for the beginning. Raises CursorRefused."""
    if text == BEGINNING:
        return 0
    try:
        numbers, once, was_for, trace = signing.loads(text, salt=_SALT, max_age=LASTS)
        mark, newest = _covered(numbers, once)
    except signing.SignatureExpired:
        raise CursorRefused(f"It is older than {LASTS.days} days.") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise CursorRefused("It is none of ours, or not whole.") from None
    if was_for != good_for:
        raise CursorRefused(
            "It was given for another export, other filters, other divisions or another database."
        )
    if mark > moment.mark or trace != _trace(own, mark, newest or None):
        raise CursorRefused("It is from a later state of the database, which was restored since.")
    return int(mark)


def _covered(numbers: Sequence[int], once: str) -> list[int]:
    """Cover numbers by bits that nobody else can tell, others for each cursor; or uncover them."""
    bits = salted_hmac(_SALT, once, algorithm="sha256").digest()
    return [
        number ^ int.from_bytes(bits[8 * place : 8 * place + 8], "big")
        for place, number in enumerate(numbers)
    ]


def what_it_is_for(
    moment: Moment, table: Table, asked: Mapping[str, str], divisions: Sequence[Division]
) -> str:
    """What a cursor is bound to, in few characters."""
    numbers = [division.pk for division in divisions]
    return _short([moment.database, table.name, sorted(asked.items()), numbers])


def _trace(own: BaseDatabaseWrapper, mark: int, newest: int | None) -> str:
    """What the ledger has at these numbers, in few characters; of an empty one, nothing.

    As no entry ever changes, it stays as it is, unless the database was set back: then the newest
    entry of that time is another or none, or on PostgreSQL a later one came in below the mark.
    """
    if newest is None:
        return ""
    on_postgres = own.vendor == "postgresql"
    last = f"(SELECT MAX(transaction_id) FROM {_LEDGER} WHERE transaction_id < %(mark)s)"
    named = f"(SELECT CAST(request_id AS text) FROM {_LEDGER} WHERE id = %(newest)s)"
    with own.cursor() as cursor:
        cursor.execute(
            f"SELECT {named}, {last if on_postgres else 'NULL'}", {"mark": mark, "newest": newest}
        )
        return _short(list(cursor.fetchone()))


def _short(told: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]
