"""A case told from the beginning: what was said, given, asked and answered, in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from budgets.models import BudgetKind, LedgerEntry
from employees.models import Employee
from policies.models import Channel
from policies.rules import Rulebook
from resolutions.gap_words import what_stopped
from resolutions.models import (
    AuthorityGap,
    Case,
    CaseState,
    Conclusion,
    FollowUp,
    Resolution,
    Review,
    SurveyResponse,
)
from resolutions.views.given_back import GivingBack, Sent, giving_back, money_place
from resolutions.views.lines import given_words
from resolutions.views.said import said_once

PLACES = {
    Channel.DOORSTEP: "at the door",
    Channel.PHONE: "by phone",
    Channel.COUNTER: "at the counter",
    Channel.CHAT: "by chat",
    Channel.EMAIL: "by e-mail",
    Channel.WEB: "on the web",
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; with a cost where money was spent, or what came back of it.

    What was given can be given back, or has been.
    """

    at: datetime
    title: str
    note: str = ""
    said: str = ""
    by: str = ""
    cost: Decimal | None = None
    returned: Decimal | None = None
    given_back: LedgerEntry | None = None
    giving_back: GivingBack | None = None


def story_of(
    case: Case, rulebook: Rulebook, *, reader: Employee, sent: Sent | None = None
) -> list[Event]:
    """Everything that happened in a case that was read `with_story`, in order.

    `sent` are forms to give something back, with what is not right in them.
    """
    given = case.resolutions.all()
    events = [
        Event(
            case.opened_at,
            f"{case.reason_code.name} told {PLACES[Channel(case.channel)]}",
            said=case.note,
            by=_by(case.opened_by, reader),
        ),
        *(_given(r, rulebook, reader, giving_back(r, case, reader, sent)) for r in given),
        *_returned(given, reader),
        *(
            Event(
                contact.at,
                f"The customer came back {PLACES[Channel(contact.channel)]}",
                said=contact.note,
                by=_by(contact.employee, reader),
            )
            for contact in case.contacts.all()
        ),
        *_gaps(case.gaps.all(), reader),
        *_conclusions(case.conclusions.all(), reader),
        *_follow_up(case),
        *_looked_at(case.reviews.all(), reader),
    ]
    return sorted(events, key=lambda event: event.at)


def _given(
    resolution: Resolution, rulebook: Rulebook, reader: Employee, giving: GivingBack | None
) -> Event:
    if resolution.owed:
        note = "owed to the customer, not from your month"
    elif resolution.verdict == Resolution.Verdict.GRACE:
        note = "a little further, read afterwards"
    elif resolution.review_afterwards:
        note = "within your authority, read afterwards"
    else:
        note = "within your authority"
    if resolution.given_by_id != reader.pk:
        note = note.replace("your", "their")
    if resolution.entry.budget.kind == BudgetKind.FUND:
        note += f", paid by the fund of “{resolution.entry.budget.name}”"
    return Event(
        resolution.at,
        given_words(resolution, rulebook),
        note=note,
        said=resolution.description,
        by=_by(resolution.given_by, reader),
        cost=resolution.cost,
        given_back=resolution.give_back,
        giving_back=giving,
    )


def _returned(given: Iterable[Resolution], reader: Employee) -> list[Event]:
    """Money that came back, each where it had come from."""
    return [
        Event(
            resolution.give_back.at,
            "Money back",
            note=f"to {money_place(resolution, reader)}",
            by=_by(resolution.give_back.actor, reader),
            returned=resolution.cost,
        )
        for resolution in given
        if resolution.give_back is not None and resolution.cost
    ]


def _gaps(gaps: Iterable[AuthorityGap], reader: Employee) -> list[Event]:
    return [
        Event(
            gap.at,
            f"Not possible: {gap.remedy}" if gap.remedy else "Something could not be done",
            note=what_stopped(gap),
            said=gap.words,
            by=_by(gap.employee, reader),
        )
        for gap in gaps
    ]


def _conclusions(conclusions: Iterable[Conclusion], reader: Employee) -> list[Event]:
    titles = {
        CaseState.CLOSED: "Explained, with nothing given",
        CaseState.HANDED_OVER: "Handed over to {}",
    }
    return [
        Event(
            conclusion.at,
            titles[CaseState(conclusion.state)].format(conclusion.handed_over_to),
            said=conclusion.words,
            by=_by(conclusion.employee, reader),
        )
        for conclusion in conclusions
    ]


def _looked_at(reviews: Iterable[Review], reader: Employee) -> list[Event]:
    """What was said afterwards of decisions in the case."""
    return [
        Event(
            said.review.reviewed_at,
            "Looked at afterwards",
            note=_outcome(said.review, reader),
            said=said.review.note,
            by=_by(said.review.reviewed_by, reader),
        )
        for said in said_once(reviews)
        if said.review.reviewed_at is not None
    ]


def _outcome(review: Review, reader: Employee) -> str:
    """What came of it, and for whom where it was somebody else."""
    outcome = review.get_outcome_display().lower()
    return outcome if review.employee_id == reader.pk else f"{review.employee.called}: {outcome}"


def _follow_up(case: Case) -> list[Event]:
    follow_up: FollowUp | None = getattr(case, "follow_up", None)
    if follow_up is None:
        return []
    if follow_up.sent_at is not None:
        return [Event(follow_up.sent_at, "We asked them how it went"), *_answer(follow_up)]
    if follow_up.not_asked:
        why = follow_up.get_not_asked_display()
        return [Event(follow_up.due_at, "Not asked how it went", note=why[:1].lower() + why[1:])]
    if case.state != CaseState.PUT_RIGHT:
        return []  # they are not asked before it is put right (once more)
    return [Event(max(follow_up.due_at, timezone.now()), "We ask them how it went")]


def _answer(follow_up: FollowUp) -> list[Event]:
    """What they said, where they have."""
    said: SurveyResponse | None = getattr(follow_up, "response", None)
    if said is None:
        return []
    about = f"about {said.about}" if said.about else ""
    return [Event(said.at, f"They said: {said}", note=about, said=said.quoted)]


def _by(employee: Employee | None, reader: Employee) -> str:
    """Who it was, where it was someone else."""
    if employee is None or employee.pk == reader.pk:
        return ""
    return employee.called
