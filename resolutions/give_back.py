"""Giving a remedy back that could not be carried out: the courier lost it, the account was closed.

What must stay true: the money returns once, to the budget and the month that it came from; the
resolution stays as it was given, and the ledger says that it was given back. From then on it is on
no limit. Where nothing else stands in a case that was put right, the customer still waits: it is
open again. What its giver gave back is looked at afterwards.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from budgets import ledger
from budgets.models import NOTE_LENGTH
from employees.models import Employee, Role
from resolutions.checks import checked_words
from resolutions.errors import NotTheirsToGiveBack
from resolutions.locks import lock_case_alone
from resolutions.models import Case, CaseState, Resolution
from resolutions.once import Answer, once
from resolutions.receipt import case_json
from resolutions.reviews import owe_review_of_giving_back

_WHY = "Write why it could not be carried out, in a line: whoever reads it later asks."


def may_give_back(resolution: Resolution, case: Case, employee: Employee) -> bool:
    """Whether someone may: who gave it, the lead of the case's team, a manager of the division."""
    if not employee.is_active or employee.division_id != case.division_id:
        return False
    gave_it = resolution.given_by_id == employee.pk
    match employee.role:
        case Role.MANAGER:
            return True
        case Role.TEAM_LEAD:
            return gave_it or (case.team_id is not None and case.team_id == employee.team_id)
        case Role.AGENT:
            return gave_it
    return False


def give_back(
    resolution: Resolution,
    *,
    reason: str,
    acting_employee: Employee,
    request_id: UUID,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Return the money of a remedy that could not be carried out, and say why.

    Returns the case as `case_json`. Raises InvalidCase without a reason, NotTheirsToGiveBack (also
    for another division's), GivenBackAlready and RequestConflict.
    """
    reason = checked_words("reason", reason, missing=_WHY, longest=NOTE_LENGTH, lines=False)
    at = at or timezone.now()

    def act() -> Answer:
        if not may_give_back(resolution, resolution.case, acting_employee):
            raise NotTheirsToGiveBack
        case = lock_case_alone(resolution.case, acting_employee)
        ledger.give_back(
            resolution.entry,
            actor=acting_employee,
            reason=reason,
            request_id=request_id,
            at=at,
        )
        owe_review_of_giving_back(resolution, by=acting_employee, at=at)
        _open_again_if_nothing_stands(case)
        return Answer(case_json(case, case.resolutions.with_give_back()), case=case)

    return once(
        act,
        acting_employee=acting_employee,
        request_id=request_id,
        contents={"act": "give-back", "resolution": resolution.pk, "reason": reason},
    )


def _open_again_if_nothing_stands(case: Case) -> None:
    """The customer was promised something and has got nothing: somebody has to go on."""
    if case.state != CaseState.PUT_RIGHT or case.resolutions.standing().exists():
        return
    case.state, case.ended_at = CaseState.OPEN, None
    case.save(update_fields=["state", "ended_at"])
