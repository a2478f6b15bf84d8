"""Looking afterwards, never before: what is looked at, by whom, and what is said of it.

What must stay true: nothing is undone by it, no money and no case moves; nobody looks at their own
decisions; what was said of one stays. A decision that is nothing special makes no query here.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from employees.models import Employee, Role
from policies.decision import BoundKind
from resolutions.checks import checked_words
from resolutions.errors import InvalidCase, NotTheirsToReview, ReviewedAlready
from resolutions.models import Case, Resolution, Review, ReviewOutcome, ReviewReason
from resolutions.querysets import CaseQuerySet

_NO_NOTE = "Write what there is to learn from it, in a line: they read it."
_NOTE_ALONE = "With a note it is “Backed, with a note to learn from”."


def owe_reviews(given: Iterable[Resolution]) -> None:
    """Put on the list what went a little further, or what a rule wants looked at."""
    put_on_the_list(
        _about(resolution, _why(resolution), resolution.at)
        for resolution in given
        if resolution.review_afterwards
    )


def owe_review_of_giving_back(resolution: Resolution, *, by: Employee, at: datetime) -> None:
    """Put on the list what its giver gave back: the money is theirs to use again."""
    if by.pk == resolution.given_by_id:
        put_on_the_list([_about(resolution, ReviewReason.GIVEN_BACK, at)])


def owe_review_of_low_score(case: Case, *, at: datetime) -> None:
    """Put on the list that the customer was not content, once, with whoever gave last."""
    owe_reviews_of_low_scores(Case.objects.filter(pk=case.pk), at=at)


def owe_reviews_of_low_scores(cases: CaseQuerySet, *, at: datetime) -> None:
    """The same for all of these cases; three queries."""
    told = Review.objects.filter(case=OuterRef("pk"), why=ReviewReason.LOW_SCORE)
    given = Resolution.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk")
    new = cases.filter(~Exists(told)).order_by().annotate(last=Subquery(given.values("pk")[:1]))
    last = Resolution.objects.filter(pk__in=new.values("last"))
    put_on_the_list(_about(resolution, ReviewReason.LOW_SCORE, at) for resolution in last)


def put_on_the_list(reviews: Iterable[Review]) -> None:
    """Write those that do not wait there already; without any, no query is made."""
    wanted = {(review.case_id, review.employee_id, review.why): review for review in reviews}
    if not wanted:
        return
    waiting = Review.objects.to_look_at().filter(case__in={case for case, _, _ in wanted})
    there = set(waiting.order_by().values_list("case", "employee", "why"))
    Review.objects.bulk_create(
        [review for key, review in wanted.items() if key not in there],
        ignore_conflicts=True,  # someone else may put the same there at this moment
    )


def may_review(review: Review, employee: Employee) -> bool:
    """Whether it is someone's to look at: the lead's of its team, a manager's; never one's own."""
    if not employee.is_active or employee.division_id != review.case.division_id:
        return False
    match employee.role:
        case Role.MANAGER:
            theirs = True
        case Role.TEAM_LEAD:
            theirs = review.team_id is not None and review.team_id == employee.team_id
        case _:
            theirs = False
    return theirs and review.employee_id != employee.pk


def review_up_to(
    latest: Review,
    *,
    outcome: str,
    note: str = "",
    acting_employee: Employee,
    at: datetime | None = None,
) -> None:
    """Say what one thinks of a decision: of all that waits of its case and employee, at once.

    What came onto the list after `latest` stays on it: nobody has seen it. Said twice in the same
    words, it is said once. Raises NotTheirsToReview, InvalidCase and ReviewedAlready.
    """
    if not may_review(latest, acting_employee):
        raise NotTheirsToReview
    note = _checked(outcome, note)
    with transaction.atomic():
        # Lock before looking: of two who look at the same moment, the second hears of the first.
        same = Review.objects.select_for_update(no_key=True).filter(
            case=latest.case_id, employee=latest.employee_id, pk__lte=latest.pk
        )
        rows = list(same.order_by("pk"))
        waiting = [row.pk for row in rows if not row.outcome]
        if not waiting:
            return _said_already(rows[-1], outcome, note, acting_employee)
        try:
            Review.objects.filter(pk__in=waiting).update(
                outcome=outcome,
                note=note,
                reviewed_by=acting_employee,
                reviewed_at=at or timezone.now(),
            )
        except IntegrityError as error:  # they lost the role, the team or the job at this moment
            raise NotTheirsToReview from error
    return None


def _about(resolution: Resolution, why: ReviewReason, at: datetime) -> Review:
    return Review(
        case_id=resolution.case_id,
        employee_id=resolution.given_by_id,
        team_id=resolution.team_id,
        why=why,
        at=at,
    )


def _why(resolution: Resolution) -> ReviewReason:
    """What it went beyond; within authority it is a rule's wish."""
    if resolution.verdict != Resolution.Verdict.GRACE:
        return ReviewReason.RULE
    if resolution.decision["binding"]["kind"] == BoundKind.BUDGET:
        return ReviewReason.OVER_BUDGET
    return ReviewReason.GRACE


def _checked(outcome: str, note: str) -> str:
    """The note without blanks around. Raises InvalidCase by field."""
    if outcome == ReviewOutcome.WITH_A_NOTE:
        return checked_words("note", note, missing=_NO_NOTE)
    if outcome != ReviewOutcome.BACKED:
        raise InvalidCase({"outcome": ["Say that it is backed, with a note or without."]})
    if note.strip():
        raise InvalidCase({"note": [_NOTE_ALONE]})
    return ""


def _said_already(review: Review, outcome: str, note: str, by: Employee) -> None:
    """The same words by the same person are a double tap, and anything else comes too late."""
    if (review.outcome, review.note, review.reviewed_by_id) == (outcome, note, by.pk):
        return
    who = "You" if review.reviewed_by == by else review.reviewed_by.called  # type: ignore[union-attr]
    raise ReviewedAlready(by=who, outcome=review.get_outcome_display(), note=review.note)
