"""Conditions in plain words: "minutes late is at least 30 and seal broken is yes".

Pure functions of rows. Amounts are written in the form of the division's currency.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError

from employees.money import format_money
from policies.facts import (
    FactKind,
    FactTerms,
    FactValue,
    Operator,
    read_value,
    read_values,
)
from policies.models import Channel, Condition
from policies.words import any_of, days, number


def all_words(
    conditions: Iterable[Condition], facts: Mapping[str, FactTerms], currency: str
) -> str:
    """All of them: "minutes late is at least 30 and seal broken is yes"."""
    return " and ".join(condition_words(c, facts, currency) for c in conditions)


def condition_words(condition: Condition, facts: Mapping[str, FactTerms], currency: str) -> str:
    """One comparison: "order value is more than $50.00"."""
    fact = facts.get(condition.fact)
    if fact is None:
        fact = FactTerms(condition.fact, condition.fact.replace("_", " "), FactKind.CHOICE)
    label = fact.label
    if condition.window_days:
        label += f" in {days(condition.window_days)}"
    comparison = Operator(condition.operator).label
    return f"{label} {comparison} {_compared(condition, fact, currency)}"


def _compared(condition: Condition, fact: FactTerms, currency: str) -> str:
    try:
        if condition.operator == Operator.IN:
            values = sorted(read_values(fact, condition.value), key=str)
            return any_of([_value(fact, value, currency) for value in values])
        return _value(fact, read_value(fact, condition.value), currency)
    except ValidationError:
        return condition.value


def _value(fact: FactTerms, value: FactValue, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        if fact.kind == FactKind.MONEY:
            return format_money(value, currency)
        unit = fact.unit if fact.unit and fact.unit not in fact.label else ""
        return f"{number(value)} {unit}".strip()
    return Channel(value).label.lower() if fact.key == "channel" and value in Channel else value
