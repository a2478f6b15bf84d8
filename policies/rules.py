"""A division's rules as immutable objects, for `authority.py` to read.

They hold no database rows and no clock. A rule's `ends_at` is its effective end: its own, or the
moment a later version of the same series takes over.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Protocol

from employees.money import round_down
from policies.facts import FactTerms, FactValue

UNLIMITED = Decimal("Infinity")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ConditionTerms:
    """A comparison of a fact with a value, or with a set of values for *is one of*."""

    fact: FactTerms
    operator: str
    value: FactValue | frozenset[FactValue]
    window_days: int | None = None


def only_for_units(effect: str, measure: str) -> bool:
    """Whether such a rule's figure says how much only of remedies that are given by quantity.

    For amounts of money, a number of pieces, or a grant of a number of times, names none.
    """
    if measure == "quantity":
        return effect != "forbid"
    return measure == "times" and effect == "grant"


class Place(Protocol):
    """Where something is asked: by whom, after what, and how it was told."""

    @property
    def reason_id(self) -> int | None:
        """The reason code."""

    @property
    def tier_id(self) -> int | None:
        """The tier of who asks."""

    @property
    def team_id(self) -> int | None:
        """The team of who asks."""

    @property
    def channel(self) -> str:
        """How it was told."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One published version of a policy. Empty scopes mean all."""

    id: int
    version: int
    title: str
    effect: str
    measure: str
    value: Decimal
    per: str
    window_days: int | None
    entitlement: bool
    allows_grace: bool
    review_afterwards: bool
    rationale: str
    customer_wording: str
    starts_at: datetime
    ends_at: datetime | None
    reason_codes: frozenset[int] = frozenset()
    remedies: frozenset[int] = frozenset()
    tiers: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    channels: frozenset[str] = frozenset()
    conditions: tuple[ConditionTerms, ...] = ()
    only_when: str = ""  # the conditions in words, for whoever reads a decision

    def in_force(self, at: datetime) -> bool:
        """Whether this version decides at this moment."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

    def concerns(self, tier_id: int | None, team_id: int | None) -> bool:
        """Whether the rule is about people of this tier and team."""
        return (not self.tiers or tier_id in self.tiers) and (
            not self.teams or team_id in self.teams
        )

    def is_after(self, reason_id: int | None) -> bool:
        """Whether the rule is about this reason code; None asks about any of them."""
        return reason_id is None or not self.reason_codes or reason_id in self.reason_codes

    def covers(self, remedy_id: int) -> bool:
        """Whether the remedy is in the rule's scope."""
        return not self.remedies or remedy_id in self.remedies

    def is_about(self, place: "Place") -> bool:
        """Whether the reason code, tier, team and channel are in the rule's scope."""
        return (
            (not self.reason_codes or place.reason_id in self.reason_codes)
            and (not self.tiers or place.tier_id in self.tiers)
            and (not self.teams or place.team_id in self.teams)
            and (not self.channels or place.channel in self.channels)
        )

    @property
    def counts_per_customer(self) -> bool:
        """Whether it counts what the customer was given in other cases."""
        return self.per == "customer" or any(c.fact.windowed for c in self.conditions)


