"""Closing a month is refused with the reason, and nothing of it is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from employees.models import Division, Employee, Team
from reports.closing.close import close_month
from reports.errors import (
    EarlierMonthOpen,
    MonthClosedAlready,
    MonthStillRuns,
    MonthTooEarly,
    NotFinance,
    ReportsError,
)
from reports.models import ClosedEntry, CloseLine, PeriodClose
from tests.cast import Cast
from tests.closing import closed, finance_of, gave, noon, nothing_closed


@contextmanager
def refused(kind: type[ReportsError], message: str) -> Iterator[None]:
    """Expect closing to be refused in these words, with nothing written."""
    tables = (PeriodClose, CloseLine, ClosedEntry)
    before = [table._default_manager.count() for table in tables]
    with pytest.raises(kind, match=message):
        yield
    assert [table._default_manager.count() for table in tables] == before


def test_a_month_is_closed_once_and_the_second_is_told_by_whom_and_when(forno: Cast) -> None:
    gave(forno.agent, "5.00", noon(2))
    first = closed(forno, "2026-10", by=finance_of(forno), at=datetime(2026, 11, 3, 9, tzinfo=UTC))
    gave(forno.agent, "3.00", noon(3))

    told = (
        "^October 2026 was closed by forno.finance on 3 November 2026 at 04:00 EST. "
        "What came later is in the next close.$"
    )
    with timezone.override("America/New_York"), refused(MonthClosedAlready, told):
        closed(forno, "2026-10")
    first.refresh_from_db()
    assert first.entries == 1


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 10, 20, tzinfo=UTC), "close it from 1 November 2026 on, 00:00 in "),
        (datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), "00:00 in Australia/Perth"),
        (datetime(2026, 9, 30, 12, tzinfo=UTC), "October 2026 has not begun yet"),
    ],
)
def test_a_month_that_still_runs_for_one_team_is_not_closed(
    scm: Cast, at: datetime, told: str
) -> None:
    gave(scm.agent, "5.00", noon(2, month=9))
    with refused(MonthStillRuns, told):
        closed(scm, "2026-10", at=at)

    assert closed(scm, "2026-10", at=datetime(2026, 10, 31, 16, tzinfo=UTC)).entries == 0


def test_the_last_month_of_all_years_has_not_begun(forno: Cast) -> None:
    gave(forno.agent, "5.00", noon(2))
    with refused(MonthStillRuns, "December 9999 has not begun yet"):
        closed(forno, "9999-12", at=noon(3, month=11))


def test_months_are_closed_in_order(forno: Cast) -> None:
    for month in (9, 10, 11):
        gave(forno.agent, "5.00", noon(2, month=month))
    closed(forno, "2026-09")
    with refused(EarlierMonthOpen, "^Close October 2026 first: months are closed one after"):
        closed(forno, "2026-11")
    assert closed(forno, "2026-10").entries == 1
    assert closed(forno, "2026-11").entries == 1


def test_what_lies_before_the_first_close_is_never_closed(forno: Cast) -> None:
    gave(forno.agent, "5.00", noon(2, month=8))
    closed(forno, "2026-10")
    with refused(MonthTooEarly, "^October 2026 is the first month that was closed"):
        closed(forno, "2026-09")


def test_the_first_close_is_of_a_month_in_which_something_was_given_or_later(forno: Cast) -> None:
    """A slip of the year would leave ten years of months to be closed one after the other."""
    gave(forno.agent, "5.00", noon(2, month=9))
    with refused(MonthTooEarly, "^Nothing was given before September 2026: begin with that month"):
        closed(forno, "2016-09", at=noon(3, month=11))
    with refused(MonthTooEarly, "Nothing was given before"):
        closed(forno, "1000-01", at=noon(3, month=11))
    assert closed(forno, "2026-09").entries == 1


def test_where_nothing_was_given_there_is_nothing_to_close(forno: Cast) -> None:
    with refused(MonthTooEarly, "^Nothing was given here yet, so there is nothing to close.$"):
        closed(forno, "2026-10")
    empty = Division.objects.create(code="new", name="New", currency="USD", case_prefix="N")
    with refused(MonthTooEarly, "Nothing was given here yet"):
        closed(empty, "2026-10")


@pytest.mark.parametrize("who", ["agent", "lead", "manager", "administrator", "elsewhere", "left"])
def test_only_finance_closes_a_month(
    forno: Cast, orchard: Cast, head_office: dict[str, Employee], who: str
) -> None:
    gave(forno.agent, "5.00", noon(2))
    left = finance_of(forno)
    left.is_active = False
    people = {
        "administrator": head_office["admin"],
        "elsewhere": finance_of(orchard),
        "left": left,
    }
    with refused(NotFinance, "^Only finance, of the division or of the group, closes a month.$"):
        closed(forno, "2026-10", by=people.get(who) or getattr(forno, who))
    assert nothing_closed()


def test_a_team_that_works_further_west_holds_the_month_open(forno: Cast) -> None:
    gave(forno.agent, "5.00", noon(2))
    Team.objects.create(division=forno.division, name="Hilo", time_zone="Pacific/Honolulu")
    midnight = datetime(2026, 11, 1, 10, tzinfo=UTC)
    with refused(MonthStillRuns, "from 1 November 2026 on, 00:00 in Pacific/Honolulu"):
        closed(forno, "2026-10", at=midnight - timedelta(seconds=1))
    assert closed(forno, "2026-10", at=midnight).month == date(2026, 10, 1)


def test_a_close_that_breaks_off_leaves_nothing_and_can_be_made_again(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gave(forno.agent, "5.00", noon(2))

    def break_off(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr("reports.closing.close.checksum_of", break_off)
    with pytest.raises(OSError, match="full"):
        closed(forno, "2026-10")
    assert nothing_closed()
    monkeypatch.undo()
    assert closed(forno, "2026-10").entries == 1


def test_any_day_of_a_month_tells_which_one_it_is(forno: Cast) -> None:
    gave(forno.agent, "5.00", noon(2))
    finance, at = finance_of(), noon(3, month=11)
    close = close_month(forno.division, month=date(2026, 10, 17), acting_employee=finance, at=at)
    assert close.month == date(2026, 10, 1)
    with refused(MonthClosedAlready, "October 2026 was closed"):
        close_month(forno.division, month=date(2026, 10, 31), acting_employee=finance, at=at)
