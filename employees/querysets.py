"""What each person may see of divisions, teams, tiers and colleagues."""

from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import UserManager
from django.db import models
from django.db.models import Q

from employees.visibility import visible_q

if TYPE_CHECKING:
    from employees.models import AuthorityTier, Division, Employee, Team


class DivisionQuerySet(models.QuerySet["Division"]):
    """Divisions."""

    def visible_to(self, employee: "Employee") -> Self:
        """One's own division; all of them for administrators and for finance of the group."""
        return self.filter(
            visible_q(
                employee,
                agent=Q(),
                team_lead=Q(),
                division="pk",
                finance=True,
                administrator=True,
            )
        )


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams."""

    def visible_to(self, employee: "Employee") -> Self:
        """One's own team; the division's teams for managers and finance."""
        own = Q(pk=employee.team_id)
        return self.filter(
            visible_q(
                employee,
                agent=own,
                team_lead=own,
                division="division",
                finance=True,
                administrator=True,
            )
        )

    def zones(self) -> set[str]:
        """The names of the time zones that they work in; one query."""
        return set(self.order_by().values_list("time_zone", flat=True).distinct())

    def zones_by_division(self) -> dict[int, list[ZoneInfo]]:
        """The time zones that they work in, by the number of their division; one query."""
        zones: dict[int, list[ZoneInfo]] = {}
        teams = self.order_by("time_zone").values_list("division", "time_zone").distinct()
        for division, zone in teams:
            zones.setdefault(division, []).append(ZoneInfo(zone))
        return zones


class AuthorityTierQuerySet(models.QuerySet["AuthorityTier"]):
    """Authority tiers."""

    def visible_to(self, employee: "Employee") -> Self:
        """One's own tier; the division's tiers for managers and finance."""
        own = Q(pk=employee.tier_id)
        return self.filter(
            visible_q(
                employee,
                agent=own,
                team_lead=own,
                division="division",
                finance=True,
                administrator=True,
            )
        )


class EmployeeQuerySet(models.QuerySet["Employee"]):
    """Employees."""

    def visible_to(self, employee: "Employee") -> Self:
        """Oneself; one's team for a lead; the division for managers and finance."""
        own = Q(pk=employee.pk)
        return self.filter(
            visible_q(
                employee,
                agent=own,
                team_lead=own | Q(team=employee.team_id, team__isnull=False),
                division="division",
                finance=True,
                administrator=True,
            )
        )

    def with_authority(self) -> Self:
        """Joined with all that deciding what an employee may give reads of them."""
        return self.select_related("division", "team", "tier")


class EmployeeManager(UserManager["Employee"]):
    """Makes employees, and reads them joined with their authority."""

    def get_queryset(self) -> EmployeeQuerySet:
        """Every read of employees can be narrowed with `visible_to`."""
        return EmployeeQuerySet(self.model, using=self._db)

    def visible_to(self, employee: "Employee") -> EmployeeQuerySet:
        """See `EmployeeQuerySet.visible_to`."""
        return self.get_queryset().visible_to(employee)

    def with_authority(self) -> EmployeeQuerySet:
        """See `EmployeeQuerySet.with_authority`."""
        return self.get_queryset().with_authority()

    def create_user(
        self, username: str, email: str | None = None, password: str | None = None, **extra: object
    ) -> "Employee":
        """Make an employee: an agent, unless `role` says otherwise."""
        employee = self.model(
            username=self.model.normalize_username(username),
            email=self.normalize_email(email),
            **extra,
        )
        employee.set_password(password)
        employee.save(using=self._db)
        return employee

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: object
    ) -> "Employee":
        """Make an administrator, for Django's `createsuperuser`; nobody is above the rules."""
        from employees.models import Role

        return self.create_user(username, email, password, role=Role.ADMINISTRATOR, **extra)
