"""What each person may see of tokens, of what was exported, and of closed months."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Max, Q

from employees.models import Division, Employee, Role
from employees.visibility import NOTHING, visible_q

if TYPE_CHECKING:
    from reports.models import ExportRun, MachineToken, PeriodClose


class MachineTokenQuerySet(models.QuerySet["MachineToken"]):
    """Tokens for machines."""

    def visible_to(self, employee: Employee) -> Self:
        """Finance's: those that open nothing beyond what they see. Administrators': all."""
        return self.filter(_tokens_q(employee, ""))

    def with_last_use(self) -> Self:
        """With `last_used_at`, when it last pulled an export; None if never."""
        return self.annotate(last_used_at=Max("exports_made__started_at"))


class ExportRunQuerySet(models.QuerySet["ExportRun"]):
    """What was exported."""

    def visible_to(self, employee: Employee) -> Self:
        """One's own and, as tokens, those of the tokens one sees; administrators see all."""
        if employee.is_active and employee.role == Role.ADMINISTRATOR:
            return self
        if not employee.is_active or employee.role not in (Role.FINANCE, Role.MANAGER):
            return self.none()
        return self.filter(Q(employee=employee.pk) | _tokens_q(employee, "token__"))


class PeriodCloseQuerySet(models.QuerySet["PeriodClose"]):
    """Closed months."""

    def visible_to(self, employee: Employee) -> Self:
        """The division's for managers and finance; agents and leads see none."""
        return self.filter(
            visible_q(
                employee,
                agent=NOTHING,
                team_lead=NOTHING,
                division="division",
                finance=True,
                administrator=False,
            )
        )


def _tokens_q(employee: Employee, token: str) -> Q:
    """Tokens of one's own division alone; all of them for the group's finance."""
    if not employee.is_active or employee.role not in (Role.FINANCE, Role.ADMINISTRATOR):
        return NOTHING
    if employee.role == Role.ADMINISTRATOR or employee.division_id is None:
        return Q()
    from reports.models import MachineToken

    others = Division.objects.exclude(pk=employee.division_id)
    own = (
        MachineToken.objects.filter(all_divisions=False, divisions=employee.division_id)
        .exclude(divisions__in=others)
        .values("pk")
    )
    return Q(**{f"{token}pk__in": own})
