"""What is told of a case, and what is to be given: plain values that both edges hand over.

Page and API make them, `checks.py` reads and checks them against the rulebook.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from policies.facts import FactValue, read_value
from policies.rules import ReasonTerms


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """Who the customer is, as told."""

    reference: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Whose problem it is, with which order, and what the reason code asks for.

    They may be told at once, or later. Amounts are in the division's currency. A case that looks
    like one of a mass incident is charged to its fund, unless it is `apart_from_incident`; None
    leaves it at what was said before.
    """

    customer: CustomerDetails | None = None
    order_reference: str = ""
    order_value: Decimal | None = None
    order_date: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    apart_from_incident: bool | None = None


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class Problem(Details):
    """A customer's problem, as told."""

    reason_code: str
    channel: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Give:
    """A remedy to be given, by code: an amount at face value or a quantity, by its costing.

    A remedy by quantity of which one case can have only one needs neither.
    """

    remedy: str
    amount: Decimal | None = None
    quantity: int | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A problem that was checked."""

    problem: Problem
    reason: ReasonTerms
    facts: Mapping[str, FactValue]


def contents(told: Details, gives: Sequence[Give]) -> dict[str, Any]:
    """All that a request said, as plain values: the same contents, the same request."""
    return {"problem": asdict(told), "gives": [asdict(give) for give in gives]}


def stored_facts(facts: Mapping[str, FactValue]) -> dict[str, str | bool]:
    """Facts as they are kept with the case: numbers as text, so that none becomes a float."""
    return {key: value if isinstance(value, bool) else str(value) for key, value in facts.items()}


def facts_of(reason: ReasonTerms, stored: Mapping[str, Any]) -> dict[str, FactValue]:
    """A case's stored facts, read by the kinds they have now; what no longer fits is unknown."""
    facts: dict[str, FactValue] = {}
    for fact in reason.facts:
        try:
            facts[fact.key] = read_value(fact, stored[fact.key])
        except (KeyError, ValidationError):
            continue
    return facts


def local_day(at: datetime, zone: Any) -> date:
    """The day it is where the employee works."""
    return at.astimezone(zone).date()
