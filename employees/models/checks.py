"""What the rows of all apps have in common: texts that say something, amounts, their history."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Length, Replace, Trim
from django.db.models.lookups import GreaterThan

from employees.money import refuse_too_many_places


def not_blank(field: str) -> models.Q:
    """A condition for a database constraint: the text holds more than blanks and line breaks."""
    text: Any = models.F(field)
    for blank in ("\n", "\r", "\t"):
        text = Replace(text, models.Value(blank))
    return models.Q(GreaterThan(Length(Trim(text)), 0))


def check_places(row: models.Model, field: str, currency: str) -> None:
    """Name the field in the error when its amount has too many places."""
    try:
        refuse_too_many_places(getattr(row, field), currency)
    except ValidationError as error:
        raise ValidationError({field: error}) from error


class WithHistory(models.Model):
    """A row that is saved together with its history, or not at all.

    A trigger may refuse the history row (see `guards.py`); then the change must not stay either.
    """

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, and what the history says of it, in one transaction."""
        super().save(*args, **kwargs)
