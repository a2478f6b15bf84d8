"""Following the ledger: what was written since is counted, by a job and never by who resolves.

What must stay true: whoever is killed in the middle loses nothing, as what was counted and how far
it reaches are kept together; whatever was committed late is counted once it is there; of two at
once, one works and the other leaves. Days are counted whole, so that counting them again changes
nothing. Where much has changed, or all is to be counted anew, days are owed and counted a
fortnight at a time, the latest first.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from reports.models import RollupState
from reports.rollups.changes import Changes, changes, days_of
from reports.rollups.counting import ALL
from reports.rollups.days import Days
from reports.rollups.marks import moment_now
from reports.rollups.recount import recount
from reports.rollups.state import (
    all_days,
    hold,
    hold_if_free,
    is_of_another,
    owe,
    owed,
    take,
    zones_by_team,
)

AT_ONCE = 31  # days that are counted in the transaction that found them changed
Progress = Callable[[int], None]


def follow(*, at: datetime, wait: bool = False) -> int:
    """Count what was written since the last time; returns how many days were counted.

    Leaves it to whoever else is at it; with `wait`, all that is written by now is counted in any
    case when it returns.
    """
    return _follow(hold if wait else hold_if_free, at)


def rebuild(*, at: datetime, since: date | None = None, progress: Progress | None = None) -> int:
    """Count every day anew, or those since one, and what was written meanwhile.

    Returns how many were counted; `progress` is told how many are left. Whoever reads figures finds
    each day as it was or as it is. Waits for whoever else is at it.
    """
    with transaction.atomic():
        state, days = hold(), all_days()
        if days is not None and (since is None or since <= days.last):
            owe(state, Days(days.first if since is None else max(since, days.first), days.last))
            state.save(update_fields=["owed"])
    return _follow(hold, at, progress)


def _follow(
    take_hold: Callable[[], RollupState | None], at: datetime, progress: Progress | None = None
) -> int:
    """Look what is new, once, as someone may write for hours; then count whatever is owed."""
    counted, looked = 0, False
    while True:
        with transaction.atomic():
            state = take_hold()
            if state is None:
                return counted
            if not looked:
                counted += _count_what_is_new(state)
            counted += _count_a_part(state)
            if not state.owed:
                state.followed_at = at
            state.save()
        looked, left = True, sum(len(days.each()) for days in owed(state))
        if progress is not None:
            progress(left)
        if not left:
            return counted


def _count_what_is_new(state: RollupState) -> int:
    """Count what was written since the last time, or owe it. Returns how many days."""
    moment, zones = moment_now(), zones_by_team()  # first: what is written later comes next time
    counted = 0
    if is_of_another(state, moment, zones):
        if days := all_days():
            owe(state, days)
    else:
        counted = _count_or_owe(state, changes(state.marks, moment), set(zones.values()))
    state.database, state.marks, state.zones = moment.database, moment.marks, zones
    return counted


def _count_a_part(state: RollupState) -> int:
    """Count a fortnight of what is owed. Returns how many days."""
    days = take(state)
    if days is None:
        return 0
    for counting in ALL:
        recount(counting, days, set(zones_by_team().values()))
    return len(days.each())


def _count_or_owe(state: RollupState, changed: Changes, zones: set[str]) -> int:
    every = {place.day for places in changed.values() for place in places}
    if len(every) > AT_ONCE:
        owe(state, *(Days(day, day) for day in every))
        return 0
    for counting, places in changed.items():
        for days in days_of(counting, places):
            recount(counting, days, zones)
    return len(every)
