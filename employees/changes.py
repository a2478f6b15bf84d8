"""Changing people and tiers: who may, and which changes have to say why.

The admin's pages and the CSV import change rows only through `save_change`. What must stay true:
nobody changes how far their own word goes, nobody appoints someone above themselves, and every
change of a limit, a budget or a role says why. Who and why are kept in the row's history.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from employees.models import AuthorityTier, Employee, Role
from employees.own_authority import EmployeesError, refuse_own

TIER_LIMITS = frozenset(
    {"limit_per_case", "monthly_budget", "grace_percent", "over_budget_percent"}
)
OWN_LIMITS = frozenset({"role", "tier", "personal_limit", "personal_budget"})

WHY_IS_MISSING = "Say why this changes: the people it concerns can read it, today and in a year."


class ReasonMissing(EmployeesError):
    """A change of a limit, a budget, a role or a cost does not say why."""

    code = "reason-missing"

    def __init__(self) -> None:
        super().__init__(WHY_IS_MISSING)


class NotYoursToAppoint(EmployeesError):
    """Someone tried to change, or to appoint, a person above themselves."""

    code = "not-yours-to-appoint"


def appointable_roles(actor: Employee) -> tuple[Role, ...]:
    """The roles that this person may give to others, and whose holders they may change."""
    match actor.role:
        case Role.ADMINISTRATOR:
            return tuple(Role)
        case Role.MANAGER:
            # Not managers: with a colleague's account one could change one's own limit.
            return (Role.AGENT, Role.TEAM_LEAD)
    return ()


def refuse_change(actor: Employee, row: Any, *, role_before: str | None = None) -> None:
    """Raise OwnAuthority or NotYoursToAppoint unless the actor may make or change this row."""
    if isinstance(row, Employee | AuthorityTier):
        refuse_own(actor, row)
    if isinstance(row, Employee):
        may_give = appointable_roles(actor)
        if not {row.role, role_before or row.role} <= set(may_give):
            raise NotYoursToAppoint(
                "Only an administrator appoints, or changes, managers, finance and administrators."
            )


def refuse_without_reason(changed: Collection[str], needing: Collection[str], reason: str) -> None:
    """Raise ReasonMissing when one of the fields that need a reason changes without one."""
    if not reason.strip() and set(changed) & set(needing):
        raise ReasonMissing


def save_change(
    row: Any,
    *,
    changed_by: Employee,
    changed: Collection[str],
    needing: Collection[str] = (),
    reason: str = "",
) -> None:
    """Save a new row, or the changed fields of one, with who and why in its history.

    Raises OwnAuthority, NotYoursToAppoint or ReasonMissing; nothing is saved then.
    """
    is_new = row.pk is None
    before = None
    if not is_new and isinstance(row, Employee):
        before = Employee.objects.filter(pk=row.pk).values_list("role", flat=True).first()
    refuse_change(changed_by, row, role_before=before)
    if not is_new:
        refuse_without_reason(changed, needing, reason)
    row._history_user = changed_by
    row._change_reason = reason.strip() or None
    if is_new:
        row.save()
    elif changed:
        row.save(update_fields=sorted(changed))


def keep_in_history(row: Any, *, done: str, by: Employee, at: datetime) -> None:
    """Keep in the row's history what was done with it, while the row itself stays as it is."""
    as_it_is_now = type(row)._default_manager.get(pk=row.pk)
    row.history.bulk_history_create(
        [as_it_is_now], update=True, default_user=by, default_change_reason=done, default_date=at
    )