@dataclass(frozen=True, slots=True)
class RemedyTerms:
    """A remedy with its costing.

    A *measure* of it is an amount at face value, or a quantity where it has a cost per unit.
    """

    id: int
    code: str
    name: str
    rationale: str
    customer_wording: str
    currency: str
    cost_share: Decimal = Decimal(1)
    cost_per_unit: Decimal | None = None
    face_per_unit: Decimal = Decimal(0)
    max_quantity: int | None = None
    unit: str = ""
    unit_plural: str = ""
    needs_description: bool = False
    is_active: bool = True

    @property
    def by_quantity(self) -> bool:
        """Whether it is given as a quantity and not as an amount."""
        return self.cost_per_unit is not None

    @property
    def most_in_a_case(self) -> Decimal:
        """The remedy's own maximum for one case."""
        return UNLIMITED if self.max_quantity is None else Decimal(self.max_quantity)

    def cost_of(self, measure: Decimal) -> Decimal:
        """What it costs the company, rounded up to a full cent so that no share is lost."""
        if self.cost_per_unit is not None:
            return measure * self.cost_per_unit
        exact = measure * self.cost_share
        down = round_down(exact, self.currency)
        return down if down == exact else down + _cent(down)

    def face_value_of(self, measure: Decimal) -> Decimal:
        """What it is worth to the customer."""
        return measure * self.face_per_unit if self.by_quantity else measure

    def most_for_cost(self, cost: Decimal) -> Decimal:
        """The largest measure that costs no more than `cost`."""
        cost = max(cost, Decimal(0))
        if self.cost_per_unit is not None:
            return _whole(cost / self.cost_per_unit) if self.cost_per_unit else UNLIMITED
        # A cost comes in whole cents, so a limit with half a cent in it goes no further without.
        return round_down(round_down(cost, self.currency) / self.cost_share, self.currency)

    def most_for_face_value(self, face_value: Decimal) -> Decimal:
        """The largest measure that is worth no more than `face_value`."""
        face_value = max(face_value, Decimal(0))
        if self.by_quantity:
            return _whole(face_value / self.face_per_unit) if self.face_per_unit else UNLIMITED
        return round_down(face_value, self.currency)


@dataclass(frozen=True, slots=True)
class ReasonTerms:
    """A reason code with the facts it asks for."""

    id: int
    code: str
    name: str
    facts: tuple[FactTerms, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that decides in one division, as of one version number."""

    division_id: int
    version: int
    currency: str
    remedies: tuple[RemedyTerms, ...] = ()
    reasons: tuple[ReasonTerms, ...] = ()
    rules: tuple[Rule, ...] = ()

    def remedy(self, code: str) -> RemedyTerms | None:
        """The remedy in use with this code."""
        return next((r for r in self.remedies if r.code == code and r.is_active), None)

    def remedy_by_id(self, remedy_id: int) -> RemedyTerms:
        """The remedy with this id, in use or not. Raises KeyError."""
        for remedy in self.remedies:
            if remedy.id == remedy_id:
                return remedy
        raise KeyError(remedy_id)

    def reason(self, code: str) -> ReasonTerms | None:
        """The reason code in use with this code."""
        return next((r for r in self.reasons if r.code == code and r.is_active), None)

    def reason_of(self, reason_id: int) -> ReasonTerms:
        """The reason code with this id, in use or not. Raises KeyError."""
        for reason in self.reasons:
            if reason.id == reason_id:
                return reason
        raise KeyError(reason_id)

    def with_rule(self, rule: Rule, *, instead_of: Collection[int] = ()) -> "Rulebook":
        """The same rulebook as if this rule held, by its dates, instead of others, by their ids.

        The others are its other versions: they still decide until it takes over, and no longer.
        """
        earlier = (
            replace(other, ends_at=min(other.ends_at or rule.starts_at, rule.starts_at))
            if other.id in instead_of
            else other
            for other in self.rules
            if other.id not in instead_of or other.starts_at < rule.starts_at
        )
        return replace(self, rules=(*earlier, rule))

    def about(self, place: Place) -> "Rulebook":
        """The same with only the rules that can bear here; every decision stays the same."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.is_about(place)))

    @property
    def counts_per_customer(self) -> bool:
        """Whether some rule counts what a customer was given in other cases."""
        return any(rule.counts_per_customer for rule in self.rules)

    @property
    def counts_per_order(self) -> bool:
        """Whether some rule counts what was given on an order together."""
        return any(rule.per == "order" for rule in self.rules)

    def in_force(self, at: datetime) -> tuple[Rule, ...]:
        """The rules that decide at this moment."""
        return tuple(rule for rule in self.rules if rule.in_force(at))


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_DOWN)


def _cent(amount: Decimal) -> Decimal:
    exponent = amount.as_tuple().exponent
    return Decimal(1).scaleb(int(exponent))
