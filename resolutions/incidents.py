"""Mass incidents: opening one with its fund, and finding the one that a case is one of.

What must stay true: the same request opens one; and nobody's cases are paid for by a fund that they
put money into themselves, as nobody tops up their own month.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from budgets import top_ups
from budgets.models import Budget, EntryKind
from employees.models import Employee, Team
from resolutions.errors import RequestConflict
from resolutions.models import Case, Incident
from resolutions.problem import Details
from resolutions.querysets import IncidentQuerySet

_TOLD = (
    "division_id", "name", "reason_code_id", "starts_at", "ends_at", "rationale",
    "customer_wording",
)  # fmt: skip
_MOST_TOLD = 3  # of the incidents that run, at the desk


def incident_of(
    reason_id: int, employee: Employee, *, at: datetime, lock: bool = False
) -> Incident | None:
    """The incident that a case the employee takes in now is one of; of several, the newest.

    With `lock` nobody else is paid from its fund before the caller's transaction ends.
    """
    hitting = Incident.objects.hitting(division=employee.division_id, team=employee.team_id, at=at)
    return _first(hitting.filter(reason_code=reason_id), employee, lock=lock)


def incident_of_case(case: Case, employee: Employee, *, lock: bool = False) -> Incident | None:
    """The incident that a case is one of: as was said then, or as it turns out since.

    None where its fund does not pay for what this employee gives.
    """
    if case.incident_id is not None:
        return _first(Incident.objects.filter(pk=case.incident_id), employee, lock=lock)
    hitting = Incident.objects.hitting(
        division=case.division_id, team=case.team_id, at=case.opened_at
    )
    return _first(hitting.filter(reason_code=case.reason_code_id), employee, lock=lock)


def is_apart(case: Case, later: Details) -> bool:
    """Whether the case is none of the incident that it looks like: as said now, or before."""
    said = later.apart_from_incident
    return case.apart_from_incident if said is None else said


def running_for(employee: Employee, *, at: datetime) -> list[Incident]:
    """The incidents that hit whom the employee's team serves now, the newest first."""
    hitting = Incident.objects.hitting(division=employee.division_id, team=employee.team_id, at=at)
    return list(hitting.select_related("fund", "reason_code")[:_MOST_TOLD])


def open_incident(
    incident: Incident,
    *,
    fund: Decimal,
    teams: Sequence[Team] = (),
    acting_employee: Employee,
    at: datetime,
) -> Incident:
    """Open an incident as filled in, with its fund: from now on its cases are charged to it.

    The same request, by the incident's `request_id`, opens one. Raises ValidationError for what
    does not fit together, InvalidMovement for the amount, NotTheirMoney for whoever does not
    manage the division, and RequestConflict.
    """
    if (earlier := opened_before(incident, fund=fund, teams=teams)) is not None:
        return earlier
    if any(team.division_id != incident.division_id for team in teams):
        raise ValidationError({"teams": ["Choose teams of the same division."]})
    try:
        with transaction.atomic():
            incident.opened_by, incident.opened_at = acting_employee, at
            incident.fund = top_ups.open_fund(
                incident.division,
                name=incident.name,
                amount=fund,
                actor=acting_employee,
                request_id=incident.request_id,
                at=at,
            )
            incident.full_clean(validate_unique=False)
            incident.save()
            incident.teams.set(teams)
    except IntegrityError:
        # The same request was being carried out at this moment: all of ours is undone.
        if (earlier := opened_before(incident, fund=fund, teams=teams)) is None:
            raise
        return earlier
    return incident


def opened_before(incident: Incident, *, fund: Decimal, teams: Iterable[Team]) -> Incident | None:
    """What the same request opened already. Raises RequestConflict, if it said something else.

    An incident that was changed since is another one, too: whoever sends the page again looks.
    """
    earlier = Incident.objects.filter(request_id=incident.request_id).first()
    if earlier is None:
        return None
    first = earlier.fund.entries.get(kind=EntryKind.ALLOTMENT)
    same = all(getattr(earlier, name) == getattr(incident, name) for name in _TOLD)
    same = same and set(earlier.teams.all()) == set(teams)
    if not same or first.amount != fund:
        raise RequestConflict
    return earlier


def _first(incidents: IncidentQuerySet, employee: Employee, *, lock: bool) -> Incident | None:
    """The first of them that pays for the employee's cases, with its fund as it stands."""
    incident = incidents.paying_for(employee).select_related("fund").first()
    if incident is None or employee.division is None:
        return None
    if lock:
        funds = Budget.objects.select_for_update(no_key=True).order_by("pk")
        incident.fund = funds.get(pk=incident.fund_id)
    incident.division = incident.fund.division = employee.division  # known: no query for it
    return incident
