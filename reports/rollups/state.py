"""The one row that says how far the rollups are; who holds it may change them.

What must stay true: two never count at once, and what is owed is not forgotten, however whoever
counts it ends.
"""

from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Max, Min

from employees.models import Team
from reports.models import RollupState
from reports.rollups.counting import ALL
from reports.rollups.days import ONE, Days, runs
from reports.rollups.marks import Moment

AT_A_TIME = 14  # days that are counted in one transaction where many are owed


def hold() -> RollupState:
    """The row, held by the caller's transaction until it ends; whoever else holds it ends first."""
    _be_ready()
    return RollupState.objects.select_for_update().get(pk=1)


def hold_if_free() -> RollupState | None:
    """The same without waiting: None while someone else holds it."""
    _be_ready()
    return RollupState.objects.select_for_update(skip_locked=True).filter(pk=1).first()


def zones_by_team() -> dict[str, str]:
    """The time zone of each team, by its number as JSON has it."""
    zones = Team.objects.order_by("pk").values_list("pk", "time_zone")
    return {str(team): zone for team, zone in zones}


def is_of_another(state: RollupState, moment: Moment, zones: dict[str, str]) -> bool:
    """Whether all has to be counted anew.

    So it is at first, in a database that was moved or set back, when there is more to follow than
    there was, and when a team moved to another zone, as days begin at another moment there.
    """
    if state.database != moment.database or state.marks.keys() != moment.marks.keys():
        return True
    set_back = any(state.marks[name] > end for name, end in moment.ends.items())
    moved = any(zones.get(team, zone) != zone for team, zone in state.zones.items())
    return set_back or moved


def all_days() -> Days | None:
    """From the first day in which something was counted or is to be, to the last; None: nothing."""
    moments: list[datetime | None] = []
    days: list[date | None] = []
    for counting in ALL:
        raw = counting.rows().model._default_manager
        moments += raw.aggregate(first=Min(counting.at), last=Max(counting.at)).values()
        days += counting.model._default_manager.aggregate(Min("day"), Max("day")).values()
    found = [day for day in days if day is not None]
    for moment in moments:
        if moment is not None:  # a zone is never as much as a day from UTC
            found += [moment.date() - ONE, moment.date() + ONE]
    return Days(min(found), max(found)) if found else None


def owe(state: RollupState, *days: Days) -> None:
    """Owe these days, unsaved; they are counted from the latest on."""
    every = [day for run in (*owed(state), *days) for day in run.each()]
    state.owed = [[first.isoformat(), last.isoformat()] for first, last in runs(every)]


def owed(state: RollupState) -> list[Days]:
    """What is still to be counted, in order."""
    return [Days(date.fromisoformat(first), date.fromisoformat(last)) for first, last in state.owed]


def take(state: RollupState) -> Days | None:
    """The latest days of those that are owed, no longer owed, unsaved; None where none are."""
    left = owed(state)
    if not left:
        return None
    run = left.pop()
    taken = Days(max(run.first, run.last - timedelta(days=AT_A_TIME - 1)), run.last)
    state.owed = []
    owe(state, *left, *([Days(run.first, taken.first - ONE)] if run.first < taken.first else []))
    return taken


def _be_ready() -> None:
    RollupState.objects.get_or_create(pk=1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # What is counted differs from day to day: compiling it takes longer than it saves.
            cursor.execute("SET LOCAL jit = off")
