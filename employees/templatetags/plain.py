"""Amounts and moments as people read them."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from employees.money import format_money

register = template.Library()
DAYS_BY_NAME = 7
NEAR_DAYS = {-1: "tomorrow", 0: "today", 1: "yesterday"}


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """The amount in its currency's own form: "$9.00", "A$62.00"."""
    return format_money(amount, currency)


@register.filter
def day(moment: datetime | date, *, today: date | None = None) -> str:
    """The day, where the reader works: "today", "yesterday", "Thursday", "12 November"."""
    today = today or timezone.localdate()
    on = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    ago = (today - on).days
    if ago in NEAR_DAYS:
        return NEAR_DAYS[ago]
    if 1 < ago < DAYS_BY_NAME:
        return f"{on:%A}"
    return f"{on:%-d %B}" if on.year == today.year else f"{on:%-d %B %Y}"


@register.filter
def on_day(moment: datetime) -> str:
    """The day as it stands in a sentence: "today", "on Thursday", "on 12 November"."""
    words = day(moment)
    return words if words in NEAR_DAYS.values() else f"on {words}"


@register.filter
def when(moment: datetime) -> str:
    """The day and the time, where the reader works: "yesterday 19:42"."""
    return f"{day(moment)} {timezone.localtime(moment):%H:%M}"
