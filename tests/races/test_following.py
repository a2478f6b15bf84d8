"""Following the ledger beside those who write it: nothing is missed, and nobody waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from budgets.months import open_entitlements
from reports.models import DailyCosts
from reports.rollups import follow as following
from reports.rollups.follow import follow
from reports.rollups.marks import Moment, moment_now
from reports.rollups.recount import recount as recounted
from reports.rollups.state import hold
from tests.cast import Cast
from tests.putting_right import NOW, put_right, so_much
from tests.races.together import together
from tests.reports.rollups.agreed import differing

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ADD = """
    INSERT INTO budgets_ledgerentry (budget_id, kind, amount, request_id, note, at)
    VALUES (%s, 'spend', -1, gen_random_uuid(), '', now())
"""


@pytest.fixture
def budget(forno: Cast) -> int:
    """A budget whose entries agree with no counter: they can be written side by side."""
    return int(open_entitlements(forno.division, month=date(2026, 11, 1)).pk)


@contextmanager
def written_late(budget: int) -> Iterator[None]:
    """An entry whose transaction begins before what is in the block, and ends after it."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        add(budget, other)
        yield
        other.commit()
    finally:
        other.close()


def add(budget: int, own: Any = connection) -> None:
    with own.cursor() as cursor:
        cursor.execute(ADD, [budget])


def given() -> int:
    return sum(DailyCosts.objects.values_list("given", flat=True))


def test_what_is_committed_late_is_counted_then(budget: int) -> None:
    follow(at=NOW)
    with written_late(budget):
        add(budget)
        follow(at=NOW)
        assert given() == 1, "who is late holds up nobody"
    follow(at=NOW)
    assert given() == 2
    assert differing() == []


def test_by_the_latest_mark_it_would_be_missed(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def naive() -> Moment:
        now = moment_now()
        return Moment(now.database, now.ends, now.ends)

    monkeypatch.setattr(following, "moment_now", naive)
    follow(at=NOW)
    with written_late(budget):
        add(budget)
        follow(at=NOW)
    follow(at=NOW)
    assert given() == 1
    assert differing() != []


def test_who_writes_for_hours_does_not_keep_it_busy(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written meanwhile is new each time, and on too many days to be counted at once."""
    monkeypatch.setattr(following, "AT_ONCE", 0)
    follow(at=NOW)
    with written_late(budget):
        add(budget)
        assert [follow(at=NOW), follow(at=NOW)] == [1, 1]
    assert given() == 1


def test_of_two_at_once_one_leaves(budget: int) -> None:
    follow(at=NOW)
    add(budget)
    with transaction.atomic():
        hold()
        assert together([lambda: follow(at=NOW)]) == [0]
        assert given() == 0
    assert follow(at=NOW) == 1


def test_many_at_once_count_it_once(budget: int) -> None:
    add(budget)
    together([lambda: follow(at=NOW)] * 4)
    together([lambda: follow(at=NOW, wait=True)] * 4)
    assert differing() == []
    assert given() == 1


def test_whoever_puts_a_case_right_does_not_wait(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process resolves while the days are being counted, and is through before that is."""
    put_right(forno.agent, so_much("money-off", "5.00"))
    a_little, meanwhile = so_much("money-off", "1.00"), list[Any]()

    def recount(*args: Any) -> None:
        recounted(*args)
        meanwhile.extend(together([lambda: put_right(forno.colleague, a_little)]))

    monkeypatch.setattr(following, "recount", recount)
    follow(at=NOW)
    assert {receipt["state"] for receipt in meanwhile} == {"put-right"}

    monkeypatch.undo()
    follow(at=NOW)
    assert differing() == []
