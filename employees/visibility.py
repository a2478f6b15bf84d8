"""Who sees which rows: the one place where a role becomes a filter.

Each model that a person reads through has `QuerySet.visible_to(employee)`, built on `visible_q`.
What a person may not see is not there for them: a page or API call answers 404, not 403.
"""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from employees.models import Employee

NOTHING = Q(pk__in=[])


def visible_q(
    employee: "Employee",
    *,
    agent: Q,
    team_lead: Q,
    division: str,
    finance: bool,
    administrator: bool,
) -> Q:
    """The filter for what this employee may see of one model.

    `agent` and `team_lead` are what these two roles see; `division` is the path to the division
    whose rows a manager sees, and finance too where `finance` is true (finance with no division
    sees all divisions); an administrator sees everything where `administrator` is true.
    """
    from employees.models import Role

    if not employee.is_active:
        return NOTHING
    match employee.role:
        case Role.ADMINISTRATOR:
            return Q() if administrator else NOTHING
        case Role.FINANCE if not finance:
            return NOTHING
        case Role.FINANCE if employee.division_id is None:
            return Q()
    if employee.division_id is None:
        return NOTHING
    own_division = Q(**{division: employee.division_id})
    match employee.role:
        case Role.AGENT:
            return own_division & agent
        case Role.TEAM_LEAD:
            return own_division & team_lead
        case Role.MANAGER | Role.FINANCE:
            return own_division
    return NOTHING
