"""A few of yesterday's cases are looked at at random: few, the same again, and of every team."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from employees.models import Employee
from resolutions.models import Case, Review
from resolutions.review_sample import SHARE, a_few_of, owe_sample
from resolutions.reviews import owe_review_of_low_score
from resolutions.tasks import draw_sample
from tests.cast import Cast
from tests.giving_back import gave_back
from tests.putting_right import NOW, give_also, put_right, so_many, so_much
from tests.queries import assert_queries
from tests.reviewing import reviewed

TOMORROW = NOW + timedelta(days=1)


def sampled() -> list[tuple[str, str]]:
    rows = Review.objects.filter(why="sample").order_by("employee__username")
    return list(rows.values_list("employee__username", "team__name"))


def one_case(employee: Employee, at: datetime = NOW) -> Case:
    remedy = so_many("reorder" if employee.username.startswith("forno") else "extra-data")
    reason = "late" if employee.username.startswith("forno") else "outage"
    return Case.objects.get(pk=put_right(employee, remedy, reason_code=reason, at=at)["id"])


@pytest.mark.once
@pytest.mark.parametrize("first", [1, 2051, 1_000_000])
def test_about_a_twentieth_is_drawn_and_the_same_again(first: int) -> None:
    cases = range(first, first + 4000)
    drawn = a_few_of(cases)
    assert 0.8 * SHARE < len(drawn) / len(cases) < 1.2 * SHARE
    assert set(a_few_of(cases[:2000])) == {case for case in drawn if case in cases[:2000]}


@pytest.mark.once
def test_of_one_case_one_is_drawn() -> None:
    assert [a_few_of([case]) for case in range(40)] == [[case] for case in range(40)]
    assert a_few_of([]) == []


def test_every_team_has_one_at_least_and_a_second_run_draws_no_more(scm: Cast, forno: Cast) -> None:
    for person in (scm.agent, scm.colleague, scm.people["scm.rep3"], forno.agent):
        one_case(person)
    assert owe_sample(at=TOMORROW) == 3
    first = sampled()
    assert {team for _, team in first} == {"Sydney", "Perth", "Brooklyn"}

    reviewed(forno.manager, Review.objects.get(team__name="Brooklyn"))
    owe_review_of_low_score(Review.objects.get(team__name="Perth").case, at=TOMORROW)
    assert owe_sample(at=TOMORROW + timedelta(hours=2)) == 0
    assert sampled() == first


def test_yesterday_is_the_day_where_the_team_works(scm: Cast) -> None:
    """At 15:00 in London it is 2:00 in Sydney on the next day, and 23:00 still in Perth."""
    at = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    just_before = at - timedelta(hours=2, minutes=1)  # 23:59 in Sydney, 20:59 in Perth
    one_case(scm.agent, at=just_before)
    one_case(scm.people["scm.rep3"], at=just_before)
    one_case(scm.colleague, at=at - timedelta(minutes=1))
    owe_sample(at=at)
    assert sampled() == [("scm.rep1", "Sydney")]

    owe_sample(at=at + timedelta(hours=1))  # midnight in Perth
    assert sampled() == [("scm.rep1", "Sydney"), ("scm.rep3", "Perth")]


def test_it_is_whoever_gave_last_of_what_stands(scm: Cast) -> None:
    receipt = put_right(scm.agent, so_many("extra-data"), reason_code="outage")
    give_also(receipt, scm.colleague, so_many("extra-data"))
    third = give_also(receipt, scm.lead, so_many("plan-upgrade"))
    gave_back(scm.manager, third, place=2)
    owe_sample(at=TOMORROW)
    assert sampled() == [("scm.rep2", "Sydney")]


def test_what_waits_for_another_reason_or_is_not_put_right_is_not_drawn(scm: Cast) -> None:
    put_right(scm.agent, so_much("bill-credit", "160.00"), reason_code="outage")
    put_right(scm.agent, reason_code="outage")
    assert owe_sample(at=TOMORROW) == 0


def test_a_job_draws_it(scm: Cast) -> None:
    one_case(scm.agent)
    with time_machine.travel(TOMORROW, tick=False):
        draw_sample()
    assert sampled() == [("scm.rep1", "Sydney")]


def test_it_takes_as_many_queries_for_many_cases_as_for_few(scm: Cast, forno: Cast) -> None:
    for _ in range(4):
        for person in (scm.agent, scm.people["scm.rep3"], forno.agent):
            one_case(person)
    reads = ["select team", "select resolution"]
    with assert_queries([*reads, "select review", "insert review"]):
        owe_sample(at=TOMORROW)
    with assert_queries(reads):
        owe_sample(at=TOMORROW)
