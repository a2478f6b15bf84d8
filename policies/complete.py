"""Whether a rule can be meant so: what publishing asks of it, its scopes and its conditions."""

from collections.abc import Mapping
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from policies.errors import IncompleteRule
from policies.facts import (
    BUILT_IN,
    ORDER_OPERATORS,
    ORDERED,
    FactTerms,
    Operator,
    comparable_facts,
    read_value,
    read_values,
)
from policies.models import AskedFact, Channel, Condition, Effect, Measure, Policy
from policies.rulebook import fact_terms
from policies.rules import only_for_units

LONGEST_WINDOW = 36_500  # days
SCOPES = ("reason_codes", "remedies", "tiers", "teams")
SAID = (  # what a version says besides its scopes and its conditions
    "title", "effect", "measure", "value", "per", "window_days", "channels", "entitlement",
    "allows_grace", "review_afterwards", "rationale", "customer_wording", "ends_at",
)  # fmt: skip


def refuse_incomplete(policy: Policy) -> None:
    """Raise IncompleteRule unless the rule, its scopes and its conditions can be meant so."""
    try:
        # Its own checks say all that the constraints would refuse, and ask the database nothing.
        policy.full_clean(exclude=["series", "published_by"], validate_constraints=False)
        refuse_contradictions(policy)
        facts = known_facts(policy.division_id)
        for condition in policy.conditions.all():
            refuse_bad_comparison(condition, facts)
    except ValidationError as error:
        raise IncompleteRule(error) from error


def refuse_contradictions(policy: Policy) -> None:
    """Raise ValidationError where figure, scopes and conditions can't be meant together.

    Asks nothing of the database where the policy was read together with them.
    """
    _refuse_other_divisions(policy)
    _refuse_unbounded(policy)
    _refuse_uncountable(policy)
    _refuse_never_told(policy)


def refuse_bad_comparison(condition: Condition, facts: Mapping[str, FactTerms]) -> None:
    """Raise ValidationError unless the condition compares a fact that exists with a fit value."""
    fact = facts.get(condition.fact)
    if fact is None:
        raise ValidationError(f"Nothing asks for a fact called “{condition.fact}”.")
    if condition.operator in ORDER_OPERATORS and fact.kind not in ORDERED:
        raise ValidationError(f"{fact.label.capitalize()} can't be compared as more or less.")
    if condition.window_days is not None and not fact.windowed:
        raise ValidationError(f"{fact.label.capitalize()} is not counted within days.")
    _refuse_odd_window(condition.window_days)
    if fact.key == "channel":  # a fixed list; what was compared before it was one is still read
        fact = replace(fact, choices=tuple(Channel.values))
    read = read_values if condition.operator == Operator.IN else read_value
    read(fact, condition.value)


def known_facts(division_id: int) -> dict[str, FactTerms]:
    """Every fact a condition of this division can compare, by its key."""
    asked = AskedFact.objects.filter(reason_code__division=division_id)
    return comparable_facts(fact_terms(fact) for fact in asked)


def _refuse_other_divisions(policy: Policy) -> None:
    for name in SCOPES:
        for row in getattr(policy, name).all():
            if row.division_id != policy.division_id:
                raise ValidationError(f"“{row}” belongs to another division.")


def _refuse_unbounded(policy: Policy) -> None:
    """A quantity, or a grant of a number of times, only says how much for remedies with units."""
    if not only_for_units(policy.effect, policy.measure):
        return
    remedies = list(policy.remedies.all())
    if not remedies or any(remedy.costing != "per_unit" for remedy in remedies):
        raise ValidationError(
            {
                "remedies": "Name the remedies, and only ones given by quantity: for amounts of "
                "money, a number alone does not say how much."
            }
        )


def _refuse_uncountable(policy: Policy) -> None:
    """Times and quantities are whole, and a window has a day in it."""
    counted = policy.measure in (Measure.TIMES, Measure.QUANTITY)
    if counted and policy.value is not None and policy.value % 1:
        raise ValidationError({"value": "Write a whole number."})
    _refuse_odd_window(policy.window_days)


def _refuse_never_told(policy: Policy) -> None:
    """A fact that a reason code does not ask for is never known there.

    A grant simply does not apply then; but a restriction would always hold, and nobody could tell
    what would lift it.
    """
    own = [c.fact for c in policy.conditions.all() if c.fact not in BUILT_IN]
    if policy.effect == Effect.GRANT or not own:
        return
    reasons = list(policy.reason_codes.all())
    prefetch_related_objects(reasons, "asked_facts")
    asked = [{fact.key for fact in reason.asked_facts.all()} for reason in reasons]
    if not asked or any(key not in keys for key in own for keys in asked):
        raise ValidationError(
            {
                "reason_codes": "Name the reason codes, and only ones that ask for what the "
                "conditions compare: elsewhere nobody could tell it, and the rule would always "
                "hold."
            }
        )


def _refuse_odd_window(days: int | None) -> None:
    if days is not None and not 1 <= days <= LONGEST_WINDOW:
        raise ValidationError(
            {"window_days": f"Count from 1 to {LONGEST_WINDOW:,} days; empty means ever."}
        )
