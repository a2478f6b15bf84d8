"""The demo's calendar: everything in it is so many days before its today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HALF_A_YEAR = 182


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days that lead up to `today`; nothing in the demo happened after its midnight in UTC."""

    today: date

    @property
    def end(self) -> datetime:
        """The moment up to which things have happened."""
        return datetime.combine(self.today, time(), UTC)

    @property
    def begin(self) -> datetime:
        """The moment the first case may be told."""
        return self.end - timedelta(days=HALF_A_YEAR)

    def at(self, days_ago: int, clock: str, zone: ZoneInfo) -> datetime:
        """A local time of day, so many days ago."""
        day = self.today - timedelta(days=days_ago)
        return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)

    def next_month(self, zone: ZoneInfo) -> datetime:
        """Local midnight of the first day of the month after today's."""
        first = (self.today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return datetime.combine(first, time(), zone).astimezone(UTC)
