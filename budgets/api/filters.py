"""Which budgets, and which entries of one, a list shows."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import CharField
from django_filters import rest_framework as filters

from budgets.days import read_month
from budgets.models import Budget, BudgetKind, EntryKind, LedgerEntry
from employees.api.filters import (
    DAY_OR_MOMENT,
    NOT_INCLUDED,
    AmountFilter,
    Described,
    KeyFilter,
    MomentFilter,
    OneOfFilter,
)
from employees.models import Division, Employee, Team

AMOUNT_HELP = "Included. Below zero is what went out, such as -5.00."


class _MonthField(CharField):
    """A month such as 2026-11, as its first day."""

    def clean(self, value: Any) -> Any:
        """Read it. Raises ValidationError."""
        text = super().clean(value)
        try:
            return read_month(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from None


class MonthFilter(Described, filters.CharFilter):  # type: ignore[misc]
    """By a month, from one or to one: that one is included."""

    schema = {
        "type": "string",
        "pattern": "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$",
        "example": "2026-11",
    }
    field_class = _MonthField


def _divisions(employee: Employee) -> QuerySet[Division]:
    """The divisions that someone sees, and those in which they had a month of their own."""
    seen = Q(pk__in=Division.objects.visible_to(employee).values("pk"))
    own = Budget.objects.visible_to(employee).filter(employee=employee.pk)
    return Division.objects.filter(seen | Q(pk__in=own.values("division")))


def _teams(employee: Employee) -> QuerySet[Team]:
    return Team.objects.filter(division__in=_divisions(employee))


def _people(employee: Employee) -> QuerySet[Employee]:
    """The colleagues that someone sees, and those whose earlier months are still there to see."""
    seen = Q(pk__in=Employee.objects.visible_to(employee).values("pk"))
    theirs = Budget.objects.visible_to(employee).filter(employee=OuterRef("pk"))
    return Employee.objects.filter(seen | Q(Exists(theirs)))


class BudgetFilters(filters.FilterSet):  # type: ignore[misc]
    """By kind, whose it is, and month; together they narrow."""

    kind = OneOfFilter(choices=BudgetKind.choices, help_text="Whose money it is.")
    division = KeyFilter("division", among=_divisions, help_text="Its code.")
    currency = KeyFilter("division", among=_divisions, by="currency", help_text="ISO 4217.")
    team = KeyFilter(
        "employee__team",
        among=_teams,
        by="name",
        help_text="The employee's team now, by name; of every division you see, unless `division` "
        "says which.",
    )
    employee = KeyFilter(
        "employee", among=_people, by="username", help_text="Whose month it is, by user name."
    )
    month = MonthFilter("month", help_text="Such as 2026-11.")
    month_from = MonthFilter("month", "gte", help_text="Included, such as 2026-11.")
    month_to = MonthFilter("month", "lte", help_text="Included, such as 2026-11.")

    class Meta:
        model = Budget
        fields: tuple[str, ...] = ()


class EntryFilters(filters.FilterSet):  # type: ignore[misc]
    """By kind, time and amount; together they narrow."""

    kind = OneOfFilter(choices=EntryKind.choices, help_text="What moved the money.")
    at_from = MomentFilter("at", "gte", help_text=DAY_OR_MOMENT)
    at_to = MomentFilter("at", "lt", help_text=NOT_INCLUDED)
    amount_min = AmountFilter("amount", "gte", help_text=AMOUNT_HELP)
    amount_max = AmountFilter("amount", "lte", help_text=AMOUNT_HELP)

    class Meta:
        model = LedgerEntry
        fields: tuple[str, ...] = ()
