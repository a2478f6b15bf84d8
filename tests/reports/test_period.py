"""The days of a report, in words, and what they are compared with."""

from datetime import date

import pytest

from budgets.days import month_before
from reports.measured.period import Period

pytestmark = pytest.mark.once


def period(days: str) -> Period:
    first, last = days.split("/")
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("2026-10-01/2026-10-31", "October 2026"),
        ("2026-08-01/2026-10-31", "August to October 2026"),
        ("2025-12-01/2026-02-28", "December 2025 to February 2026"),
        ("2026-11-01/2026-11-21", "1 to 21 November 2026"),
        ("2026-11-03/2026-11-03", "3 November 2026"),
        ("2026-10-30/2026-11-02", "30 October to 2 November 2026"),
        ("2025-12-30/2026-01-02", "30 December 2025 to 2 January 2026"),
    ],
)
def test_days_have_a_name(days: str, words: str) -> None:
    assert str(period(days)) == words


@pytest.mark.parametrize(
    ("days", "before", "words", "year_before"),
    [
        ("2026-10-01/2026-10-31", "2026-09-01/2026-09-30", "in September", "2025-10-01/2025-10-31"),
        (
            *("2026-01-01/2026-01-31", "2025-12-01/2025-12-31"),
            *("in December 2025", "2025-01-01/2025-01-31"),
        ),
        (
            *("2026-08-01/2026-10-31", "2026-05-01/2026-07-31"),
            *("in the 3 months before", "2025-08-01/2025-10-31"),
        ),
        # A month that still runs, with the same days of the one before.
        (
            *("2026-11-01/2026-11-21", "2026-10-01/2026-10-21"),
            *("from 1 to 21 October", "2025-11-01/2025-11-21"),
        ),
        (
            *("2026-03-01/2026-03-30", "2026-02-01/2026-02-28"),
            *("from 1 to 28 February", "2025-03-01/2025-03-30"),
        ),
        (
            *("2026-11-10/2026-11-12", "2026-11-07/2026-11-09"),
            *("in the 3 days before", "2025-11-10/2025-11-12"),
        ),
        (
            "2026-11-10/2026-11-10",
            "2026-11-09/2026-11-09",
            "the day before",
            "2025-11-10/2025-11-10",
        ),
        ("2026-11-01/2026-11-01", "2026-10-01/2026-10-01", "on 1 October", "2025-11-01/2025-11-01"),
        # A leap year's last day.
        ("2028-02-01/2028-02-29", "2028-01-01/2028-01-31", "in January", "2027-02-01/2027-02-28"),
        (
            *("2028-02-29/2028-02-29", "2028-02-28/2028-02-28"),
            *("the day before", "2027-02-28/2027-02-28"),
        ),
    ],
)
def test_like_is_compared_with_like(days: str, before: str, words: str, year_before: str) -> None:
    asked = period(days)
    assert (asked.before, asked.before_in_words) == (period(before), words)
    assert asked.year_before == period(year_before)


def test_a_year_earlier_is_a_month_by_name_or_a_year() -> None:
    assert period("2026-10-01/2026-10-31").year_before_in_words == "in October 2025"
    assert period("2026-08-01/2026-10-31").year_before_in_words == "a year before"


def test_thirteen_months_lead_up_to_the_last_one() -> None:
    months = period("2026-08-05/2026-10-07").year_to_its_end
    assert (months[0], months[-1], len(months)) == (date(2025, 10, 1), date(2026, 10, 1), 13)
    assert month_before(date(2026, 1, 1), months=13) == date(2024, 12, 1)
