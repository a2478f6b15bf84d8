"""What a change can bear on: of all rules, those that matter where something is asked.

Pure. What must stay true: leaving out the others never changes a decision.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from policies.question import Question
from policies.rules import Rulebook
from resolutions.trying.asked import Asked

_Place: TypeAlias = tuple[int | None, int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What is tried: another rulebook, or another limit and grace of a tier; the rest stays."""

    rulebook: Rulebook
    tier_id: int | None = None
    limit: Decimal = Decimal(0)
    grace_percent: Decimal = Decimal(0)

    def of_limit(self, asked: Asked) -> bool:
        """Whether who asked would have had another limit."""
        of_tier = self.tier_id is not None and asked.question.tier_id == self.tier_id
        return of_tier and not asked.own_limit


@dataclass(frozen=True, slots=True)
class Bearing:
    """The rules of both rulebooks that matter at one place, and which remedies the change is about.

    `per_customer` and `per_order` say whether one of these rules counts what was given to the
    same customer, or on the same order.
    """

    before: Rulebook
    after: Rulebook
    everything: bool
    remedies: frozenset[int]
    per_customer: bool
    per_order: bool

    def on(self, remedy_id: int) -> bool:
        """Whether the change is about this remedy."""
        return self.everything or remedy_id in self.remedies


class Bearings:
    """The bearing of a change on each place; kept, as there are few places and many requests."""

    def __init__(self, rulebook: Rulebook, change: Change) -> None:
        self._before, self._after = rulebook, change.rulebook
        self._kept: dict[_Place, Bearing] = {}
        both = (rulebook, change.rulebook)
        self.per_customer = any(book.counts_per_customer for book in both)
        self.per_order = any(book.counts_per_order for book in both)

    def at(self, place: Question) -> Bearing:
        """What bears on what is asked there."""
        key = (place.reason_id, place.tier_id, place.team_id, place.channel)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._bearing(place)
        return found

    def _bearing(self, place: Question) -> Bearing:
        before, after = self._before.about(place), self._after.about(place)
        differing = [
            *(rule for rule in before.rules if rule not in after.rules),
            *(rule for rule in after.rules if rule not in before.rules),
        ]
        return Bearing(
            before,
            after,
            everything=any(not rule.remedies for rule in differing),
            remedies=frozenset().union(*(rule.remedies for rule in differing)),
            per_customer=before.counts_per_customer or after.counts_per_customer,
            per_order=before.counts_per_order or after.counts_per_order,
        )
