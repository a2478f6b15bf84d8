"""The page of what is looked at afterwards, and where whoever decided reads what was said."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from employees.models import Employee
from resolutions.models import Case, Review
from tests.cast import Cast
from tests.giving_back import LOST, gave_back
from tests.pages import client_of, words
from tests.putting_right import KIM_LEE, NOW, put_right, so_many, so_much
from tests.queries import assert_queries, plan_of
from tests.reviewing import LEARN, lead_elsewhere, reviewed, went_further
from tests.surveys import said as customer_said

PAGE = "/afterwards/"


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def read(employee: Employee, where: str = PAGE) -> str:
    return words(client_of(employee).get(where))


def say(employee: Employee, review: Review, **said: str) -> Any:
    return client_of(employee).post(f"{PAGE}{review.pk}/", {"outcome": "backed", **said})


def scored(receipt: dict[str, Any], score: int, **words: str) -> Review:
    """The customer answers, and is not content."""
    customer_said(receipt["id"], score, at=NOW, **words)
    return Review.objects.get(case=receipt["id"], why="low-score")


# --- What the page shows ---


def test_it_shows_what_was_given_why_it_is_here_and_the_bound_with_its_reason(scm: Cast) -> None:
    review = went_further(scm)
    said = read(scm.lead)
    assert (
        f"Outage A$160.00 Rep1 · {review.case.number} · today 02:00 A little further than the limit"
    ) in said
    assert "Bill credit A$160.00 A little further. The tier's limit for the case: A$150.00" in said
    assert "Bill credit: " in said, "why: the remedy's own, as the tier's limit names none"


@pytest.mark.once
def test_what_a_rule_bound_is_shown_with_the_rules_reason(scm: Cast) -> None:
    scm.rule("Fifty", value="50.00", remedies=["bill-credit"], review_afterwards=True)
    put_right(scm.agent, so_much("bill-credit", "5.00"), reason_code="outage")
    said = read(scm.lead)
    assert "A rule asks for it" in said
    assert (
        "Within authority. A rule allows at most: Fifty: A$50.00 Fifty: that is fair to everyone."
    ) in said


@pytest.mark.once
def test_the_customers_score_and_words_are_there(scm: Cast) -> None:
    receipt = put_right(scm.agent, so_many("extra-data"), reason_code="outage", customer=KIM_LEE)
    scored(receipt, 2, aspect="speed", comment="Three calls <b>for this</b>.")
    said = read(scm.lead)
    assert "2 of 5 from the customer, about how quickly it went" in said
    assert "“Three calls <b>for this</b>.”" in said
    assert KIM_LEE.name not in said


def test_what_was_given_back_is_said_with_its_reason_and_costs_nothing(scm: Cast) -> None:
    gave_back(scm.agent, put_right(scm.agent, so_many("extra-data", 4), reason_code="outage"))
    said = read(scm.lead)
    assert "Outage A$0.00" in said
    assert f"Given back {LOST}" in said


def test_second_failures_come_first_then_low_scores_then_the_latest(scm: Cast) -> None:
    days = [NOW - timedelta(days=n) for n in (4, 3, 2, 1)]
    again = put_right(scm.agent, so_much("bill-credit", "151.00"), reason_code="outage", at=days[0])
    Case.objects.filter(pk=again["id"]).update(second_failure=True)
    low = put_right(scm.colleague, so_many("extra-data"), reason_code="outage", at=days[1])
    scored(low, 1)
    old = put_right(
        scm.colleague, so_much("bill-credit", "152.00"), reason_code="outage", at=days[2]
    )
    new = gave_back(
        scm.people["scm.lead1"],
        put_right(scm.lead, so_many("extra-data"), reason_code="outage", at=days[3]),
    )
    said = read(scm.manager)
    places = [said.index(each["number"]) for each in (again, low, new, old)]
    assert places == sorted(places)


def test_several_reasons_of_one_decision_are_one_thing_to_look_at(scm: Cast) -> None:
    review = went_further(scm)
    scored({"id": review.case_id}, 1)
    said = read(scm.lead)
    assert "A little further than the limit The customer was not content 1 of 5" in said
    assert said.count(review.case.number) == 3  # where it stands, and on its two buttons
    assert say(scm.lead, Review.objects.latest("pk")).status_code == 302
    assert not Review.objects.to_look_at().exists()


@pytest.mark.once
def test_without_anything_it_says_so_kindly(scm: Cast) -> None:
    assert "Nothing waits for you." in read(scm.lead)


def test_it_is_read_a_page_at_a_time(scm: Cast) -> None:
    for n in range(11):
        receipt = put_right(scm.agent, so_many("payment-extension"), reason_code="outage")
        scored(receipt, 1, comment=f"Words {n}.")
    first, second, odd = (read(scm.lead, f"{PAGE}?page={n}") for n in ("1", "2", "x"))
    assert (first.count("“Words"), second.count("“Words"), odd.count("“Words")) == (10, 1, 10)


# --- Who sees what ---


def test_a_lead_sees_the_teams_and_a_manager_the_divisions(scm: Cast, forno: Cast) -> None:
    of_team = went_further(scm).case.number
    of_perth = went_further(scm, agent=scm.people["scm.rep3"]).case.number
    own = went_further(scm, "510.00", agent=scm.lead).case.number
    assert of_team in read(scm.lead)
    assert of_perth not in read(scm.lead)
    assert own not in read(scm.lead)
    for number in (of_team, of_perth, own):
        assert number in read(scm.manager)
        assert number not in read(forno.manager)
    assert of_perth in read(lead_elsewhere(scm))


@pytest.mark.once
def test_the_way_to_it_is_where_leads_and_managers_look(scm: Cast) -> None:
    def leads_there(employee: Employee, page: str) -> bool:
        return f'href="{PAGE}"' in client_of(employee).get(page).content.decode()

    assert leads_there(scm.lead, "/sidelines/")
    assert not leads_there(scm.agent, "/")
    assert leads_there(scm.manager, "/admin/")
    assert client_of(scm.agent).get(PAGE).status_code == 403


@pytest.mark.once
def test_a_lead_is_led_to_cases_of_the_team_only_and_a_manager_into_the_admin(scm: Cast) -> None:
    """Who helps out in another team's case is looked at by their own lead, who can't open it."""
    elsewhere = put_right(scm.people["scm.rep3"], reason_code="outage")
    review = went_further(scm)
    foreign = Review.objects.create(
        case_id=elsewhere["id"], employee=scm.agent, team=scm.agent.team, why="sample"
    )
    page = client_of(scm.lead).get(PAGE).content.decode()
    assert f'href="/cases/{review.case_id}/"' in page
    assert elsewhere["number"] in page
    assert f'href="/cases/{foreign.case_id}/"' not in page
    of_manager = client_of(scm.manager).get(PAGE).content.decode()
    assert f'href="/admin/resolutions/case/{foreign.case_id}/change/"' in of_manager


# --- Saying it ---


def test_it_is_backed_by_a_button_and_gone_from_the_list(scm: Cast) -> None:
    review = went_further(scm)
    client = client_of(scm.lead)
    answer = client.post(f"{PAGE}{review.pk}/", {"outcome": "backed"}, follow=True)
    said = words(answer)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert f"{review.case.number} is looked at. Nothing waits for you." in said
    assert f"Said lately Backed today 02:00 Rep1 · {review.case.number}" in said


def test_it_is_backed_with_a_note(scm: Cast) -> None:
    review = went_further(scm)
    assert say(scm.manager, review, outcome="with-a-note", note=f" {LEARN} ").status_code == 302
    review.refresh_from_db()
    assert (review.outcome, review.note, review.reviewed_by) == ("with-a-note", LEARN, scm.manager)
    told = f"Backed, with a note to learn from today 02:00 {LEARN} Rep1 · {review.case.number}"
    assert f"{told} · by Manager" in read(scm.lead)


@pytest.mark.once
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"outcome": "with-a-note", "note": " "}, "Write what there is to learn from it"),
        ({"outcome": "with-a-note", "note": "x" * 4001}, "Write at most 4,000 characters"),
        ({"outcome": "reversed", "note": ""}, "Say that it is backed"),
        ({"outcome": "backed", "note": "Well done."}, "With a note it is"),
    ],
)
def test_what_can_not_be_said_comes_back_with_what_was_written(
    scm: Cast, said: dict[str, str], told: str
) -> None:
    review = went_further(scm)
    answer = say(scm.lead, review, **said)
    assert answer.status_code == 400
    assert told in words(answer)
    assert "<details open>" in answer.content.decode()
    assert said["note"].strip() in answer.content.decode()
    assert Review.objects.to_look_at().count() == 1


@pytest.mark.once
def test_what_is_wrong_is_told_on_the_page_where_it_was_written(scm: Cast) -> None:
    for _ in range(11):
        scored(put_right(scm.agent, so_many("payment-extension"), reason_code="outage"), 1)
    last = Review.objects.earliest("pk")
    page = client_of(scm.lead).get(f"{PAGE}?page=2").content.decode()
    action = f'action="{PAGE}{last.pk}/?page=2"'
    assert page.count(action) == 2  # with a note and without
    answer = client_of(scm.lead).post(f"{PAGE}{last.pk}/?page=2", {"outcome": "with-a-note"})
    assert "Write what there is to learn from it" in words(answer)

    from_the_first = client_of(scm.lead).post(f"{PAGE}{last.pk}/", {"outcome": "with-a-note"})
    assert "by it. Write what there is to learn from it" in words(from_the_first)
    assert f'href="{PAGE}?page=2"' in from_the_first.content.decode()


def test_whoever_says_it_stays_on_the_page_where_they_are(scm: Cast) -> None:
    for _ in range(12):
        scored(put_right(scm.agent, so_many("payment-extension"), reason_code="outage"), 1)
    client = client_of(scm.lead)
    for review, there in zip(Review.objects.order_by("pk")[:2], (True, False), strict=True):
        said = {"outcome": "backed"}
        answer = client.post(f"{PAGE}{review.pk}/?page=2", said, follow=True)
        assert answer.redirect_chain == [(f"{PAGE}?page=2", 302)]
        assert ("2 of 2" in words(answer)) is there


def test_who_comes_second_is_told_what_was_said(scm: Cast) -> None:
    review = went_further(scm)
    reviewed(scm.lead, review, note=LEARN)
    answer = say(scm.manager, review)
    assert answer.status_code == 409
    assert f"Lead1 looked at it already. Backed, with a note to learn from: “{LEARN}”" in words(
        answer
    )


def test_ones_own_and_others_can_not_be_looked_at(scm: Cast, forno: Cast) -> None:
    own = went_further(scm, "510.00", agent=scm.lead)
    answer = say(scm.lead, own)
    assert answer.status_code == 403
    assert "by nobody who took them" in words(answer)
    for stranger, status in ((scm.agent, 403), (lead_elsewhere(scm), 404), (forno.manager, 404)):
        assert say(stranger, own).status_code == status
    assert say(scm.manager, own).status_code == 302


@pytest.mark.once
def test_it_can_not_be_said_by_a_link(scm: Cast) -> None:
    review = went_further(scm)
    assert client_of(scm.lead).get(f"{PAGE}{review.pk}/").status_code == 405
    assert client_of(scm.lead).post(f"{PAGE}999999/", {"outcome": "backed"}).status_code == 404


# --- Where whoever decided reads it ---


def test_the_desk_says_quietly_what_was_said(scm: Cast) -> None:
    review = went_further(scm)
    assert "backed you" not in read(scm.agent, "/")
    reviewed(scm.lead, review, note=LEARN, at=NOW)
    assert f"Lead1 backed you: {review.case.number} “{LEARN}” I have read it" in read(
        scm.agent, "/"
    )
    for other in (scm.colleague, scm.lead):
        assert "backed you" not in read(other, "/")


def test_what_was_read_on_the_desk_is_gone_from_it_and_the_rest_comes(scm: Cast) -> None:
    for _ in range(6):
        scored(put_right(scm.agent, so_many("payment-extension"), reason_code="outage"), 1)
    for review in Review.objects.select_related("case"):
        reviewed(scm.lead, review, at=NOW)
    client = client_of(scm.agent)
    desk = client.get("/")
    assert words(desk).count("backed you") == 5

    shown = [pk for said in desk.context["backed"] for pk in said.of]
    assert client.post(f"{PAGE}seen/", {"review": shown}).status_code == 302
    assert words(client.get("/")).count("backed you") == 1
    assert Review.objects.filter(seen_at=NOW).count() == 5


def test_nobody_reads_it_in_anothers_place(scm: Cast) -> None:
    waiting, said = went_further(scm), went_further(scm, agent=scm.colleague)
    reviewed(scm.lead, said, at=NOW)
    odd = ["", "x", "-1", "٣", "9" * 40]
    for review in (waiting, said):
        answer = client_of(scm.agent).post(f"{PAGE}seen/", {"review": [review.pk, *odd]})
        assert answer.status_code == 302
    assert not Review.objects.filter(seen_at__isnull=False).exists()


def test_the_case_tells_it_and_who_reads_that_has_seen_it(scm: Cast) -> None:
    review = went_further(scm)
    scored({"id": review.case_id}, 1)
    reviewed(scm.lead, Review.objects.latest("pk"), note=LEARN, at=NOW)
    case = f"/cases/{review.case_id}/"

    looked, backed = (
        "Looked at afterwards",
        f"backed, with a note to learn from today 02:00 {LEARN}",
    )
    assert f"{looked} Rep1: {backed}" in read(scm.lead, case)
    assert not Review.objects.filter(seen_at__isnull=False).exists()

    assert read(scm.agent, case).count(f"{looked} {backed} by Lead1") == 1
    assert Review.objects.filter(seen_at=NOW).count() == 2
    assert "backed you" not in read(scm.agent, "/")


def test_a_colleague_in_the_same_case_does_not_read_it(scm: Cast) -> None:
    review = went_further(scm)
    put_right(scm.colleague, so_many("extra-data"), reason_code="outage")
    Case.objects.filter(pk=review.case_id).update(opened_by=scm.colleague)
    reviewed(scm.lead, review, note=LEARN, at=NOW)
    assert LEARN not in read(scm.colleague, f"/cases/{review.case_id}/")


# --- What it costs ---


@pytest.mark.parametrize("many", [1, 4])
def test_reading_takes_as_many_queries_for_many_as_for_few(scm: Cast, many: int) -> None:
    for _ in range(2 * many):
        scored(put_right(scm.agent, so_many("payment-extension"), reason_code="outage"), 1)
    said = Review.objects.select_related("case")[:many]
    for review in said:
        reviewed(scm.manager, review, at=NOW)
    lead, agent = client_of(scm.lead), client_of(scm.agent)
    who = ["session", "select employee"]
    page = ["select review", "select review"]  # how many there are, and which on this page
    items = ["select review", "select resolution", "select ledgerentry"]
    lead.get("/")  # the rulebook is read
    with assert_queries([*who, *page, *items, "select review"]):  # the last: said lately
        lead.get(PAGE)

    told = ["case", "resolution", "ledgerentry", "contact", "conclusion", "gap", "review"]
    with assert_queries([*who, *told, "budget", "update review"]):
        agent.get(f"/cases/{said[0].case_id}/")
    with assert_queries([*who, "update review"]):
        agent.post(f"{PAGE}seen/", {"review": [review.pk for review in said]})


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("role", "waits", "lately"),
    [
        ("lead", "reviews_that_wait", "reviews_said_in_a_team"),
        ("manager", "", "reviews_said_lately"),
    ],
)
def test_years_of_looking_are_not_read_again(scm: Cast, role: str, waits: str, lately: str) -> None:
    """What waits and what was said last are each found by an index that holds nothing else."""
    of_case = {"division": scm.division, "reason_code": scm.reasons["outage"], "opened_at": NOW}
    cases = Case.objects.bulk_create(Case(**of_case) for _ in range(800))
    said: dict[str, Any] = {"outcome": "backed", "reviewed_by": scm.manager, "reviewed_at": NOW}
    waiting = {"team": scm.teams["Perth"]}
    # Little of it is of the lead's own team: else two indexes cost nearly the same; either may win.
    hows = cycle([{"team": scm.agent.team, **said}, *[{**waiting, **said}] * 9, *[waiting] * 10])
    Review.objects.bulk_create(
        Review(case=case, employee=scm.agent, why="sample", **how)
        for case, how in zip(cases, hows, strict=False)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE resolutions_case, resolutions_review")
    client = client_of(getattr(scm, role))
    with CaptureQueriesContext(connection) as made:
        client.get(PAGE)
    sqls = [query["sql"] for query in made.captured_queries]
    plans = [plan_of(sql) for sql in sqls if 'FROM "resolutions_review"' in sql]
    assert waits in plans[0]
    assert lately in plans[-1]
    assert "Sort" not in plans[-1]
