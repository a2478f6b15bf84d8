"""What each person may see of budgets and of the ledger, and the reads that several places need."""

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When

from employees.models import Employee, Role
from employees.visibility import visible_q

if TYPE_CHECKING:
    from budgets.models import Budget, LedgerEntry


class BudgetQuerySet(models.QuerySet["Budget"]):
    """Budgets."""

    def visible_to(self, employee: Employee) -> Self:
        """One's own months; the team's for a lead; the division's for managers and finance."""
        return self.filter(_money_q(employee, ""))

    def months_of(self, employee: Employee) -> Self:
        """Every month that someone has, in each division they worked in, the latest first."""
        months = self.filter(kind="month", employee=employee)
        return months.select_related("division").order_by("-month", "-pk")

    def with_charged(self) -> Self:
        """With `charged`, what entitlements took: they keep no counter, the ledger has their sum.

        It is None for months and funds, which keep one: their entries are not added up.
        """
        from budgets.models import LedgerEntry

        of_budget = LedgerEntry.objects.filter(budget=OuterRef("pk")).order_by().values("budget")
        moved = Subquery(of_budget.annotate(total=-Sum("amount")).values("total"))
        return self.annotate(charged=Case(When(kind="entitlements", then=moved)))


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Ledger entries."""

    def visible_to(self, employee: Employee) -> Self:
        """The entries of every budget that one sees."""
        return self.filter(_money_q(employee, "budget__"))

    def charged_to(self, budgets: Collection[int]) -> dict[int, Decimal]:
        """What was taken out of each of these budgets, less what was given back, by its key."""
        moved = self.filter(budget__in=budgets).order_by().values("budget")
        return dict(moved.annotate(total=-Sum("amount")).values_list("budget", "total"))

    def with_story(self) -> Self:
        """Joined with who moved the money, what it concerns, and whom."""
        return self.select_related("actor", "concerns__actor", "concerns__concerns__actor")


def over_q() -> Q:
    """Beyond what was set aside."""
    return Q(spent__gt=F("allotted"))


def _money_q(employee: Employee, budget: str) -> Q:
    own = Q(**{f"{budget}employee": employee.pk})
    team = Q(**{f"{budget}employee__team": employee.team_id}) if employee.team_id else own
    seen = visible_q(
        employee,
        agent=own,
        team_lead=own | team,
        division=f"{budget}division",
        finance=True,
        administrator=False,
    )
    # One's months in a division that one worked in before stay one's own to read. Who belongs to
    # none is finance of the group and sees all, which a condition more would narrow.
    reads_own = employee.is_active and employee.role != Role.ADMINISTRATOR
    return seen | own if reads_own and employee.division_id is not None else seen
