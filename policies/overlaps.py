"""Which rules hold wherever another does, and what they leave of it.

Pure. Never wrong in what it claims, though not complete, see `conditions.py`.
"""

from policies.conditions import follows
from policies.facts import BUILT_IN
from policies.rules import ConditionTerms, Rule

_OWN = "earlier_same"


def holds_wherever(other: Rule, rule: Rule) -> bool:
    """Whether the other holds whenever and wherever the rule does, whatever the remedy."""
    throughout = other.starts_at <= rule.starts_at and (
        other.ends_at is None or (rule.ends_at is not None and other.ends_at >= rule.ends_at)
    )
    scopes = (
        (other.reason_codes, rule.reason_codes),
        (other.tiers, rule.tiers),
        (other.teams, rule.teams),
        (other.channels, rule.channels),
    )
    # "The same before" counts each rule's own remedies: with others it is another number.
    alike = other.remedies == rule.remedies
    given = [c for c in (*rule.conditions, *channels_of(rule)) if alike or c.fact.key != _OWN]
    return (
        throughout
        and all(not wide or (bool(narrow) and narrow <= wide) for wide, narrow in scopes)
        and all(follows(condition, given=given) for condition in other.conditions)
    )


def channels_of(rule: Rule) -> list[ConditionTerms]:
    """The channels of a rule as the condition that they are."""
    fact = BUILT_IN["channel"]
    return [ConditionTerms(fact, "in", frozenset(rule.channels))] if rule.channels else []


def forbids(other: Rule, rule: Rule) -> bool:
    """Whether the other, which holds wherever the rule does, forbids all that it is about."""
    return other.effect == "forbid" and _covers_all(other, rule)


def allows_no_more(other: Rule, rule: Rule) -> bool:
    """Whether the rule restricts, and the other never allows more; it may count more together."""
    return (
        rule.effect == other.effect == "restrict"
        and _covers_all(other, rule)
        and _counts_alike(other, rule)
        and other.value <= rule.value
        and (rule.allows_grace or not other.allows_grace)
        and (other.review_afterwards or not rule.review_afterwards)
    )


def grants_as_much(other: Rule, rule: Rule) -> bool:
    """Whether the rule grants, and the other never grants less of the very same remedies."""
    return (
        rule.effect == other.effect == "grant"
        and other.remedies == rule.remedies
        and _counts_alike(other, rule)
        and other.value >= rule.value
        and other.entitlement == rule.entitlement
        and other.review_afterwards == rule.review_afterwards
    )


def holds_down(other: Rule, rule: Rule) -> bool:
    """Whether the rule grants more than the other ever lets through."""
    return (
        (rule.effect, other.effect) == ("grant", "restrict")
        and _covers_all(other, rule)
        and _counts_alike(other, rule)
        and other.value < rule.value
    )


def _covers_all(other: Rule, rule: Rule) -> bool:
    """Whether the other is about every remedy that the rule is about."""
    return not other.remedies or (bool(rule.remedies) and rule.remedies <= other.remedies)


def _counts_alike(other: Rule, rule: Rule) -> bool:
    """Whether both count the same, together per the same."""
    counted = (rule.measure, rule.per, rule.window_days)
    return counted == (other.measure, other.per, other.window_days)
