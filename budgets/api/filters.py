"""Which budgets, and which entries of one, a list shows."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import CharField
from django_filters import rest_framework as filters

from budgets.days import read_month
from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from employees.api.filters import KnownFilter, MomentFilter
from employees.models import Division, Employee, Team


class _MonthField(CharField):
    """A month such as 2026-11, as its first day."""

    def clean(self, value: Any) -> Any:
        """Read it. Raises ValidationError."""
        text = super().clean(value)
        try:
            return read_month(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from None


class MonthFilter(filters.CharFilter):  # type: ignore[misc]
    """By a month, from one or to one: that one is included."""

    field_class = _MonthField


def _divisions(employee: Employee) -> QuerySet[Division]:
    """The divisions that someone sees, and those in which they had a month of their own."""
    seen = Q(pk__in=Division.objects.visible_to(employee).values("pk"))
    return Division.objects.filter(seen | _has_seen_budgets(employee, "division"))


def _teams(employee: Employee) -> QuerySet[Team]:
    return Team.objects.filter(division__in=_divisions(employee))


def _people(employee: Employee) -> QuerySet[Employee]:
    """The colleagues that someone sees, and those whose earlier months are still there to see."""
    seen = Q(pk__in=Employee.objects.visible_to(employee).values("pk"))
    return Employee.objects.filter(seen | _has_seen_budgets(employee, "employee"))


def _has_seen_budgets(employee: Employee, of: str) -> Q:
    return Q(Exists(Budget.objects.visible_to(employee).filter(**{of: OuterRef("pk")})))


class BudgetFilters(filters.FilterSet):  # type: ignore[misc]
    """By kind, whose it is, and month; together they narrow."""

    kind = filters.ChoiceFilter(choices=BudgetKind.choices)
    division = KnownFilter("division__code", among=_divisions)
    team = KnownFilter(
        "employee__team__name", among=_teams, by="name", help_text="The employee's team now."
    )
    employee = KnownFilter("employee__username", among=_people, by="username")
    month = MonthFilter("month", help_text="Such as 2026-11.")
    month_from = MonthFilter("month", "gte", help_text="Included.")
    month_to = MonthFilter("month", "lte", help_text="Included.")

    class Meta:
        model = Budget
        fields: tuple[str, ...] = ()


class EntryFilters(filters.FilterSet):  # type: ignore[misc]
    """By kind and time; together they narrow."""

    kind = filters.ChoiceFilter(choices=EntryKind.choices)
    at_from = MomentFilter(
        "at", "gte", help_text="A day or a moment, in UTC unless it says its zone."
    )
    at_to = MomentFilter("at", "lt", help_text="Not included.")

    class Meta:
        model = LedgerEntry
        fields: tuple[str, ...] = ()
