"""Moments that someone typed, and that every zone and database can be asked about."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValidationError for the first and the last day of all years."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValidationError("Write a day within the calendar's years.") from None
