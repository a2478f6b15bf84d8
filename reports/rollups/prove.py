"""Proving that every rollup equals its raw rows, to the cent.

What must stay true: what differs is said loudly, with where and by how much, and mended by counting
it anew. What was written and is not followed yet is no difference: one statement compares each
rollup of a fortnight, as of one moment, while nobody else counts, and only then is looked for what
had changed by then.

Whoever lent money counts in the team in which they are now: when they move, what they lent moves
with them, which is mended and nothing to be said.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from employees.money import MoneyField
from reports.models import RollupState
from reports.rollups.changes import Place, changes, days_of
from reports.rollups.counting import ALL, Counting
from reports.rollups.days import ONE, Days
from reports.rollups.follow import follow
from reports.rollups.marks import moment_now
from reports.rollups.recount import recount
from reports.rollups.state import (
    AT_A_TIME,
    all_days,
    hold,
    is_of_another,
    owed,
    zones_by_team,
)

log = logging.getLogger(__name__)

_DIFFERENCES = """\
{found}, kept({keys}, {counters}) AS ({kept}), compared AS (
    SELECT {keys}, {counters} FROM found UNION ALL SELECT {keys}, {less} FROM kept
)
SELECT {keys}, {sums} FROM compared GROUP BY {keys} HAVING {any}
"""

_OF_THE_LENDER = {"lent", "given_back"}  # counters of what moves with whoever lent it


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of a rollup that is not what the raw rows say: where, and how much is missing in it."""

    counting: Counting
    place: Place
    where: dict[str, Any]
    missing: dict[str, int | Decimal]

    def __str__(self) -> str:
        where = ", ".join(f"{key} {value}" for key, value in self.where.items())
        missing = ", ".join(f"{counter} {by:+}" for counter, by in self.missing.items())
        return f"{self.counting.model._meta.db_table}, {where}: {missing}"


Say = Callable[[Difference], None]


def say_in_the_log(difference: Difference) -> None:
    """Loudly."""
    log.error("Rollups differ from what they were counted from. %s", difference)


def prove(*, at: datetime, say: Say = say_in_the_log) -> int:
    """Compare every day, say what differs and mend it. Returns how many rows differed."""
    follow(at=at, wait=True)
    found = 0
    if days := all_days():
        for part in _parts(days):
            with transaction.atomic():
                found += _prove(part, hold(), say)
    RollupState.objects.filter(pk=1).update(proven_at=at, differences=found)
    return found


def _parts(days: Days) -> Iterator[Days]:
    first = days.first
    while first <= days.last:
        last = min(first + timedelta(days=AT_A_TIME - 1), days.last)
        yield Days(first, last)
        first = last + ONE


def _prove(part: Days, state: RollupState, say: Say) -> int:
    zones = set(state.zones.values())
    differ = [d for counting in ALL for d in differences(counting, part, zones)]
    moment = moment_now()
    if not differ or is_of_another(state, moment, zones_by_team()):
        return 0
    late = changes(state.marks, moment)
    to_come = {day for days in owed(state) for day in days.each()}
    stale = [d for d in differ if d.place not in late[d.counting] and d.place.day not in to_come]
    wrong = _without_what_moved(stale)
    for difference in wrong:
        say(difference)
    for counting in ALL:
        places = {d.place for d in stale if d.counting is counting}
        for days in days_of(counting, places):
            recount(counting, days, zones)
    return len(wrong)


def _without_what_moved(differ: list[Difference]) -> list[Difference]:
    """Leave out what somebody lent before they moved: one team lacks what another has too much."""
    by_all_but_team: dict[Any, list[Difference]] = {}
    for each in differ:
        key = each.counting.model, *(each.where[name] for name in each.where if name != "team_id")
        by_all_but_team.setdefault(key, []).append(each)
    return [each for alike in by_all_but_team.values() if not _moved(alike) for each in alike]


def _moved(alike: list[Difference]) -> bool:
    counters = {counter for each in alike for counter in each.missing}
    return counters <= _OF_THE_LENDER and not any(
        sum(each.missing.get(counter, 0) for each in alike) for counter in counters
    )


def differences(counting: Counting, days: Days, zones: set[str]) -> list[Difference]:
    """What the raw rows say of these days and the rollup does not, or the other way round."""
    found = counting.found_in(days, zones)
    rows = counting.model._default_manager.filter(days.of_rows())
    kept, params = rows.values_list(*counting.named).query.sql_with_params()
    sql = _DIFFERENCES.format(
        found=found.sql,
        keys=", ".join(counting.keys),
        counters=", ".join(counting.counters),
        less=", ".join(f"-{counter}" for counter in counting.counters),
        kept=kept,
        sums=", ".join(f"SUM({counter})" for counter in counting.counters),
        any=" OR ".join(f"SUM({counter}) <> 0" for counter in counting.counters),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, (*found.params, *params))
        return [_difference(counting, row) for row in cursor.fetchall()]


def _difference(counting: Counting, row: tuple[Any, ...]) -> Difference:
    where, sums = row[: len(counting.keys)], row[len(counting.keys) :]
    named = dict(zip(counting.keys, where, strict=True))
    missing = {
        counter: _exact(counting, counter, by)
        for counter, by in zip(counting.counters, sums, strict=True)
        if by
    }
    day = named["day"] if isinstance(named["day"], date) else date.fromisoformat(named["day"])
    place = Place(day, named["division_id"], named["team_id"])
    return Difference(counting, place, named, missing)


def _exact(counting: Counting, counter: str, by: Any) -> int | Decimal:
    field = counting.model._meta.get_field(counter)
    if not isinstance(field, MoneyField):
        return int(by)
    return Decimal(field.to_python(field.from_db_value(by, None, connection)))
