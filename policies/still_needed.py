"""What rules still need: it is not taken from under those that hold, or are to hold.

A published rule never changes, so what it counts and compares has to go on meaning the same.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from policies.facts import FactTerms
from policies.models import AskedFact, Costing, Policy, Remedy
from policies.querysets import PolicyQuerySet
from policies.rulebook import compared_value, fact_terms
from policies.rules import only_for_units
from policies.words import any_of


def refuse_to_stop_counting(remedy: Remedy, costing: str, *, at: datetime) -> None:
    """Raise ValidationError where rules count by the piece what would be given by amount."""
    if costing == Costing.PER_UNIT:
        return
    covering = _deciding(remedy.division_id, at).filter(remedies=remedy)
    rules = [rule for rule in covering if only_for_units(rule.effect, rule.measure)]
    if rules:
        raise ValidationError(
            {
                "costing": f"Rules count it by the piece: {_titles(rules)}. Change them first: for "
                "an amount of money, a number of pieces does not say how much."
            }
        )


def refuse_to_stop_asking(fact: AskedFact, *, at: datetime) -> None:
    """Raise ValidationError where rules compare this fact after its reason code."""
    if rules := _comparing(fact, at):
        raise ValidationError(f"Rules compare {fact.label}: {_titles(rules)}. Change them first.")


def refuse_to_stop_offering(fact: AskedFact, gone: Collection[str], *, at: datetime) -> None:
    """Raise ValidationError where rules compare this fact with choices that would be gone."""
    terms = fact_terms(fact)
    compared = {rule: _compared_in(rule, terms) & set(gone) for rule in _comparing(fact, at)}
    rules = [rule for rule, choices in compared.items() if choices]
    if rules:
        choices = any_of(sorted(set().union(*compared.values())))
        raise ValidationError(
            f"Rules compare {fact.label} with {choices}: {_titles(rules)}. Change them first."
        )


def _comparing(fact: AskedFact, at: datetime) -> list[Policy]:
    """The rules with a condition on this fact that are about its reason code."""
    about_it = Q(reason_codes=None) | Q(reason_codes=fact.reason_code_id)
    rules = _deciding(fact.reason_code.division_id, at).filter(about_it, conditions__fact=fact.key)
    return list(rules.distinct().prefetch_related("conditions"))


def _compared_in(rule: Policy, fact: FactTerms) -> set[Any]:
    """What the rule compares the fact with."""
    values = [compared_value(c, fact) for c in rule.conditions.all() if c.fact == fact.key]
    return {
        each for value in values for each in (value if isinstance(value, frozenset) else [value])
    }


def _deciding(division_id: int, at: datetime) -> PolicyQuerySet:
    """The rules in force, and those that come into force later."""
    return Policy.objects.filter(division=division_id).current(at).filter(withdrawn=False)


def _titles(rules: Iterable[Policy]) -> str:
    """Each rule once, whatever versions of it there are."""
    return ", ".join(dict.fromkeys(f"“{rule.title}”" for rule in rules))
