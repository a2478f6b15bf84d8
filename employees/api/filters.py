"""Filters of lists that every app has: by a code or name of something there is, and by time."""

from collections.abc import Callable
from copy import copy
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Field
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import CharFilter, IsoDateTimeFilter

from employees.api.authentication import employee_of
from employees.moments import in_utc

Among: TypeAlias = Callable[[Any], QuerySet[Any]]


class _Moment(IsoDateTimeField):  # type: ignore[misc]
    """A moment that every database can be asked about."""

    def clean(self, value: Any) -> Any:
        """Bring it to UTC. Raises ValidationError, also for the first and the last day of all."""
        moment = super().clean(value)
        return moment and in_utc(moment)


class MomentFilter(IsoDateTimeFilter):  # type: ignore[misc]
    """From or to a moment, in UTC unless it says its zone."""

    field_class = _Moment


class KnownFilter(CharFilter):  # type: ignore[misc]
    """By code or name, where one that there is not is refused: a slip is no empty list.

    `among` says which there are for someone; what is not theirs to see is not there. One query.
    """

    def __init__(self, *args: Any, among: Among, by: str = "code", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among, self.by = among, by

    @property
    def field(self) -> Field:
        """The form's field, which looks it up: each its own, as it knows who asks."""
        field: Field = copy(super().field)
        field.validators = [*field.validators, self._must_be_known]
        return field

    def asked_by(self) -> Any:
        """Whoever `among` is asked for."""
        return employee_of(self.parent.request)

    def _must_be_known(self, value: str) -> None:
        if "\x00" in value:  # refused by the field itself; PostgreSQL can't be asked
            return
        there = self.among(self.asked_by())
        if not there.filter(**{self.by: value}).exists():
            kind = there.model._meta.verbose_name
            raise ValidationError(f"There is no {kind} with this {self.by} among those you see.")
