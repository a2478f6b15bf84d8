"""What each person may see of tokens, exports, closed months, monthly reports and baselines."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When

from employees.models import Division, Employee, Role
from employees.visibility import NOTHING, visible_q

GIVERS = (Role.FINANCE, Role.ADMINISTRATOR)  # who makes tokens, and revokes them
READERS = (Role.MANAGER, Role.FINANCE)  # who reads reports

if TYPE_CHECKING:
    from reports.models import (
        Baseline,
        ExportRun,
        MachineToken,
        MonthlyReport,
        PeriodClose,
        ReportDelivery,
        ReportPreference,
    )


class MachineTokenQuerySet(models.QuerySet["MachineToken"]):
    """Tokens for machines."""

    def visible_to(self, employee: Employee) -> Self:
        """Finance's: those that open nothing beyond what they see. Administrators': all."""
        return self.filter(_tokens_q(employee, ""))

    def with_last_use(self) -> Self:
        """With `last_used_at`, when it last pulled an export; None if never."""
        from reports.models import ExportRun

        pulled = ExportRun.objects.filter(token=OuterRef("pk")).order_by("-started_at")
        return self.annotate(last_used_at=Subquery(pulled.values("started_at")[:1]))

    def working_first(self, at: datetime) -> Self:
        """With `works`: those that open something at this moment, before those that don't."""
        works = Q(revoked_at=None, expires_at__gt=at) & Q(
            made_by__is_active=True, made_by__role__in=GIVERS
        )
        return self.annotate(works=Case(When(works, then=True), default=False)).order_by(
            "-works", "-made_at", "-pk"
        )


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
        return self.filter(_reports_q(employee))


class MonthlyReportQuerySet(models.QuerySet["MonthlyReport"]):
    """Monthly reports."""

    def visible_to(self, employee: Employee) -> Self:
        """The division's for managers and finance; agents and leads see none."""
        return self.filter(_reports_q(employee))


class ReportDeliveryQuerySet(models.QuerySet["ReportDelivery"]):
    """The mails of monthly reports."""

    def owed(self) -> Self:
        """Those that were not sent yet, and will be."""
        return self.filter(sent_at__isnull=True, not_sent="")

    def visible_to(self, employee: Employee) -> Self:
        """All of them for administrators, who look after the mail."""
        sees = employee.is_active and employee.role == Role.ADMINISTRATOR
        return self if sees else self.none()


class BaselineQuerySet(models.QuerySet["Baseline"]):
    """How it was before Leeway."""

    def visible_to(self, employee: Employee) -> Self:
        """The division's for managers and finance."""
        return self.filter(_reports_q(employee))


class ReportPreferenceQuerySet(models.QuerySet["ReportPreference"]):
    """Who wants the monthly report by mail."""

    def visible_to(self, employee: Employee) -> Self:
        """One's own; administrators see all."""
        if not employee.is_active:
            return self.none()
        return self if employee.role == Role.ADMINISTRATOR else self.filter(employee=employee.pk)


def _reports_q(employee: Employee) -> Q:
    return visible_q(
        employee,
        agent=NOTHING,
        team_lead=NOTHING,
        division="division",
        finance=True,
        administrator=False,
    )


def _tokens_q(employee: Employee, token: str) -> Q:
    """Tokens of one's own division alone; all of them for the group's finance."""
    if not employee.is_active or employee.role not in GIVERS:
        return NOTHING
    if employee.role == Role.ADMINISTRATOR or employee.division_id is None:
        return Q(**{f"{token}pk__isnull": False})  # an empty Q would vanish in an “or”
    from reports.models import MachineToken

    others = Division.objects.exclude(pk=employee.division_id)
    own = (
        MachineToken.objects.filter(all_divisions=False, divisions=employee.division_id)
        .exclude(divisions__in=others)
        .values("pk")
    )
    return Q(**{f"{token}pk__in": own})
