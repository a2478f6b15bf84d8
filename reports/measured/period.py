"""Some days that a report is about, and those that they are compared with.

Pure. What must stay true: like is compared with like: months with as many months, a month that
still runs with the same days of the month before, and other days with as many days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from budgets.days import first_of_next, last_of, month_before

A_DAY = timedelta(days=1)
A_YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        """Such as October 2026, August to October 2026, or 1 to 21 November 2026."""
        first, last = self.first, self.last
        if self.whole_months == 1:
            return f"{last:%B %Y}"
        if first == last:
            return f"{last:%-d %B %Y}"
        year = "" if first.year == last.year else f" {first.year}"
        if self.whole_months:
            return f"{first:%B}{year} to {last:%B %Y}"
        month = "" if (first.year, first.month) == (last.year, last.month) else f" {first:%B}"
        return f"{first.day}{month}{year} to {last:%-d %B %Y}"

    @property
    def whole_months(self) -> int:
        """How many calendar months it is; 0 where it is none, or not the whole of one."""
        if self.first.day != 1 or self.last != last_of(self.last):
            return 0
        return _months_from(self.first, self.last) + 1

    @property
    def before(self) -> "Period":
        """The days just before it that it is compared with."""
        if months := self.whole_months:
            return Period(month_before(self.first, months=months), self.first - A_DAY)
        if self._begins_a_month:
            earlier = month_before(self.first)
            return Period(earlier, min(earlier + (self.last - self.first), last_of(earlier)))
        return Period(self.first - (self.last - self.first) - A_DAY, self.first - A_DAY)

    @property
    def before_in_words(self) -> str:
        """What it is compared with: "in October", "in the 3 months before"."""
        months, before = self.whole_months, self.before
        if months == 1:
            same_year = before.first.year == self.first.year
            return f"in {before.first:%B}" if same_year else f"in {before}"
        if months:
            return f"in the {months} months before"
        if self._begins_a_month:
            several = before.first != before.last
            return f"from 1 to {before.last:%-d %B}" if several else f"on {before.last:%-d %B}"
        days = (self.last - self.first).days + 1
        return "the day before" if days == 1 else f"in the {days} days before"

    @property
    def year_before(self) -> "Period":
        """The same days a year earlier."""
        first = _on_day(month_before(self.first, months=A_YEAR), self.first.day)
        then = month_before(self.last, months=A_YEAR)
        whole = self.last == last_of(self.last)
        return Period(first, last_of(then) if whole else _on_day(then, self.last.day))

    @property
    def year_before_in_words(self) -> str:
        """What it is compared with, too: "in November 2025", "a year before"."""
        return f"in {self.year_before}" if self.whole_months == 1 else "a year before"

    @property
    def year_to_its_end(self) -> Sequence[date]:
        """The thirteen months up to its last one: that month, a year of them, and a year before."""
        last = self.last.replace(day=1)
        return [month_before(last, months=back) for back in range(A_YEAR, -1, -1)]

    @property
    def _begins_a_month(self) -> bool:
        """Whether it is the beginning of a month, such as of one that still runs."""
        return self.first.day == 1 and self.last < first_of_next(self.first)


def _months_from(first: date, last: date) -> int:
    return (last.year - first.year) * A_YEAR + last.month - first.month


def _on_day(month: date, day: int) -> date:
    """That day of the month, or its last one where there is none."""
    return min(month + timedelta(days=day - 1), last_of(month))
