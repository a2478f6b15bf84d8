"""What rules still need: it is not taken from under those that hold, or are to hold.

A published rule never changes, so what it counts and compares has to go on meaning the same.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q

from policies.models import Costing, Effect, Measure, Policy, Remedy
from policies.querysets import PolicyQuerySet


def refuse_to_stop_counting(remedy: Remedy, costing: str, *, at: datetime) -> None:
    """Raise ValidationError where rules count by the piece what would be given by amount."""
    if costing == Costing.PER_UNIT:
        return
    counts = Q(measure=Measure.QUANTITY) & ~Q(effect=Effect.FORBID)
    grants_times = Q(measure=Measure.TIMES, effect=Effect.GRANT)
    rules = _deciding(remedy.division_id, at).filter(counts | grants_times, remedies=remedy)
    if rules:
        raise ValidationError(
            {
                "costing": f"Rules count it by the piece: {_titles(rules)}. Change them first: for "
                "an amount of money, a number of pieces does not say how much."
            }
        )


def _deciding(division_id: int, at: datetime) -> PolicyQuerySet:
    """The rules in force, and those that come into force later."""
    return Policy.objects.filter(division=division_id).current(at).filter(withdrawn=False)


def _titles(rules: Iterable[Policy]) -> str:
    """Each rule once, whatever versions of it there are."""
    return ", ".join(dict.fromkeys(f"“{rule.title}”" for rule in rules))
