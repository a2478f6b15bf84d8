"""A month begins at midnight where the team works, in time zones of all kinds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from budgets import months
from budgets.check import problems
from budgets.models import Budget
from budgets.months import month_in
from budgets.open_many import open_months
from employees.models import Employee, Team
from tests.cast import Cast

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)

# Zone, the month, and when it begins there, in UTC.
MIDNIGHTS = [
    ("America/New_York", "2026-11-01", "2026-11-01T04:00"),  # winter time begins at 2:00 that day
    ("America/New_York", "2026-12-01", "2026-12-01T05:00"),
    ("Australia/Perth", "2026-11-01", "2026-10-31T16:00"),
    ("Asia/Kathmandu", "2026-11-01", "2026-10-31T18:15"),  # +05:45
    ("Australia/Lord_Howe", "2026-10-01", "2026-09-30T13:30"),  # +10:30
    ("Australia/Lord_Howe", "2026-11-01", "2026-10-31T13:00"),  # summer time is half an hour
    ("Pacific/Chatham", "2026-11-01", "2026-10-31T10:15"),  # +13:45
    ("America/St_Johns", "2026-12-01", "2026-12-01T03:30"),  # -03:30
    ("Pacific/Kiritimati", "2026-11-01", "2026-10-31T10:00"),  # +14, the first of all
    ("Pacific/Pago_Pago", "2026-11-01", "2026-11-01T11:00"),  # -11, the last
    ("Pacific/Apia", "2012-01-01", "2011-12-31T10:00"),  # two days after it skipped the 30th
    # Midnight is skipped: summer time begins at it, and the first starts at one o'clock.
    ("America/Asuncion", "2023-10-01", "2023-10-01T04:00"),
    ("Asia/Amman", "2016-04-01", "2016-03-31T22:00"),
    # Midnight comes twice: at one o'clock it is midnight again. The first one counts.
    ("America/Havana", "2026-11-01", "2026-11-01T04:00"),
    # Winter time begins at midnight: the last hour of October comes twice, and the month after it.
    ("Africa/Cairo", "2024-11-01", "2024-10-31T22:00"),
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def works_in(zone: str, cast: Cast) -> Employee:
    """Someone who works in that time zone, as everyone of the company then does."""
    Team.objects.update(time_zone=zone)
    return Employee.objects.with_authority().get(pk=cast.agent.pk)


@pytest.mark.parametrize(("zone", "month", "begins"), MIDNIGHTS)
def test_a_month_begins_at_midnight_where_the_team_works(
    forno: Cast, zone: str, month: str, begins: str
) -> None:
    person, first = works_in(zone, forno), moment(begins)

    before = months.open_month(person, at=first - SECOND)
    after = months.open_month(person, at=first)

    assert after.month == date.fromisoformat(month)
    assert before.month == (after.month - timedelta(days=1)).replace(day=1)
    assert Budget.objects.count() == 2


@pytest.mark.parametrize(("zone", "month", "begins"), MIDNIGHTS)
def test_the_job_opens_it_at_the_first_quarter_of_an_hour_of_the_month_and_once(
    forno: Cast, zone: str, month: str, begins: str
) -> None:
    works_in(zone, forno)
    first = moment(begins)
    open_months(at=first - timedelta(days=1))

    opened = {at: open_months(at=at) for at in (first + n * QUARTER for n in range(-12, 13))}

    assert {at: n for at, n in opened.items() if n} == {first: 4}
    assert {b.opened_at for b in Budget.objects.filter(month=month)} == {first}
    assert list(problems()) == []


def test_where_the_first_is_put_off_for_an_hour_each_month_is_still_opened_once(
    forno: Cast,
) -> None:
    """In Newfoundland it was November 2009 for a minute, then October for an hour again."""
    person = works_in("America/St_Johns", forno)
    zone, midnight = ZoneInfo("America/St_Johns"), moment("2009-11-01T02:30")
    begins = [midnight + n * SECOND for n in (-1, 0, 59, 60, 60 + 59 * 60 - 1, 60 + 59 * 60)]
    was = [month_in(zone, at).month for at in begins]
    assert was == [10, 11, 11, 10, 10, 11]

    for at in (midnight + n * timedelta(seconds=30) for n in range(-4, 130)):
        open_months(at=at)
        assert months.open_month(person, at=at).month == month_in(zone, at)

    opened = Budget.objects.filter(employee=person).order_by("month")
    assert [(b.month, b.opened_at) for b in opened] == [
        (date(2009, 10, 1), midnight - timedelta(minutes=2)),
        (date(2009, 11, 1), midnight),
    ]


def test_every_midnight_of_the_world_is_at_a_quarter_of_an_hour() -> None:
    """So that beat, which wakes the job up at each quarter, is never late for any."""
    from zoneinfo import available_timezones

    odd = {
        (name, year)
        for name in available_timezones()
        for year in range(2026, 2036)
        for month in range(1, 13)
        if datetime(year, month, 1, tzinfo=ZoneInfo(name)).utcoffset() % QUARTER  # type: ignore[operator]
    }
    assert odd == set()
