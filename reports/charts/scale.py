"""Scales: from where to where an axis goes, and at which round figures it has a line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_MOST_STEPS = 4
_ONE = Decimal(1)
_ROUND = (_ONE, Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: its lower and its upper end, and its lines, each with its words."""

    low: Decimal
    high: Decimal
    lines: Sequence[tuple[Decimal, str]]

    def place(self, value: Decimal) -> Decimal:
        """Where a value stands: 0 at the lower end, 1 at the upper one."""
        return (value - self.low) / (self.high - self.low)


def scale_of(
    values: Iterable[Decimal | None],
    words: Callable[[Decimal], str],
    *,
    smallest_step: Decimal = _ONE,
) -> Scale:
    """A scale with 0 on it that holds all values, with lines at round figures."""
    known = [Decimal(0), *(value for value in values if value is not None)]
    least, most = min(known), max(known)
    step = max(_round_step((most - least) / _MOST_STEPS), smallest_step) if most > least else _ONE
    first = (least / step).to_integral_value(ROUND_FLOOR)
    last = max((most / step).to_integral_value(ROUND_CEILING), first + 1)
    lines = [step * number for number in range(int(first), int(last) + 1)]
    return Scale(lines[0], lines[-1], [(line, words(line)) for line in lines])


def _round_step(at_least: Decimal) -> Decimal:
    """The smallest of 1, 2, 5, 10, 20 … (or 0.1, 0.2 …) that is no smaller than this."""
    power = Decimal(1).scaleb(at_least.adjusted())
    return next(power * figure for figure in _ROUND if power * figure >= at_least)
