"""The report comes at seven on the first working day, where it is read, and not too early."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reports.monthly.due import due_at, first_working_day, last_due

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
KIRITIMATI, PAGO_PAGO = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2026, 12, 1), 1),  # a Tuesday
        (date(2026, 11, 1), 2),  # a Sunday
        (date(2026, 8, 1), 3),  # a Saturday
        (date(2027, 1, 1), 1),  # a holiday in many places is a Friday to us
    ],
)
def test_the_first_working_day_is_the_first_from_monday_to_friday(month: date, day: int) -> None:
    assert first_working_day(month) == month.replace(day=day)


def test_it_is_seven_in_the_morning_where_it_is_read() -> None:
    october = date(2026, 10, 1)
    there = due_at(october, read_in=NEW_YORK, worked_in=[NEW_YORK])
    assert there.astimezone(UTC) == datetime(2026, 11, 2, 12, tzinfo=UTC)
    # New York puts its clocks back on the first of November: seven is an hour later than before.
    august = due_at(date(2026, 8, 1), read_in=NEW_YORK, worked_in=[NEW_YORK])
    assert august.astimezone(UTC) == datetime(2026, 9, 1, 11, tzinfo=UTC)


def test_no_month_is_told_before_it_has_ended_for_every_team() -> None:
    november = date(2026, 11, 1)
    # Seven on Kiritimati is still six in the morning of the day before on Pago Pago.
    at = due_at(november, read_in=KIRITIMATI, worked_in=[LONDON, PAGO_PAGO])
    assert at == datetime(2026, 12, 1, tzinfo=PAGO_PAGO)
    alone = due_at(november, read_in=KIRITIMATI, worked_in=[])
    assert alone == datetime(2026, 12, 1, 7, tzinfo=KIRITIMATI)


def test_the_last_month_that_is_due_changes_at_that_moment() -> None:
    for at, month in [
        (datetime(2026, 11, 2, 11, 59, 59, tzinfo=UTC), date(2026, 9, 1)),
        (datetime(2026, 11, 2, 12, tzinfo=UTC), date(2026, 10, 1)),
        (datetime(2026, 11, 30, 23, tzinfo=UTC), date(2026, 10, 1)),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), date(2026, 11, 1)),
    ]:
        assert last_due(NEW_YORK, [NEW_YORK], at=at) == month
