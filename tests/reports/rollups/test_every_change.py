"""Whatever changes is followed: what was added up is what the raw rows say again.

Each change is looked at once before it is followed, to see that it would be missed.
"""

from collections.abc import Callable, Iterator

import pytest

from employees.models import Team
from reports.models import DailyCases, DailyCosts, DailyGaps
from reports.rollups.follow import follow
from resolutions.problem import Details
from tests.cast import Cast
from tests.reports.rollups.agreed import assert_agreed, differing, every_scope, whole
from tests.reports.rollups.happenings import KNOWN, Happenings

Change = Callable[[Happenings], Iterator[None]]
CHANGES: dict[str, Change] = {}


def change(what: Change) -> Change:
    """A change: it happens after the `yield`."""
    CHANGES[what.__name__.replace("_", " ")] = what
    return what


@change
def a_case_is_put_right(h: Happenings) -> Iterator[None]:
    yield
    h.gave("20.00", "3.50")


@change
def a_case_that_was_open_is_put_right(h: Happenings) -> Iterator[None]:
    opened = h.told()
    yield
    h.later(hours=30)
    h.gave_more(opened)


@change
def a_case_is_put_right_past_midnight_in_perth(h: Happenings) -> Iterator[None]:
    yield
    h.later(hours=2.75)
    h.gave("20.00", by=h.company.people["scm.rep3"])


@change
def more_is_given_days_later(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    yield
    h.later(days=3)
    h.gave_more(receipt)


@change
def someone_goes_a_little_further(h: Happenings) -> Iterator[None]:
    yield
    h.gave("160.00")


@change
def a_customer_is_owed_it(h: Happenings) -> Iterator[None]:
    h.company.rule(effect="grant", value="500.00", remedies=["bill-credit"], entitlement=True)
    yield
    h.gave("300.00")


@change
def a_colleague_lends(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    yield
    h.lent(receipt)


@change
def all_of_it_is_given_back(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    h.lent(receipt)
    yield
    h.later(days=2)
    h.gave_back(receipt)


@change
def one_of_two_is_given_back(h: Happenings) -> Iterator[None]:
    receipt = h.gave_more(h.gave("20.00"))
    yield
    h.later(days=2)
    h.gave_back(receipt)


@change
def the_customer_comes_back(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    yield
    h.later(days=3)
    h.came_back(receipt)


@change
def the_customer_came_back_and_it_is_put_right_again(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    h.later(days=3)
    h.came_back(receipt)
    yield
    h.gave_more(receipt)


@change
def a_case_is_closed(h: Happenings) -> Iterator[None]:
    opened = h.told()
    yield
    h.closed(opened)


@change
def a_case_is_handed_over(h: Happenings) -> Iterator[None]:
    opened = h.told()
    yield
    h.handed_over(opened)


@change
def who_was_handed_over_comes_back(h: Happenings) -> Iterator[None]:
    opened = h.told()
    h.handed_over(opened)
    yield
    h.later(days=2)
    h.came_back(opened)


@change
def a_case_is_put_right_after_it_was_handed_over(h: Happenings) -> Iterator[None]:
    opened = h.told()
    h.handed_over(opened)
    h.later(days=1)
    h.came_back(opened)
    yield
    h.later(days=1)
    h.gave_more(opened)


@change
def the_customer_tells_of_the_same_again(h: Happenings) -> Iterator[None]:
    h.gave("20.00")
    yield
    h.later(days=6)
    h.told()


@change
def the_customer_tells_of_another_thing(h: Happenings) -> Iterator[None]:
    h.gave("20.00")
    yield
    h.later(days=6)
    h.gave("1.00", reason_code="roaming")


@change
def who_they_are_is_told_later(h: Happenings) -> Iterator[None]:
    h.gave("20.00")
    h.later(days=5)
    opened = h.told(customer=None)
    h.later(days=10)
    yield
    h.gave_more(opened, later=Details(customer=KNOWN))


@change
def a_customer_is_asked(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    yield
    h.later(days=1)
    h.asked(receipt)


@change
def a_customer_answers(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    h.asked(receipt)
    yield
    h.later(days=9)
    h.said(receipt, 5)


@change
def a_customer_changes_the_answer(h: Happenings) -> Iterator[None]:
    receipt = h.gave("20.00")
    h.asked(receipt)
    h.said(receipt, 5)
    yield
    h.said(receipt, 2)


@change
def something_is_refused(h: Happenings) -> Iterator[None]:
    yield
    h.refused()


@change
def a_team_moves_to_another_time_zone(h: Happenings) -> Iterator[None]:
    h.gave("20.00")
    h.refused()
    yield
    Team.objects.filter(name="Sydney").update(time_zone="America/New_York")


@pytest.mark.once  # and on PostgreSQL below, where each has to be committed to be new
@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_followed(scm: Cast, name: str) -> None:
    happenings = Happenings(scm)
    change = CHANGES[name](happenings)
    next(change)
    follow(at=happenings.at)
    assert differing() == []

    assert next(change, None) is None
    assert differing() != []

    follow(at=happenings.at)
    assert_agreed(whole(scm.division), today=happenings.at.date())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_every_change_that_is_committed_is_followed(scm: Cast) -> None:
    scm.division.tiers.update(monthly_budget=5000)  # for all of them
    happenings = Happenings(scm)
    follow(at=happenings.at)
    for name, change in CHANGES.items():
        happenings.later(days=1)
        for _ in change(happenings):
            follow(at=happenings.at)
        assert follow(at=happenings.at) > 0, name
        assert differing() == [], name
    assert_agreed(*every_scope(scm.division), today=happenings.at.date())


def test_what_changes_nothing_that_is_counted_counts_no_day(scm: Cast) -> None:
    Happenings(scm).told()
    follow(at=Happenings(scm).at)
    tables = (DailyCosts, DailyCases, DailyGaps)
    assert not any(table._default_manager.exists() for table in tables)
