"""What managers answered in the half year to those who could not do something.

Nothing is drawn for it, so that the rest of the half year is as it would be without. What was
answered long ago has been read; the last answers wait on the desks of those who had the gaps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from config.demo.days import Calendar
from config.demo.found import Founded
from policies.models import Policy, Status
from resolutions.models import AnswerKind, AuthorityGap, GapAnswer

READ_AFTER = timedelta(hours=20)
STILL_NEW = timedelta(days=4)
TIER = "the tier's limit"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a manager answered, so many days ago, to all whom a rule or the tier had stopped."""

    days_ago: int
    stopped_by: str
    kind: AnswerKind
    words: str


ANSWERS: Mapping[str, Sequence[Answered]] = {
    "forno": (
        Answered(
            120,
            "A photo before a free pizza by phone",
            AnswerKind.CHANGED,
            "You told me thirty times that asking for a photo felt like an accusation. It is gone.",
        ),
        Answered(
            97,
            TIER,
            AnswerKind.CHANGED,
            "Twenty did not cover a family's dinner any more. It is twenty-five now.",
        ),
        Answered(
            82,
            "A voucher buys one good dinner",
            AnswerKind.CHANGED,
            "Fifteen no longer bought a large pizza. From today a voucher is good for twenty.",
        ),
        Answered(
            1,
            "A voucher buys one good dinner",
            AnswerKind.WHY_NOT,
            "More than one dinner felt like being paid to go away; three customers told us so. "
            "Give the pizza tonight and a voucher for the next one: that is yours to decide.",
        ),
    ),
    "orchard": (
        Answered(
            95,
            "At most 3.00 off for a substitute",
            AnswerKind.CHANGED,
            "You asked for more at every third door, and you were right: the rule is gone.",
        ),
        Answered(
            2,
            "A broken seal is never left behind",
            AnswerKind.WHY_NOT,
            "Food with a broken seal can make someone ill. Take it back, and take it off the bill.",
        ),
    ),
    "scm": (
        Answered(
            109,
            "Two weeks to pay",
            AnswerKind.CHANGED,
            "Ten days ended before payday. You can give fourteen from now on.",
        ),
        Answered(
            3,
            "Not cash for a gift card",
            AnswerKind.WHY_NOT,
            "Cash for cards is how stolen cards are emptied. A new card for the full amount is "
            "yours to give, at once.",
        ),
    ),
}


def answer(
    gaps: Iterable[AuthorityGap], companies: Iterable[Founded], *, calendar: Calendar
) -> None:
    """Answer the gaps, which are not written yet; each by the first answer after it."""
    for company in companies:
        own = [gap for gap in gaps if gap.division is company.division]
        for told in ANSWERS[company.plan.code]:
            _answer(own, company, told, calendar)


def _answer(
    gaps: Iterable[AuthorityGap], company: Founded, told: Answered, calendar: Calendar
) -> None:
    at = calendar.at(told.days_ago, "09:30", company.zone)
    rules = Policy.objects.filter(
        division=company.division, title=told.stopped_by, status=Status.PUBLISHED
    )
    versions = {rule.pk: rule for rule in rules.order_by("version")}
    for_all = GapAnswer.objects.create(
        division=company.division,
        kind=told.kind,
        words=told.words,
        policy=[*versions.values()][-1] if versions else None,
        answered_by=company.manager,
        at=at,
    )
    for gap in gaps:
        same = gap.policy_id in versions if versions else gap.bound == "tier"
        if same and gap.at < at and gap.answer is None:
            gap.answer = for_all
            is_read = at < calendar.end - STILL_NEW
            gap.answer_seen_at = at + READ_AFTER if is_read else None
