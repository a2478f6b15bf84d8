"""The sidelines: a lead watches the team's day, and there is no button that could stop anybody."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from employees.models import Employee
from reports.rollups.follow import follow
from resolutions.models import AuthorityGap, Case, FollowUp, Review, ReviewReason
from resolutions.surveys import MOMENTS, answer
from tests.cast import Cast
from tests.gaps import refuse
from tests.pages import client_of, words
from tests.putting_right import KIM_LEE, NOW, put_right, so_many, so_much
from tests.queries import assert_queries
from tests.surveys import said

SIDELINES = "/sidelines/"


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def sees(lead: Employee) -> str:
    return words(client_of(lead).get(SIDELINES))


def test_a_lead_sees_cases_being_solved_and_put_right(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), at=NOW - timedelta(minutes=5))
    waiting = put_right(forno.colleague, reason_code="cold", at=NOW - timedelta(minutes=2))
    page = sees(forno.lead)
    solving, ended = page.split("Put right and ended today")
    assert f"Cold food {forno.colleague.called} · since today 09:58" in solving
    assert f"Late $5.00 Free pizza · {forno.agent.called} · today 09:55" in ended
    assert Case.objects.get(pk=waiting["id"]).number not in ended


def test_what_ended_yesterday_is_no_news(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), at=NOW - timedelta(hours=11))
    assert "Nothing yet today." in sees(forno.lead)


def test_the_day_begins_at_midnight_where_the_team_works(forno: Cast) -> None:
    midnight = NOW.replace(hour=5, minute=0)  # in New York
    put_right(forno.agent, so_many("reorder"), at=midnight - timedelta(seconds=1))
    assert "Nothing yet today." in sees(forno.lead)
    put_right(forno.agent, so_many("free-pizza"), at=midnight)
    assert "today 00:00" in sees(forno.lead)


def test_another_teams_day_is_not_shown(forno: Cast) -> None:
    stranger = next(p for p in forno.people.values() if p.tier and p.team != forno.lead.team)
    case = put_right(stranger, so_many("free-pizza"), customer=KIM_LEE)
    said(case["id"], 1, at=NOW, comment="Somewhere else")
    refuse(stranger, so_much("money-off", "40.00"))
    page = sees(forno.lead)
    assert "Nothing yet today." in page
    assert "No answers yet today." in page
    assert "Nothing stopped anybody today." in page
    assert stranger.called not in page


def test_a_low_score_stands_first_with_the_customers_words(forno: Cast) -> None:
    first = put_right(forno.agent, so_many("reorder"), customer=KIM_LEE)
    second = put_right(forno.agent, so_many("free-pizza"))
    said(first["id"], 5, at=NOW)
    said(second["id"], 2, at=NOW, aspect="remedy", comment="Nobody called back")
    answers = sees(forno.lead).split("What customers said today")[1]
    assert "Late 2 of 5 “Nobody called back” about what they were given" in answers
    assert answers.index("2 of 5") < answers.index("5 of 5")


def test_who_thinks_better_of_their_answer_today_is_news_of_today(forno: Cast) -> None:
    case = put_right(forno.agent, so_many("reorder"), customer=KIM_LEE, at=NOW - timedelta(days=3))
    said(case["id"], 5, at=NOW - timedelta(days=2))
    assert "No answers yet today." in sees(forno.lead)
    mail = FollowUp.objects.get(case=case["id"])
    answer(mail, score=1, by_hand=True, at=NOW - timedelta(minutes=1))
    assert "Late 1 of 5 today 09:59" in sees(forno.lead)


def test_what_a_page_sent_by_itself_is_told_when_it_stands(forno: Cast) -> None:
    case = put_right(forno.agent, so_many("reorder"), customer=KIM_LEE, at=NOW - timedelta(hours=1))
    mail = FollowUp.objects.get(case=case["id"])
    answer(mail, score=1, by_hand=False, at=NOW - MOMENTS + timedelta(seconds=1))
    assert "No answers yet today." in sees(forno.lead)
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert "Late 1 of 5" in sees(forno.lead)


def test_the_day_is_added_up_and_says_how_far(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), at=NOW - timedelta(minutes=5))
    put_right(forno.colleague, so_many("reorder"), at=NOW - timedelta(minutes=4))
    assert "Put right 0 What it cost $0.00" in sees(forno.lead)
    follow(at=NOW)
    page = sees(forno.lead)
    assert "Put right 2 What it cost $9.00 Handed over 0" in page
    assert "As of 10:00:00; added up to 10:00" in page


def test_gaps_and_what_waits_to_be_looked_at(forno: Cast) -> None:
    refuse(forno.agent, so_much("money-off", "40.00"))
    case = AuthorityGap.objects.get().case or Case.objects.get(
        pk=put_right(forno.agent, so_many("free-pizza"))["id"]
    )
    Review.objects.create(
        case=case, employee=forno.agent, team=forno.agent.team, why=ReviewReason.SAMPLE
    )
    page = sees(forno.lead)
    assert "Money off the bill $40.00" in page
    assert "1 to look at afterwards, when there is time" in page


def test_months_stand_by_name_and_one_that_is_over_says_so(forno: Cast) -> None:
    forno.tiers["Driver"].over_budget_percent = 25
    forno.tiers["Driver"].save()
    forno.agent.personal_budget = Decimal("4.00")
    forno.agent.save()
    put_right(forno.agent, so_many("free-pizza"))
    months = sees(forno.lead).split("What is left of November")[1]
    assert f"{forno.agent.called} $1.00 over" in months
    assert f"{forno.colleague.called} $120.00 of $120.00" in months
    team = [p.called for p in forno.people.values() if p.tier and p.team == forno.lead.team]
    places = [months.index(name) for name in sorted(team, key=str.casefold)]
    assert places == sorted(places)


@pytest.mark.once
def test_there_is_no_button_but_the_one_to_sign_out(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"))
    put_right(forno.colleague, reason_code="cold")
    page = client_of(forno.lead).get(SIDELINES).content.decode()
    assert page.count("<form") == page.count("<button") == 1
    assert 'action="/sign-out/"' in page


@pytest.mark.once
def test_only_the_part_that_changes_is_asked_for_again(forno: Cast) -> None:
    client = client_of(forno.lead)
    page = client.get(SIDELINES).content.decode()
    assert 'hx-get="/sidelines/" hx-trigger="every 20s"' in page
    assert "hx-trigger" not in client.get(SIDELINES, {"still": ""}).content.decode()
    part = client.get(SIDELINES, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Being solved now" in part


@pytest.mark.once
def test_others_have_no_sidelines(forno: Cast, head_office: dict[str, Employee]) -> None:
    for person in (forno.agent, forno.manager, *head_office.values()):
        assert client_of(person).get(SIDELINES).status_code == 403


@pytest.mark.once
def test_a_lead_without_a_team_is_told_so(forno: Cast) -> None:
    lead = forno.lead
    lead.team = lead.tier = None
    lead.save()
    assert "You are in no team yet." in sees(lead)


def test_the_sidelines_have_as_many_queries_however_much_happens(forno: Cast) -> None:
    client = client_of(forno.lead)
    client.get(SIDELINES)
    for count in (0, 4):
        for n in range(count):
            case = put_right(forno.agent, so_many("free-pizza"), customer=f"C-{n}")
            said(case["id"], 3, at=NOW)
            put_right(forno.colleague, reason_code="cold", customer=f"D-{n}")
            refuse(forno.agent, so_much("money-off", "40.00"))
        expected = [
            "session",
            "employees_employee",
            "rollupstate",
            "dailycosts",
            "dailycases",
            *(["resolutions_case", "resolution"] if count else ["resolutions_case"]),
            *(["resolutions_case", "resolution"] if count else ["resolutions_case"]),
            "budgets_budget",
            "employees_employee",
            "surveyresponse",
            "policies_policy",  # the rule of each gap as it is now, with the gaps
            "review",
        ]
        with assert_queries(expected):
            client.get(SIDELINES, headers={"HX-Request": "true"})
