"""What was said of decisions that were looked at: told once, for however many reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from employees.models import Employee
from resolutions.models import Case, Review

_NEWS = 50  # reviews looked at for the desk
_ON_THE_DESK = 5


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of a decision, and the reviews that it was said in."""

    review: Review
    of: list[int] = field(default_factory=list)


def said_once(reviews: Iterable[Review]) -> list[Said]:
    """What was said, in the order in which it comes."""
    said: dict[tuple[int, int, datetime | None], Said] = {}
    for review in reviews:
        key = (review.case_id, review.employee_id, review.reviewed_at)
        said.setdefault(key, Said(review)).of.append(review.pk)
    return list(said.values())


def said_lately_of(employee: Employee) -> list[Said]:
    """What was said of someone's decisions since they last looked; one query."""
    return said_once(Review.objects.news_for(employee).readable()[:_NEWS])[:_ON_THE_DESK]


def mark_as_seen(case: Case, reader: Employee, *, at: datetime) -> None:
    """Whoever reads a case, read `with_story`, has seen what was said of them in it."""
    own = [review for review in case.reviews.all() if review.employee_id == reader.pk]
    if unseen := [review.pk for review in own if review.seen_at is None]:
        Review.objects.news_for(reader).order_by().filter(pk__in=unseen).update(seen_at=at)
