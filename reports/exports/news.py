"""Only what is new: the cursor from one pull to the next.

A pull reads one moment of the database (`snapshot.py`). On PostgreSQL it takes the rows whose
transaction is neither before the last pull's mark nor at or after its own, which is the snapshot's
`xmin`: the lowest transaction that may still be writing. All below it have ended, so that nothing
can be added there, however long someone else's transaction goes on; and what is at or above it
comes with a later pull, once. By `id >` alone, a row whose transaction began earlier and ended
later would be passed over for good. A transaction that is left open for hours holds new rows back
until it ends: they are late then, and none is lost. `employees/transactions.py` tells more.

A cursor says up to which mark its holder has everything. It is signed, and is good for the same
export, filters, divisions and database alone: with others, rows before the mark would be missed.
The mark is covered: it would tell how much is written in divisions that its holder does not see.
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

from employees.models import Division
from reports.errors import CursorRefused, DatabaseRestored
from reports.exports.table import Table

BEGINNING = "beginning"
LASTS = timedelta(days=400)  # whoever has not pulled for longer than a year begins again
_SALT = "reports.exports.cursor"


@dataclass(frozen=True, slots=True)
class Moment:
    """What a connection sees: of which database, and the mark below which all is settled."""

    database: str
    mark: int


def moment_of(own: BaseDatabaseWrapper, table: Table) -> Moment:
    """The moment that a connection sees. Raises DatabaseRestored."""
    highest = f"(SELECT MAX({table.marks.column(own)}) FROM {table.marks.model._meta.db_table})"
    with own.cursor() as cursor:
        if own.vendor != "postgresql":
            cursor.execute(f"SELECT COALESCE({highest}, 0) + 1")
            return Moment("sqlite", cursor.fetchone()[0])
        cursor.execute(
            "SELECT system_identifier, pg_snapshot_xmin(now)::text::bigint, "
            f"COALESCE({highest} >= pg_snapshot_xmax(now)::text::bigint, false) "
            "FROM pg_current_snapshot() now, pg_control_system()"
        )
        database, mark, is_from_elsewhere = cursor.fetchone()
    if is_from_elsewhere:
        raise DatabaseRestored
    return Moment(str(database), mark)


def cursor_at(
    moment: Moment, table: Table, asked: Mapping[str, str], divisions: Sequence[Division]
) -> str:
    """The cursor that says: everything below this moment's mark has arrived."""
    once = token_urlsafe(9)
    held = [moment.mark ^ _cover(once), once, _good_for(moment, table, asked, divisions)]
    return signing.dumps(held, salt=_SALT)


def read_cursor(
    text: str,
    moment: Moment,
    table: Table,
    asked: Mapping[str, str],
    divisions: Sequence[Division],
) -> int:
    """The mark from which on everything is new; 0 for the beginning. Raises CursorRefused."""
    if text == BEGINNING:
        return 0
    try:
        covered, once, good_for = signing.loads(text, salt=_SALT, max_age=LASTS)
        mark = covered ^ _cover(once)
    except signing.SignatureExpired:
        raise CursorRefused(f"It is older than {LASTS.days} days.") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise CursorRefused("It is none of ours, or not whole.") from None
    if good_for != _good_for(moment, table, asked, divisions):
        raise CursorRefused(
            "It was given for another export, other filters, other divisions or another database."
        )
    if mark > moment.mark:
        raise CursorRefused("It is from a later state of the database, which was restored since.")
    return int(mark)


def _cover(once: str) -> int:
    """As many bits as a mark has, which nobody else can tell; others for each cursor."""
    return int.from_bytes(salted_hmac(_SALT, once, algorithm="sha256").digest()[:8], "big")


def _good_for(
    moment: Moment, table: Table, asked: Mapping[str, str], divisions: Sequence[Division]
) -> str:
    """What a cursor is bound to, in few characters."""
    numbers = [division.pk for division in divisions]
    bound = [moment.database, table.name, sorted(asked.items()), numbers]
    return hashlib.sha256(json.dumps(bound).encode()).hexdigest()[:20]
