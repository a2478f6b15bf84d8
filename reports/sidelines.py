"""Today in a team, as its lead sees it from the sidelines: read only, and afresh each time.

What must stay true: there is nothing here that could stop anybody; people stand in the order of
their names, never of what they gave; and of a person no average is told, only what a customer said
of a case. Each list has an end, and the queries are as many however much happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from budgets.days import begin_of_day
from budgets.models import Budget, BudgetKind
from budgets.months import fresh_month, month_of
from employees.models import Employee
from reports import figures
from reports.figures import Scope
from reports.measures import Cases, Costs
from reports.models import RollupState
from resolutions.models import AuthorityGap, Case, CaseState, Review, SurveyResponse
from resolutions.surveys import standing

SHOWN = 12  # of each list
STILL_OPEN = timedelta(days=7)  # what is open for longer is no news of today


@dataclass(frozen=True, slots=True)
class Today:
    """What has happened in a team since midnight where it works, the latest first.

    `being_solved` are cases that are open now, the one that waits longest first. `costs` and
    `cases` are added up as far as `counted_at`.
    """

    day: date
    costs: Costs
    cases: Cases
    counted_at: datetime | None
    being_solved: Sequence[Case]
    ended: Sequence[Case]
    months: Sequence[Budget]
    answers: Sequence[SurveyResponse]
    gaps: Sequence[AuthorityGap]
    to_look_at: int


def today_of(lead: Employee, *, at: datetime) -> Today:
    """What a lead's team does today. Raises ValueError for someone without a team."""
    if lead.team_id is None or lead.division is None:
        raise ValueError("Someone without a team has no sidelines.")
    day = at.astimezone(lead.zone).date()
    since = begin_of_day(day, lead.zone)
    cases = (
        Case.objects.visible_to(lead)
        .filter(team=lead.team_id)
        .with_given()
        .select_related("opened_by", "reason_code", "division")
    )
    scope = Scope(division=lead.division, first=day, last=day, team=lead.team_id)
    state = RollupState.objects.first()
    return Today(
        day=day,
        costs=figures.costs(scope),
        cases=figures.cases(scope, today=day),
        counted_at=state.followed_at if state else None,
        being_solved=_open(cases, since=at - STILL_OPEN),
        ended=list(cases.filter(ended_at__gte=since).order_by("-ended_at", "-pk")[:SHOWN]),
        months=_months(lead, at=at),
        answers=_answers(lead, since=since, at=at),
        gaps=list(
            AuthorityGap.objects.visible_to(lead)
            .filter(at__gte=since)
            .latest_first()
            .readable(at)
            .select_related("division")[:SHOWN]
        ),
        to_look_at=Review.objects.reviewable_by(lead).to_look_at().count(),
    )


def _open(cases: QuerySet[Case], *, since: datetime) -> list[Case]:
    waiting = cases.filter(ended_at=None, state=CaseState.OPEN, opened_at__gte=since)
    return list(waiting.order_by("opened_at", "pk")[:SHOWN])


def _months(lead: Employee, *, at: datetime) -> list[Budget]:
    """Everyone's month, by name; one that nobody has opened yet as it will be."""
    team = Employee.objects.with_authority().filter(
        team=lead.team_id, division=lead.division_id, is_active=True, tier__isnull=False
    )
    opened = {
        budget.employee_id: budget
        for budget in Budget.objects.filter(
            kind=BudgetKind.MONTH,
            division=lead.division_id,
            month=month_of(lead, at),
            employee__in=team.order_by().values("pk"),
        )
        .select_related("division")
        .order_by()
    }
    months = []
    for person in sorted(team, key=lambda person: person.called.casefold()):
        budget = opened.get(person.pk) or fresh_month(person, at=at)
        budget.employee = person  # known: no query for them
        months.append(budget)
    return months


def _answers(lead: Employee, *, since: datetime, at: datetime) -> list[SurveyResponse]:
    """What customers of the team's cases answered or now answer, low scores before higher ones."""
    said = SurveyResponse.objects.visible_to(lead).filter(
        standing(at), follow_up__case__team=lead.team_id, changed_at__gte=since
    )
    return list(
        said.select_related("follow_up__case__division", "follow_up__case__reason_code").order_by(
            "score", "-changed_at"
        )[:SHOWN]
    )
