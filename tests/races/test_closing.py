"""A month is closed by several at once, and while agents go on: everything leaves once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from budgets.models import LedgerEntry
from reports.closing import close as act
from reports.closing.close import close_month
from reports.closing.selection import what_it_holds
from reports.errors import EarlierMonthOpen, MonthClosedAlready
from reports.journal import journal_of, kept_journal
from reports.models import ClosedEntry, PeriodClose
from tests.cast import Cast
from tests.closing import (
    closed,
    finance_of,
    gave,
    held,
    noon,
    nothing_closed,
    on_the_third,
    with_codes,
)
from tests.races.together import PATIENCE, raised, succeeded, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def closing(company: Cast, month: date) -> Callable[[], PeriodClose]:
    finance, at = finance_of(), on_the_third(month)
    return lambda: close_month(company.division, month=month, acting_employee=finance, at=at)


def adds_up(close: PeriodClose) -> None:
    """Fail unless the lines, the totals, the journal and the entries of a close agree."""
    entries = LedgerEntry.objects.filter(pk__in=held(close))
    lines = list(close.lines.all())
    assert sum(line.entries for line in lines) == close.entries == entries.count()
    net = sum(e.amount for e in entries)
    assert close.given_back - close.spent == net
    kept_journal(close)


def test_two_who_close_a_month_together_close_it_once(forno: Cast) -> None:
    gave(forno.agent, "5.00", noon(2))
    outcomes = together([closing(forno, date(2026, 10, 1))] * 6)

    assert len(succeeded(outcomes)) == 1
    assert [type(error) for error in raised(outcomes)] == [MonthClosedAlready] * 5
    assert ClosedEntry.objects.count() == 1
    adds_up(PeriodClose.objects.get())


def test_without_the_lock_the_second_would_run_into_the_first(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real: what the database refuses then is no sentence for anyone."""
    gave(forno.agent, "5.00", noon(2))
    monkeypatch.setattr(act, "_one_at_a_time", lambda division: division)
    kinds: set[type] = set()
    for month in range(10):
        first = date(2026 + (month + 9) // 12, (month + 9) % 12 + 1, 1)
        outcomes = together([closing(forno, first)] * 6)
        assert len(succeeded(outcomes)) == 1
        kinds |= {type(error) for error in raised(outcomes)}
    assert kinds - {MonthClosedAlready}


def test_two_first_closes_of_different_months_leave_no_gap(forno: Cast) -> None:
    """Whichever is first, the other follows on it or is refused."""
    for month in (9, 10):
        gave(forno.agent, "5.00", noon(2, month=month))
    outcomes = together([closing(forno, date(2026, month, 1)) for month in (9, 10)])

    months = sorted(close.month.month for close in PeriodClose.objects.all())
    assert months in ([9, 10], [10])
    assert not any(isinstance(error, EarlierMonthOpen) for error in raised(outcomes))


@contextmanager
def committing_late(company: Cast, *, while_closing: Callable[[], Any]) -> Iterator[None]:
    """Someone gives 3.00 in a transaction that commits only when `while_closing` has run."""
    written, go_on = Event(), Event()

    def give() -> None:
        try:
            with transaction.atomic():
                gave(company.colleague, "3.00", noon(31))
                written.set()
                go_on.wait(PATIENCE)
        finally:
            written.set()
            connection.close()

    thread = Thread(target=give)
    thread.start()
    written.wait(PATIENCE)
    while_closing()
    go_on.set()
    thread.join(PATIENCE)
    yield


def test_what_commits_after_the_close_is_in_the_next_one(forno: Cast) -> None:
    with_codes(forno)
    gave(forno.agent, "5.00", noon(2))

    with committing_late(forno, while_closing=lambda: closed(forno, "2026-10")):
        november = closed(forno, "2026-11")

    october = PeriodClose.objects.get(month=date(2026, 10, 1))
    assert (october.entries, november.entries) == (1, 1)
    for close in (october, november):
        adds_up(close)


def test_what_commits_in_the_middle_of_a_close_is_whole_in_one_of_them(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It commits after the lines were reckoned, and before the entries are written down."""
    with_codes(forno)
    gave(forno.agent, "5.00", noon(2))

    def commit_then_write(*about: Any) -> bytes:
        together([lambda: gave(forno.colleague, "3.00", noon(31))])
        return journal_of(*about)

    monkeypatch.setattr("reports.closing.close.journal_of", commit_then_write)
    october = closed(forno, "2026-10")
    monkeypatch.undo()
    november = closed(forno, "2026-11")

    assert (october.entries, november.entries) == (1, 1)
    for close in (october, november):
        adds_up(close)


def test_read_twice_the_close_would_hold_what_it_does_not_count(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real: without a table of its own the close reads the ledger twice."""
    gave(forno.agent, "5.00", noon(2))

    def commit_and_read_anew(*about: Any) -> bytes:
        together([lambda: gave(forno.colleague, "3.00", noon(31))])
        act._execute(f"DELETE FROM {act._TABLE}")
        selection = what_it_holds(forno.division, first=date(2026, 10, 1), month=date(2026, 10, 1))
        act._execute(act._GATHER.format(selection=selection.sql), selection.params)
        return journal_of(*about)

    monkeypatch.setattr("reports.closing.close.journal_of", commit_and_read_anew)
    with pytest.raises(IntegrityError, match="A close adds up"):
        closed(forno, "2026-10")
    assert nothing_closed()


def test_agents_go_on_while_a_month_is_closed(forno: Cast) -> None:
    """Nobody waits for finance, and all closes together are the ledger."""
    people = [forno.agent, forno.colleague, forno.people["forno.driver3"]] * 4
    gave(forno.agent, "1.00", noon(1))
    giving = [lambda who=who: gave(who, "1.00", noon(30)) for who in people]

    outcomes = together([*giving, closing(forno, date(2026, 10, 1))])

    assert raised(outcomes) == []
    closed(forno, "2026-11")
    closes = list(PeriodClose.objects.all())
    for close in closes:
        adds_up(close)
    assert sum(close.entries for close in closes) == 13
