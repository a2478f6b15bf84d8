"""What is looked at afterwards comes to a list, is looked at once, and nothing is undone by it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from employees.models import Employee, Role
from resolutions.errors import InvalidCase, NotTheirsToReview, OutsideAuthority, ReviewedAlready
from resolutions.models import Case, Review
from resolutions.reviews import owe_review_of_low_score
from tests.cast import Cast
from tests.giving_back import gave_back
from tests.putting_right import NOW, give_also, put_right, rows_written, so_many, so_much
from tests.queries import assert_queries
from tests.raw_sql import guards_down
from tests.reviewing import LATER, LEARN, lead_elsewhere, reviewed, went_further


def waiting() -> list[tuple[str, str]]:
    """Whose decisions wait to be looked at, and why."""
    rows = Review.objects.to_look_at().order_by("pk")
    return list(rows.values_list("employee__username", "why"))


# --- What comes to the list ---


@pytest.mark.parametrize(("amount", "why"), [("150.00", []), ("150.01", [("scm.rep1", "grace")])])
def test_what_went_beyond_the_limit_of_a_case_is_to_be_looked_at(
    scm: Cast, amount: str, why: list[tuple[str, str]]
) -> None:
    put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")
    assert waiting() == why


def test_what_went_over_the_month_is_to_be_looked_at(scm: Cast) -> None:
    for amount in ("150.00", "60.00"):
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")
    assert waiting() == [("scm.rep1", "over-budget")]


def test_what_a_rule_wants_looked_at_is(scm: Cast) -> None:
    scm.rule(value="90.00", remedies=["bill-credit"], review_afterwards=True)
    put_right(scm.agent, so_much("bill-credit", "5.00"), reason_code="outage")
    put_right(scm.agent, so_many("extra-data"), reason_code="outage")
    assert waiting() == [("scm.rep1", "rule")]


def test_it_is_of_the_team_of_who_gave_and_of_that_moment(scm: Cast) -> None:
    review = went_further(scm)
    assert (review.team, review.at, review.outcome) == (scm.agent.team, NOW, "")


def test_a_case_waits_once_for_each_reason(scm: Cast) -> None:
    receipt = put_right(
        scm.agent,
        so_much("bill-credit", "140.00"),
        so_much("fee-waiver", "15.00"),
        reason_code="outage",
    )
    give_also(receipt, scm.agent, so_much("bill-credit", "10.00"))
    assert waiting() == [("scm.rep1", "grace")]


def test_what_is_given_after_it_was_looked_at_waits_again(scm: Cast) -> None:
    review = went_further(scm)
    reviewed(scm.lead, review)
    give_also({"id": review.case_id}, scm.agent, so_much("bill-credit", "5.00"), at=LATER)
    assert waiting() == [("scm.rep1", "grace")]


def test_what_its_giver_gave_back_is_looked_at_and_no_other(scm: Cast) -> None:
    for who in (scm.agent, scm.lead):
        receipt = put_right(scm.agent, so_many("extra-data"), reason_code="outage")
        gave_back(who, receipt)
    assert waiting() == [("scm.rep1", "given-back")]


def test_a_low_score_is_of_whoever_gave_last_and_waits_once(scm: Cast) -> None:
    receipt = put_right(scm.agent, so_many("extra-data"), reason_code="outage")
    give_also(receipt, scm.colleague, so_many("extra-data"), at=LATER)
    case = Case.objects.get(pk=receipt["id"])
    for _ in range(2):
        owe_review_of_low_score(case, at=LATER)
    assert waiting() == [("scm.rep2", "low-score")]

    reviewed(scm.lead, Review.objects.get())
    owe_review_of_low_score(case, at=LATER)
    assert waiting() == []


def test_a_low_score_without_anything_given_is_nobodys(scm: Cast) -> None:
    receipt = put_right(scm.agent, reason_code="outage")
    owe_review_of_low_score(Case.objects.get(pk=receipt["id"]), at=LATER)
    assert waiting() == []


def test_what_is_refused_leaves_nothing_on_the_list(scm: Cast) -> None:
    with pytest.raises(OutsideAuthority):
        put_right(
            scm.agent,
            so_much("bill-credit", "160.00"),
            so_much("fee-waiver", "900.00"),
            reason_code="outage",
        )
    assert waiting() == []


# --- Looking at it ---


def test_it_is_backed_with_who_and_when(scm: Cast) -> None:
    review = went_further(scm)
    reviewed(scm.lead, review)
    review.refresh_from_db()
    assert (review.outcome, review.note) == ("backed", "")
    assert (review.reviewed_by, review.reviewed_at, review.seen_at) == (scm.lead, LATER, None)


def test_all_that_waits_of_a_decision_is_looked_at_at_once(scm: Cast) -> None:
    grace = went_further(scm)
    owe_review_of_low_score(grace.case, at=LATER)
    other = went_further(scm, agent=scm.colleague)
    reviewed(scm.manager, Review.objects.get(why="low-score"), note=LEARN)
    said = Review.objects.looked_at().values_list("why", "outcome", "note")
    assert set(said) == {
        ("grace", "with-a-note", LEARN),
        ("low-score", "with-a-note", LEARN),
    }
    assert list(Review.objects.to_look_at()) == [other]


def test_what_came_after_it_was_read_stays_on_the_list(scm: Cast) -> None:
    grace = went_further(scm)
    owe_review_of_low_score(grace.case, at=LATER)
    reviewed(scm.lead, grace)
    assert waiting() == [("scm.rep1", "low-score")]


def test_nothing_is_undone_by_it(scm: Cast) -> None:
    review = went_further(scm)
    before = {name: rows for name, rows in rows_written().items() if name != "Review"}
    reviewed(scm.lead, review, note=LEARN)
    after = {name: rows for name, rows in rows_written().items() if name != "Review"}
    assert after == before
    assert review.case.resolutions.get().cost == Decimal("160.00")


@pytest.mark.parametrize(
    "who",
    [
        lambda scm, forno: scm.agent,
        lambda scm, forno: scm.colleague,
        lambda scm, forno: lead_elsewhere(scm),
        lambda scm, forno: forno.lead,
        lambda scm, forno: forno.manager,
    ],
    ids=[
        "oneself",
        "a colleague",
        "another team’s lead",
        "a lead",
        "a manager of another division",
    ],
)
def test_it_is_looked_at_by_the_lead_or_a_manager(
    scm: Cast, forno: Cast, who: Callable[[Cast, Cast], Employee]
) -> None:
    review = went_further(scm)
    with pytest.raises(NotTheirsToReview):
        reviewed(who(scm, forno), review)
    assert waiting() == [("scm.rep1", "grace")]


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.MANAGER])
def test_nobody_looks_at_their_own_decision(scm: Cast, role: Role) -> None:
    review = went_further(scm)
    scm.agent.role = role
    scm.agent.save(update_fields=["role"])
    with pytest.raises(NotTheirsToReview):
        reviewed(scm.agent, review)
    assert review not in Review.objects.reviewable_by(scm.agent)


def test_who_left_looks_at_nothing(scm: Cast) -> None:
    review = went_further(scm)
    scm.lead.is_active = False
    with pytest.raises(NotTheirsToReview):
        reviewed(scm.lead, review)


@pytest.mark.parametrize("change", [{"role": Role.AGENT}, {"is_active": False}, {"team": "Perth"}])
def test_who_is_no_lead_any_more_at_this_moment_is_told_so(
    scm: Cast, change: dict[str, Any]
) -> None:
    """Their page was asked for while they still were one."""
    review = went_further(scm)
    if "team" in change:
        change = {"team": scm.teams[change["team"]]}
    Employee.objects.filter(pk=scm.lead.pk).update(**change)
    with pytest.raises(NotTheirsToReview):
        reviewed(scm.lead, review)
    assert waiting() == [("scm.rep1", "grace")]


def test_the_second_hears_who_was_first_and_what_they_said(scm: Cast) -> None:
    review = went_further(scm)
    reviewed(scm.lead, review, note=LEARN)
    with pytest.raises(ReviewedAlready) as already:
        reviewed(scm.manager, review)
    assert str(already.value) == (
        f"Lead1 looked at it already. Backed, with a note to learn from: “{LEARN}”"
    )
    with pytest.raises(ReviewedAlready, match=r"You looked at it already\."):
        reviewed(scm.lead, review)
    review.refresh_from_db()
    assert (review.reviewed_by, review.note) == (scm.lead, LEARN)


def test_a_double_tap_says_it_once(scm: Cast) -> None:
    review = went_further(scm)
    reviewed(scm.lead, review)
    reviewed(scm.lead, review, at=LATER + timedelta(seconds=2))
    review.refresh_from_db()
    assert review.reviewed_at == LATER


@pytest.mark.once
@pytest.mark.parametrize(
    ("outcome", "note", "field"),
    [
        ("with-a-note", "  ", "note"),
        ("with-a-note", "x" * 4001, "note"),
        ("with-a-note", "NUL \x00", "note"),
        ("backed", LEARN, "note"),
        ("reversed", "", "outcome"),
    ],
)
def test_what_can_not_be_said_is_refused_by_field(
    scm: Cast, outcome: str, note: str, field: str
) -> None:
    review = went_further(scm)
    with pytest.raises(InvalidCase) as refused:
        reviewed(scm.lead, review, outcome=outcome, note=note)
    assert list(refused.value.errors) == [field]
    assert waiting() == [("scm.rep1", "grace")]


# --- What it costs ---


def test_looking_at_it_takes_as_many_queries_for_many_as_for_few(scm: Cast) -> None:
    review = went_further(scm)
    owe_review_of_low_score(review.case, at=LATER)
    latest = Review.objects.select_related("case").get(why="low-score")
    with assert_queries(["select review", "update review"]):
        reviewed(scm.lead, latest)


# --- What was given before there was a list ---


def test_what_was_to_be_looked_at_before_there_was_a_list_is_on_it(scm: Cast) -> None:
    scm.rule(value="90.00", remedies=["fee-waiver"], review_afterwards=True)
    further = went_further(scm)
    put_right(scm.agent, so_much("bill-credit", "60.00"), reason_code="outage", at=LATER)
    ruled = put_right(scm.colleague, so_much("fee-waiver", "5.00"), reason_code="outage")
    gave_back(scm.colleague, ruled)
    put_right(scm.colleague, so_many("extra-data"), reason_code="outage")
    columns = ("case", "employee", "team", "why")
    of_now = set(Review.objects.values_list(*columns))
    assert {why for _, _, _, why in of_now} == {"grace", "over-budget", "rule", "given-back"}

    with guards_down("resolutions_review"):
        Review.objects.all().delete()
        step = import_module("resolutions.migrations.0010_surveys_and_reviews")
        step.what_is_still_to_be_looked_at(apps, None)

    assert set(Review.objects.values_list(*columns)) == of_now
    assert Review.objects.get(why="grace").at == further.at
    assert not Review.objects.looked_at().exists()
