"""What each person may see of budgets and of the ledger."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from employees.models import Employee
from employees.visibility import visible_q

if TYPE_CHECKING:
    from budgets.models import Budget, LedgerEntry


class BudgetQuerySet(models.QuerySet["Budget"]):
    """Budgets."""

    def visible_to(self, employee: Employee) -> Self:
        """One's own months; the team's for a lead; the division's for managers and finance."""
        return self.filter(_money_q(employee, ""))


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Ledger entries."""

    def visible_to(self, employee: Employee) -> Self:
        """The entries of every budget that one sees."""
        return self.filter(_money_q(employee, "budget__"))


def _money_q(employee: Employee, budget: str) -> Q:
    own = Q(**{f"{budget}employee": employee.pk})
    team = Q(**{f"{budget}employee__team": employee.team_id}) if employee.team_id else own
    return visible_q(
        employee,
        agent=own,
        team_lead=own | team,
        division=f"{budget}division",
        finance=True,
        administrator=False,
    )
