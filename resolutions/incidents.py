"""Mass incidents: opening one, and who pays for a case that is one of it.

What must stay true: the fund pays as long as it holds all that is given at once, and otherwise the
personal month does, with its own authority; what a customer is owed is neither's. All amounts are
in the division's currency, at cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from budgets import top_ups
from budgets.models import Budget, EntryKind
from employees.models import Division, Employee, Team
from policies.authority import Ask, decide, options
from policies.decision import Decision, Verdict
from policies.question import Question
from policies.rules import Rulebook
from resolutions.errors import RequestConflict
from resolutions.models import Case, Incident
from resolutions.querysets import IncidentQuerySet

_TOLD = (
    "division_id", "name", "reason_code_id", "starts_at", "ends_at", "rationale",
    "customer_wording",
)  # fmt: skip
_MOST_TOLD = 3  # of the incidents that run, at the desk


@dataclass(frozen=True, slots=True)
class Payers:
    """Who pays for a case: the incident's fund while it holds it, else the employee's month."""

    month: Budget
    incident: Incident | None = None

    @property
    def fund(self) -> Budget | None:
        """The incident's fund, if the case is one of an incident."""
        return self.incident.fund if self.incident else None

    def decide(
        self, rulebook: Rulebook, question: Question, asks: Sequence[Ask]
    ) -> tuple[tuple[Decision, ...], Budget]:
        """Decide on what is asked together, and say which of the two pays for all of it.

        `question` is put with the month. When the fund does not hold it, the personal authority
        applies, and its answer is the answer.
        """
        if self.fund is not None and self.fund.left > 0:
            by_fund = decide(rulebook, _put_with(question, self.fund), asks)
            if all(decision.verdict != Verdict.OUTSIDE for decision in by_fund):
                return by_fund, self.fund
        return decide(rulebook, question, asks), self.month

    def options(
        self, rulebook: Rulebook, question: Question, chosen: Sequence[Ask]
    ) -> tuple[tuple[Decision, ...], frozenset[str]]:
        """How far each remedy goes, with whichever of the two lets it go further.

        Also the codes of those that the fund would pay for.
        """
        by_month = options(rulebook, question, chosen)
        if self.fund is None:
            return by_month, frozenset()
        by_fund = options(rulebook, _put_with(question, self.fund), chosen)
        better = [
            fund if fund.reach >= month.reach and fund.reach > 0 else month
            for fund, month in zip(by_fund, by_month, strict=True)
        ]
        of_fund = {d.remedy.code for d, fund in zip(better, by_fund, strict=True) if d is fund}
        return tuple(better), frozenset(of_fund)


def incident_of(
    reason_id: int, employee: Employee, *, at: datetime, lock: bool = False
) -> Incident | None:
    """The incident that a case the employee takes in now is one of; of several, the newest.

    With `lock` nobody else is paid from its fund before the caller's transaction ends.
    """
    hitting = Incident.objects.hitting(division=employee.division_id, team=employee.team_id, at=at)
    return _first(hitting.filter(reason_code=reason_id), employee.division, lock=lock)


def incident_of_case(case: Case, *, lock: bool = False) -> Incident | None:
    """The incident that a case is one of: as was said then, or as it turns out since."""
    if case.incident_id is not None:
        return _first(Incident.objects.filter(pk=case.incident_id), case.division, lock=lock)
    hitting = Incident.objects.hitting(
        division=case.division_id, team=case.team_id, at=case.opened_at
    )
    return _first(hitting.filter(reason_code=case.reason_code_id), case.division, lock=lock)


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
    if (earlier := opened_before(incident, fund=fund)) is not None:
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
        if (earlier := opened_before(incident, fund=fund)) is None:
            raise
        return earlier
    return incident


def opened_before(incident: Incident, *, fund: Decimal) -> Incident | None:
    """What the same request opened already. Raises RequestConflict, if it said something else."""
    earlier = Incident.objects.filter(request_id=incident.request_id).first()
    if earlier is None:
        return None
    first = earlier.fund.entries.get(kind=EntryKind.ALLOTMENT)
    same = all(getattr(earlier, name) == getattr(incident, name) for name in _TOLD)
    if not same or first.amount != fund:
        raise RequestConflict
    return earlier


def _first(
    incidents: IncidentQuerySet, division: Division | None, *, lock: bool
) -> Incident | None:
    """The first of them, with its fund as it stands."""
    incident = incidents.select_related("fund").first()
    if incident is None or division is None:
        return None
    if lock:
        funds = Budget.objects.select_for_update(no_key=True).order_by("pk")
        incident.fund = funds.get(pk=incident.fund_id)
    incident.division = incident.fund.division = division  # known: no query for it
    return incident


def _put_with(question: Question, fund: Budget) -> Question:
    """The same question, with the fund's money instead of the month's; a fund knows no grace."""
    return replace(question, budget_left=fund.left, budget_reach=fund.reach)
