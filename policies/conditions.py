"""What conditions say together: whether they can all hold, and what follows from them.

Pure. Never wrong in what it claims, though not complete: that nothing lies between 1 and 2 for a
number that counts, it does not know. A number is 0 or more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from policies.facts import FactKind, FactValue
from policies.rules import ConditionTerms

_OPPOSITE = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
Fact = tuple[str, int | None]


def fact_of(condition: ConditionTerms) -> Fact:
    """What it compares: a fact, counted within its days."""
    return condition.fact.key, condition.window_days


def contradicting(conditions: Iterable[ConditionTerms]) -> list[ConditionTerms]:
    """One condition of each fact of which the conditions can never all hold."""
    about: dict[Fact, list[ConditionTerms]] = {}
    for condition in conditions:
        about.setdefault(fact_of(condition), []).append(condition)
    return [together[0] for together in about.values() if not _can_hold(together)]


def follows(condition: ConditionTerms, *, given: Sequence[ConditionTerms]) -> bool:
    """Whether the condition holds wherever all the given ones hold."""
    same = [other for other in given if fact_of(other) == fact_of(condition)]
    return bool(same) and not _can_hold([*same, *_opposite_of(condition)])


def _opposite_of(condition: ConditionTerms) -> list[ConditionTerms]:
    """What holds exactly where the condition does not, and its fact is known."""
    if condition.operator != "in":
        return [replace(condition, operator=_OPPOSITE[condition.operator])]
    return [replace(condition, operator="ne", value=value) for value in _listed(condition)]


@dataclass
class _Possible:
    """The values that are left for one fact."""

    only: frozenset[FactValue] | None = None  # None: any
    never: set[FactValue] = field(default_factory=set)
    least: Decimal = Decimal(0)
    most: Decimal | None = None
    above_least: bool = False
    below_most: bool = False

    def narrow(self, condition: ConditionTerms) -> None:
        value = condition.value
        match condition.operator, value:
            case "ne", bool() | str() | Decimal():
                self.never.add(value)
            case "ge" | "gt" as operator, Decimal():
                above = operator == "gt"
                self.least, self.above_least = max((self.least, self.above_least), (value, above))
            case "le" | "lt" as operator, Decimal():
                below = operator == "lt"
                if self.most is None or (value, not below) < (self.most, not self.below_most):
                    self.most, self.below_most = value, below
            case "eq" | "in", _:
                listed = _listed(condition)
                self.only = listed if self.only is None else self.only & listed

    def has_any(self, *, numbers: bool) -> bool:
        if self.only is not None:
            return any(self._fits(value) for value in self.only - self.never)
        if not numbers or self.most is None or self.least < self.most:
            return True
        at_the_edge = not self.above_least and not self.below_most and self.least == self.most
        return at_the_edge and self.least not in self.never

    def _fits(self, value: FactValue) -> bool:
        if not isinstance(value, Decimal):
            return True
        low_enough = self.most is None or value < self.most
        fits_most = low_enough or (value == self.most and not self.below_most)
        return fits_most and (value > self.least or (value == self.least and not self.above_least))


def _can_hold(together: Sequence[ConditionTerms]) -> bool:
    """Whether one value can be as all these conditions on one fact want it."""
    fact, possible = together[0].fact, _Possible()
    if fact.kind == FactKind.YES_NO:
        possible.only = frozenset({True, False})
    elif fact.choices:
        possible.only = frozenset(fact.choices)
    for condition in together:
        possible.narrow(condition)
    return possible.has_any(numbers=fact.kind in (FactKind.NUMBER, FactKind.MONEY))


def _listed(condition: ConditionTerms) -> frozenset[FactValue]:
    value = condition.value
    return value if isinstance(value, frozenset) else frozenset({value})
