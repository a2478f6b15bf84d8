"""What is looked at afterwards, as its page shows it: whose, why, what was given, how it went."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from policies.rules import Rulebook
from resolutions.decision_words import kind_words, measure
from resolutions.forms.reviews import ReviewForm
from resolutions.models import Resolution, Review, ReviewReason, SurveyResponse
from resolutions.review_querysets import ReviewQuerySet
from resolutions.views.lines import given_words, title_of

Sent = Mapping[int, ReviewForm]  # by review: what was sent, and is not right yet


@dataclass(frozen=True, slots=True)
class Given:
    """Something that was given: how far it went, the bound that it met there, and why that is."""

    resolution: Resolution
    title: str
    bound: str
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """What waits of a case and of whoever decided in it; `latest` came onto the list last.

    `at` is when they decided last, `cost` what stands of it, in the division's currency.
    """

    latest: Review
    title: str
    whys: Sequence[ReviewReason]
    at: datetime
    given: Sequence[Given]
    cost: Decimal
    answer: SurveyResponse | None
    form: ReviewForm


def items_of(
    reviews: ReviewQuerySet, page: Iterable[Mapping[str, int]], rulebook: Rulebook, sent: Sent
) -> list[Item]:
    """The reviews of a page of `by_case`, in its order; three queries however many there are."""
    keys = [(row["case"], row["employee"]) for row in page]
    if not keys:
        return []
    cases = {case for case, _ in keys}
    waiting, given = defaultdict(list), defaultdict(list)
    for review in reviews.filter(case__in=cases).readable().order_by("pk"):
        waiting[review.case_id, review.employee_id].append(review)
    for resolution in Resolution.objects.filter(case__in=cases).with_give_back():
        given[resolution.case_id, resolution.given_by_id].append(resolution)
    # What was looked at by someone else since the page was counted is gone from it.
    return [_item(waiting[key], given[key], rulebook, sent) for key in keys if waiting[key]]


def _item(
    waiting: Sequence[Review], given: Sequence[Resolution], rulebook: Rulebook, sent: Sent
) -> Item:
    latest = waiting[-1]
    reasons = {review.why for review in waiting}
    return Item(
        latest=latest,
        title=title_of(latest.case, rulebook),
        whys=[why for why in ReviewReason if why in reasons],
        at=given[-1].at if given else latest.at,
        given=[_given(resolution, rulebook) for resolution in given],
        cost=sum((r.cost for r in given if r.give_back is None), start=Decimal(0)),
        answer=getattr(getattr(latest.case, "follow_up", None), "response", None),
        form=sent.get(latest.pk) or ReviewForm(review=latest.pk),
    )


def _given(resolution: Resolution, rulebook: Rulebook) -> Given:
    remedy, binding = rulebook.remedy_by_id(resolution.remedy_id), resolution.decision["binding"]
    limit = measure(binding["limit"], resolution.decision, rulebook.currency)
    if resolution.quantity is not None:
        limit = f"{limit} {remedy.unit if limit == '1' else remedy.unit_plural}".strip()
    title = f": {binding['title']}" if binding["title"] else ""
    return Given(
        resolution=resolution,
        title=given_words(resolution, rulebook),
        bound=f"{kind_words(binding['kind'])}{title}: {limit}",
        why=binding["rationale"] or remedy.rationale,
    )
