"""When somebody is told of a problem: half a year of shifts, for everyone who has authority."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from config.demo.days import Calendar
from config.demo.found import Founded
from config.demo.plan import DaysPlan, Scripted, TierPlan
from employees.models import Employee

WORKING_DAYS = 5
WEEK = 7
BUSY = 1.35
TRIES = 4  # more problems than this a day do not happen to one person


@dataclass(frozen=True, slots=True)
class Told:
    """Someone is told of a problem: one that is drawn then, or one that is scripted."""

    at: datetime
    employee: Employee
    founded: Founded
    tier: TierPlan
    script: Scripted | None = None


@dataclass(frozen=True, slots=True)
class MonthBegins:
    """Local midnight: a team's budgets are full again."""

    at: datetime
    team: list[Employee]


def timetable(founded: Founded, calendar: Calendar, random: Random) -> Iterator[Told | MonthBegins]:
    """Everything of the division that is not a consequence of something else."""
    tiers = {tier.name: tier for tier in founded.plan.tiers}
    working = [p for p in founded.people.values() if p.tier is not None]
    for team in founded.teams.values():
        members = [p for p in working if p.team == team]
        if members:
            for at in _month_begins(calendar, members[0]):
                yield MonthBegins(at, members)
    for employee in working:
        tier = tiers[str(employee.tier)]
        until = calendar.end
        if employee is founded.first:
            until = script_begins(founded, calendar)
            for script in founded.plan.days.script:
                at = calendar.at(script.days_ago, script.time, employee.zone)
                yield Told(at, employee, founded, tier, script)
        for at in _shifts(founded, employee, tier, calendar, random):
            if at < until:
                yield Told(at, employee, founded, tier)


def _month_begins(calendar: Calendar, member: Employee) -> Iterator[datetime]:
    """Just after local midnight of each first day, and the moment the half year begins."""
    yield calendar.begin
    day = calendar.begin.astimezone(member.zone).date().replace(day=1)
    while True:
        day = (day + timedelta(days=32)).replace(day=1)
        at = datetime.combine(day, time(0, 0, 5), member.zone).astimezone(UTC)
        if at >= calendar.end:
            return
        yield at


def script_begins(founded: Founded, calendar: Calendar) -> datetime:
    """From here on nothing but the script happens to the first agent: it fills this month."""
    first_day = max(script.days_ago for script in founded.plan.days.script)
    this_month = calendar.today.replace(day=1)
    begins = min(calendar.today - timedelta(days=first_day), this_month)
    return datetime.combine(begins, time(), founded.zone).astimezone(UTC)


def _shifts(
    founded: Founded, employee: Employee, tier: TierPlan, calendar: Calendar, random: Random
) -> Iterator[datetime]:
    """The moments at which one person is told of a problem."""
    luck = random.uniform(0.55, 1.5)
    off = random.sample(range(WEEK), WEEK - WORKING_DAYS)
    day = calendar.begin.astimezone(employee.zone).date()
    while day <= calendar.today:
        if day.weekday() not in off:
            midnight = datetime.combine(day, time(), employee.zone)
            for at in _moments(midnight, founded.plan.days, tier.cases_a_day * luck, random):
                if calendar.begin < at < calendar.end:
                    yield at
        day += timedelta(days=1)


def _moments(
    midnight: datetime, days: DaysPlan, a_day: float, random: Random
) -> Iterator[datetime]:
    """The moments of one working day, most of them late in it."""
    expected = a_day * WEEK / WORKING_DAYS
    if midnight.weekday() in days.busy_weekdays:
        expected *= BUSY
    opens, closes = days.hours
    for _ in range(TRIES):
        if random.random() < expected / TRIES:
            hour = random.triangular(opens, closes, opens + (closes - opens) * 0.7)
            yield (midnight + timedelta(seconds=int(hour * 3600))).astimezone(UTC)
