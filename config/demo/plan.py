"""A division on paper: what `found.py` writes into the database and `history.py` plays through.

Amounts are texts in the division's currency, so that a plan reads like the sheet a manager has.
"Days ago" count back from the demo's today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team, in its time zone."""

    name: str
    time_zone: str
    cost_centre: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a tier's limit was before it was changed, how many days ago, and why."""

    limit: str
    days_ago: int
    reason: str


@dataclass(frozen=True, slots=True)
class TierPlan:
    """How far someone's word goes, and where it is said: channels with their weights."""

    name: str
    limit: str
    budget: str
    grace: int
    over_budget: int
    rationale: str
    channels: Mapping[str, int]
    cases_a_day: float
    amounts: int = 1  # how many times larger the usual amounts are
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Someone who works here."""

    username: str
    first_name: str
    last_name: str
    job_title: str
    role: str = "agent"
    team: str | None = None
    tier: str | None = None
    customer_reference: str = ""


@dataclass(frozen=True, slots=True)
class FactPlan:
    """A fact that a reason code asks for."""

    key: str
    label: str
    kind: str
    unit: str = ""
    choices: str = ""


@dataclass(frozen=True, slots=True)
class ReasonPlan:
    """What can go wrong."""

    code: str
    name: str
    facts: Sequence[FactPlan] = ()


@dataclass(frozen=True, slots=True)
class RemedyPlan:
    """What can be given; `columns` are those of the Remedy that differ from the defaults."""

    code: str
    name: str
    rationale: str
    words: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    account: str = ""  # in the general ledger; finance has none for what is on no list


@dataclass(frozen=True, slots=True)
class Change:
    """A later version of a rule, or its end: how many days ago, and why."""

    days_ago: int
    reason: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    withdraws: bool = False


@dataclass(frozen=True, slots=True)
class RulePlan:
    """A rule with its why, from how many days ago on; None leaves it a draft."""

    title: str
    effect: str
    rationale: str
    words: str
    days_ago: int | None
    measure: str = ""
    value: str | None = None
    per: str = "case"
    window_days: int | None = None
    reasons: Sequence[str] = ()
    remedies: Sequence[str] = ()
    tiers: Sequence[str] = ()
    channels: Sequence[str] = ()
    conditions: Sequence[tuple[str, str, str] | tuple[str, str, str, int]] = ()
    entitlement: bool = False
    allows_grace: bool = False
    review_afterwards: bool = False
    starts_next_month: bool = False
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """One remedy, for an amount or a quantity from `least` to `most` (or just `least`) in steps.

    With `whole_order` it is all that the order was worth. `when` names a fact that makes someone
    think of it: a number it reaches, or the word it is.
    """

    remedy: str
    least: str = "1"
    most: str = ""
    step: str = "1"
    description: str = ""
    whole_order: bool = False
    when: tuple[str, int | str] | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One kind of problem: how often, what the agent notes, and what is usually given.

    `gives` are offers with weights; `beyond` are wishes that the rules refuse; `explained` is what
    is said when no remedy is needed. `facts` are asked facts with a range or a list to pick from.
    """

    reason: str
    weight: int
    order: tuple[int, int]
    notes: Sequence[str]
    gives: Sequence[tuple[int, Sequence[Offer]]]
    beyond: Sequence[Offer]
    explained: Sequence[str]
    facts: Mapping[str, tuple[int, int] | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scripted:
    """A case of the division's first agent in the last weeks, told exactly.

    `time` is local. Without gives it is closed, and `note` is followed by what was `said`.
    """

    days_ago: int
    time: str
    reason: str
    order_value: str
    gives: Sequence[tuple[str, str]]
    note: str
    facts: Mapping[str, str] = field(default_factory=dict)
    said: str = ""


@dataclass(frozen=True, slots=True)
class DaysPlan:
    """What happens in a division: hours of work, kinds of problems, and what follows."""

    hours: tuple[int, int]
    busy_weekdays: Sequence[int]
    order_age: tuple[int, int]  # days
    customers: int
    references: Sequence[str]  # patterns: # is a digit
    orders: str
    segments: Sequence[str]
    scenes: Sequence[Scene]
    script: Sequence[Scripted]
    handed_over: Sequence[tuple[str, str]]
    came_back: Sequence[str]
    could_not: Sequence[str]


@dataclass(frozen=True, slots=True)
class DivisionPlan:
    """Everything of one division."""

    code: str
    name: str
    currency: str
    case_prefix: str
    approval_minutes: int
    approval_hourly_cost: str
    return_cost: str
    budget_account: str
    teams: Sequence[TeamPlan]
    tiers: Sequence[TierPlan]
    people: Sequence[PersonPlan]
    reasons: Sequence[ReasonPlan]
    remedies: Sequence[RemedyPlan]
    rules: Sequence[RulePlan]
    days: DaysPlan
