"""What was looked at afterwards in the half year, and what the leads said of it.

Nothing is drawn for it, so that the rest of the half year is as it would be without. What came onto
the list on the last days still waits; what was said last, nobody has read yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count, cycle

from django.utils import timezone

from config.demo.days import Calendar
from config.demo.found import Founded
from config.demo.records import BATCH, Records
from employees.models import Employee, Role, Team
from resolutions.models import (
    CaseState,
    Resolution,
    Review,
    ReviewOutcome,
    ReviewReason,
    SurveyResponse,
)
from resolutions.review_sample import a_few_of
from resolutions.reviews import (
    owe_review_of_giving_back,
    owe_review_of_low_score,
    owe_reviews,
    put_on_the_list,
)

STILL_WAITS = timedelta(days=2)
STILL_NEW = timedelta(days=5)
READ_AFTER = timedelta(hours=7)
MORNING = time(9, 10)
DRAWN_AT = time(1, 20)
A_NOTE_EACH = 9  # decisions

NOTES: Mapping[str, Sequence[str]] = {
    "forno": (
        "Right to bake it again. Tell the kitchen the same evening, so that the oven is looked at.",
        "Next time offer the pizza first: it costs us five and is worth fifteen to them.",
        "You were at a closed door with a cold box and kept them. A photo of the label helps us.",
    ),
    "orchard": (
        "Let them keep it and say so at once; you waited a little longer than you had to.",
        "Good. Note which shelf it came from: three of these were packed by the same line.",
        "The seal was broken, so that it was theirs anyway. You did not need to ask twice.",
    ),
    "scm": (
        "The credit was right. The late fee was ours too: waive it in the same call.",
        "Extra data would have done here, and at a tenth of the cost. Both are yours to choose.",
        "Well heard. Write down the bill’s number: it saves the next one ten minutes.",
    ),
}


def look_at_afterwards(records: Records, companies: Iterable[Founded], calendar: Calendar) -> None:
    """Put everything on the list that belongs there, and have the leads look at most of it."""
    owe_reviews(records.resolutions)
    for resolution in Resolution.objects.given_back().with_give_back():
        back = resolution.give_back
        if back is not None and back.actor is not None:
            owe_review_of_giving_back(resolution, by=back.actor, at=back.at)
    low = SurveyResponse.objects.filter(score__lte=SurveyResponse.LOW).order_by("at", "pk")
    for response in low.select_related("follow_up__case"):
        owe_review_of_low_score(response.follow_up.case, at=response.at)
    put_on_the_list(_drawn(records, calendar))
    for company in companies:
        _say(company, calendar)


def _drawn(records: Records, calendar: Calendar) -> list[Review]:
    """A few of each team's cases of a day, by their places: numbers differ from load to load."""
    last = {r.case: r for r in records.resolutions if r.case.state == CaseState.PUT_RIGHT}
    listed = set(Review.objects.values_list("case", flat=True))
    days: dict[tuple[Team, date], list[int]] = defaultdict(list)
    for place, case in enumerate(records.cases):
        if case in last and case.ended_at is not None and case.pk not in listed:
            giver = last[case].given_by
            if giver.team is not None:
                days[giver.team, timezone.localdate(case.ended_at, giver.zone)].append(place)
    return [
        Review(case=case, employee=giver, team=team, why=ReviewReason.SAMPLE, at=at)
        for (team, day), places in days.items()
        for case in [records.cases[place] for place in a_few_of(places)]
        for giver in [last[case].given_by]
        for at in [datetime.combine(day + timedelta(days=1), DRAWN_AT, giver.zone)]
        if at < calendar.end
    ]


def _say(company: Founded, calendar: Calendar) -> None:
    """Who leads the team looks the next morning; a manager where nobody else may."""
    waiting = Review.objects.to_look_at().filter(
        case__division=company.division, at__lt=calendar.end - STILL_WAITS
    )
    leads = [p for p in company.people.values() if p.role == Role.TEAM_LEAD]
    notes, places = cycle(NOTES[company.plan.code]), count(1)
    decisions: dict[tuple[int, int], list[Review]] = defaultdict(list)
    for review in waiting.select_related("employee__team").order_by("at", "case", "why"):
        decisions[review.case_id, review.employee_id].append(review)
    for place, reviews in zip(places, decisions.values(), strict=False):
        note = "" if place % A_NOTE_EACH else next(notes)
        employee = reviews[0].employee
        lead = next((p for p in leads if p.team == employee.team and p != employee), None)
        _said(reviews, lead or company.manager, note, calendar)
    said = [review for reviews in decisions.values() for review in reviews]
    columns = ["outcome", "note", "reviewed_by", "reviewed_at", "seen_at"]
    Review.objects.bulk_update(said, columns, batch_size=BATCH)


def _said(reviews: Sequence[Review], by: Employee, note: str, calendar: Calendar) -> None:
    at = _next_morning(reviews[-1].at, by)
    for review in reviews:
        review.outcome = ReviewOutcome.WITH_A_NOTE if note else ReviewOutcome.BACKED
        review.note, review.reviewed_by, review.reviewed_at = note, by, at
        review.seen_at = at + READ_AFTER if at < calendar.end - STILL_NEW else None


def _next_morning(at: datetime, lead: Employee) -> datetime:
    here = timezone.localtime(at, lead.zone)
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, lead.zone)
