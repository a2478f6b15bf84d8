"""The database keeps what is looked at and what was said of it: raw SQL, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from employees.models import Employee
from resolutions.models import Review
from tests.cast import Cast
from tests.raw_sql import empty_out, execute, insert, refused
from tests.reviewing import LATER, LEARN, lead_elsewhere, reviewed, went_further

STAYS = "stays on the list, and what was said of it stays"
BY = "looked at by the lead of its team or a manager"
SAID = "UPDATE resolutions_review SET outcome = 'backed', reviewed_by_id = %s, reviewed_at = %s"


@pytest.fixture
def review(scm: Cast) -> Review:
    """A decision that waits."""
    return went_further(scm)


@pytest.fixture
def said(scm: Cast, review: Review) -> Review:
    """A decision that was backed with a note."""
    reviewed(scm.lead, review, note=LEARN)
    review.refresh_from_db()
    return review


def row() -> Any:
    return Review.objects.values().get()


@pytest.mark.parametrize(
    "who",
    [
        lambda scm, forno: scm.agent,
        lambda scm, forno: scm.colleague,
        lambda scm, forno: lead_elsewhere(scm),
        lambda scm, forno: forno.manager,
    ],
    ids=["oneself", "a colleague", "another team’s lead", "another division’s manager"],
)
def test_only_the_lead_or_a_manager_looks_at_it(
    scm: Cast, forno: Cast, review: Review, who: Callable[[Cast, Cast], Employee]
) -> None:
    with refused(BY):
        execute(SAID, who(scm, forno).pk, LATER)
    assert row()["outcome"] == ""
    execute(SAID, scm.manager.pk, LATER)


@pytest.mark.parametrize("role", ["team_lead", "manager"])
def test_nobody_looks_at_their_own(scm: Cast, review: Review, role: str) -> None:
    Employee.objects.filter(pk=scm.agent.pk).update(role=role)
    with refused(BY):
        execute(SAID, scm.agent.pk, LATER)


def test_who_left_looks_at_nothing(scm: Cast, review: Review) -> None:
    Employee.objects.filter(pk=scm.lead.pk).update(is_active=False)
    with refused(BY):
        execute(SAID, scm.lead.pk, LATER)


def test_nothing_is_said_by_the_wrong_one_from_the_beginning(scm: Cast, review: Review) -> None:
    with refused(BY):
        insert(
            "resolutions_review",
            case_id=review.case_id,
            employee_id=review.employee_id,
            team_id=review.team_id,
            why="sample",
            at=LATER,
            outcome="backed",
            note="",
            reviewed_by_id=scm.agent.pk,
            reviewed_at=LATER,
        )


@pytest.mark.parametrize(
    ("column", "value"),
    [("why", "sample"), ("at", LATER), ("team_id", None), ("id", 99)],
)
def test_what_waits_stays_what_it_is(review: Review, column: str, value: Any) -> None:
    before = row()
    with refused(STAYS):
        execute(f"UPDATE resolutions_review SET {column} = %s", value)
    assert row() == before


def test_it_is_not_given_to_someone_else_or_another_case(scm: Cast, review: Review) -> None:
    other = went_further(scm, agent=scm.colleague)
    for column, value in (("employee_id", scm.lead.pk), ("case_id", other.case_id)):
        with refused(STAYS):
            execute(f"UPDATE resolutions_review SET {column} = %s WHERE id = %s", value, review.pk)


@pytest.mark.parametrize(
    ("column", "value"),
    [("note", "other words"), ("reviewed_at", LATER.replace(year=2025)), ("outcome", "backed")],
)
def test_what_was_said_stays(said: Review, column: str, value: Any) -> None:
    before = row()
    with refused(STAYS):
        execute(f"UPDATE resolutions_review SET {column} = %s", value)
    assert row() == before


def test_nobody_says_it_in_anothers_name_or_takes_it_back(scm: Cast, said: Review) -> None:
    with refused(STAYS):
        execute("UPDATE resolutions_review SET reviewed_by_id = %s", scm.manager.pk)
    with refused(STAYS):
        execute(
            "UPDATE resolutions_review "
            "SET outcome = '', note = '', reviewed_by_id = NULL, reviewed_at = NULL"
        )


def test_it_is_seen_once_also_after_the_lead_has_gone_elsewhere(scm: Cast, said: Review) -> None:
    Employee.objects.filter(pk=scm.lead.pk).update(role="agent")
    execute("UPDATE resolutions_review SET seen_at = %s", LATER)
    with refused(STAYS):
        execute("UPDATE resolutions_review SET seen_at = NULL")


def test_only_what_was_said_is_seen(review: Review) -> None:
    with refused("only_what_was_said_is_seen"):
        execute("UPDATE resolutions_review SET seen_at = %s", LATER)


def test_a_note_to_learn_from_is_not_blank(scm: Cast, review: Review) -> None:
    with refused("review_with_a_note_has_one"):
        execute(SAID.replace("'backed'", "'with-a-note', note = ' '"), scm.lead.pk, LATER)


def test_it_waits_once_for_a_reason(review: Review) -> None:
    with refused("waits_once_for_a_reason|UNIQUE|" + STAYS):
        insert(
            "resolutions_review",
            case_id=review.case_id,
            employee_id=review.employee_id,
            why=review.why,
            at=LATER,
            outcome="",
            note="",
        )


@pytest.mark.parametrize("looked_at", [False, True])
def test_it_is_never_deleted(scm: Cast, review: Review, looked_at: bool) -> None:
    if looked_at:
        reviewed(scm.lead, review)
    with refused(STAYS):
        execute("DELETE FROM resolutions_review")
    assert Review.objects.count() == 1


@pytest.mark.postgres
def test_the_list_is_not_emptied_out(review: Review) -> None:
    with refused(STAYS):
        empty_out("resolutions_review")


@pytest.mark.sqlite
@pytest.mark.parametrize("kept", ["id", "case_id, employee_id, why"])
def test_it_is_not_replaced_by_another(review: Review, kept: str) -> None:
    columns = {str(field.column): str(field.column) for field in Review._meta.concrete_fields}
    columns["id" if kept != "id" else "why"] = "NULL" if kept != "id" else "'sample'"
    with refused(STAYS):
        execute(
            f"INSERT OR REPLACE INTO resolutions_review ({', '.join(columns)}) "
            f"SELECT {', '.join(columns.values())} FROM resolutions_review"
        )
    assert Review.objects.get() == review
