"""Following: nothing is lost when it is killed, begun anew or far behind, and it asks little."""

from collections.abc import Callable
from typing import Any

import pytest

from employees.models import Team
from reports.models import DailyCases, RollupState
from reports.rollups import follow as following
from reports.rollups.follow import follow, rebuild
from reports.rollups.recount import recount
from resolutions.models import FollowUp
from resolutions.problem import CustomerDetails
from resolutions.surveys import answer, followed_by_a_program
from tests.cast import Cast
from tests.queries import assert_queries
from tests.reports.rollups.agreed import differing
from tests.reports.rollups.happenings import Happenings

LOOK = [
    "select rollupstate",
    "select rollupstate",
    "select ledgerentry",  # the moment: of each table
    "select team",
    "select resolution",  # of each new entry
    "select authoritygap",
    "select case",
]
KEEP = ["update rollupstate"]
pytestmark = pytest.mark.sqlite  # in a test's one transaction nothing is settled on PostgreSQL


class Killed(BaseException):
    """As by kill -9: nobody catches it."""


@pytest.fixture
def happened(scm: Cast) -> Happenings:
    """Something on each of three days, a month apart."""
    happenings = Happenings(scm)
    for _ in range(3):
        happenings.gave("20.00")
        happenings.later(days=31)
    return happenings


def killed_at(count: int) -> Callable[..., None]:
    """`recount`, which is killed at the so many-th time."""
    left = [count]

    def killed(*args: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed
        recount(*args)

    return killed


@pytest.mark.parametrize("time", [1, 2, 3])
def test_killed_in_the_middle_it_has_done_nothing_and_does_all_next(
    happened: Happenings, monkeypatch: pytest.MonkeyPatch, time: int
) -> None:
    follow(at=happened.at)
    happened.gave("20.00", "1.00")
    happened.refused()
    before = list(DailyCases.objects.order_by("pk").values())
    monkeypatch.setattr(following, "recount", killed_at(time))
    with pytest.raises(Killed):
        follow(at=happened.at)
    assert list(DailyCases.objects.order_by("pk").values()) == before

    monkeypatch.undo()
    assert follow(at=happened.at) == 1
    assert differing() == []
    assert DailyCases.objects.filter(day="2027-02-04").count() == 1 + 2  # once, and by remedy


def test_killed_while_counting_all_it_goes_on_where_it_was(
    happened: Happenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "recount", killed_at(3 * 2 + 1))
    with pytest.raises(Killed):
        rebuild(at=happened.at)
    state = RollupState.objects.get()
    assert (len(state.owed), state.followed_at) == (1, None)
    assert differing() != []

    monkeypatch.undo()
    assert follow(at=happened.at) == 65 - 2 * 14
    state.refresh_from_db()
    assert (state.owed, state.followed_at) == ([], happened.at)
    assert differing() == []


def test_what_changed_on_many_days_is_counted_part_by_part(
    happened: Happenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(at=happened.at)
    monkeypatch.setattr(following, "AT_ONCE", 2)
    for _ in range(3):
        happened.gave("2.00")
        happened.later(days=20)
    assert follow(at=happened.at) == 3
    assert differing() == []


def test_days_are_counted_anew_from_one_on(happened: Happenings) -> None:
    follow(at=happened.at)
    DailyCases.objects.update(cases=7)
    last = max(DailyCases.objects.values_list("day", flat=True))
    rebuild(at=happened.at, since=last)
    wrong = DailyCases.objects.filter(cases=7).values_list("day", flat=True)
    assert wrong
    assert max(wrong) < last
    left: list[int] = []
    rebuild(at=happened.at, progress=left.append)
    assert left == [51, 37, 23, 9, 0]
    assert differing() == []


@pytest.mark.parametrize(
    ("database", "marks"),
    [("another", {}), ("sqlite", {"cases": 10_000}), ("sqlite", {"what is no more": 1})],
)
def test_in_a_database_that_was_moved_or_set_back_all_is_counted_anew(
    happened: Happenings, database: str, marks: dict[str, int]
) -> None:
    follow(at=happened.at)
    DailyCases.objects.update(cases=7)
    state = RollupState.objects.get()
    RollupState.objects.update(database=database, marks=state.marks | marks)
    follow(at=happened.at)
    assert differing() == []
    assert follow(at=happened.at) == 0


def test_answers_are_followed_also_after_one_was_thrown_away(happened: Happenings) -> None:
    mails = []
    for number in range(3):
        customer = CustomerDetails(f"555-010{number}", "", f"{number}@example.com")
        receipt = happened.gave("5.00", customer=customer)
        happened.asked(receipt)
        mails.append(FollowUp.objects.get(case=receipt["id"]))
        happened.later(days=1)
    answer(mails[0], score=1, by_hand=False, at=happened.at)
    follow(at=happened.at)

    followed_by_a_program(mails[0], at=happened.at)
    assert follow(at=happened.at) == 1, "of that day, and not all of it anew"
    answer(mails[1], score=4, by_hand=False, at=happened.at)
    follow(at=happened.at)
    followed_by_a_program(mails[1], at=happened.at)
    answer(mails[2], score=5, by_hand=True, at=happened.at)
    assert follow(at=happened.at) == 2
    assert differing() == []


def test_a_new_team_far_away_is_counted(happened: Happenings) -> None:
    follow(at=happened.at)
    agent = happened.agent
    agent.team = Team.objects.create(
        division=happened.company.division, name="Line Islands", time_zone="Pacific/Kiritimati"
    )
    agent.save()
    happened.gave("20.00")
    follow(at=happened.at)
    assert differing() == []


def test_with_nothing_new_it_looks_and_leaves(happened: Happenings) -> None:
    follow(at=happened.at)
    with assert_queries([*LOOK, *KEEP]):
        assert follow(at=happened.at) == 0


@pytest.mark.parametrize("count", [1, 9])
def test_what_it_asks_does_not_grow_with_what_happened(happened: Happenings, count: int) -> None:
    follow(at=happened.at)
    for _ in range(count):
        happened.gave("2.00")
    counted = ["delete dailycosts", "insert dailycosts", "delete dailycases", "insert dailycases"]
    with assert_queries([*LOOK, *counted, *KEEP]):
        assert follow(at=happened.at) == 1
