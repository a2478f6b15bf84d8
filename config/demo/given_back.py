"""What could not be carried out in the half year: a remedy or two in each division, and why.

It is always one that was given next to another, so that the case stays put right; nothing is drawn
for it, so that the rest of the half year is as it would be without.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from config.demo.opening import Happening
from resolutions.models import Resolution


@dataclass(frozen=True, slots=True)
class NotCarriedOut:
    """The nth time that a remedy is given next to another one: when it turned out so, and why."""

    remedy: str
    nth: int
    after: timedelta
    reason: str


NOT_CARRIED_OUT: Mapping[str, Sequence[NotCarriedOut]] = {
    "forno": (
        NotCarriedOut("reorder", 30, timedelta(minutes=50), "The kitchen had closed by then."),
        NotCarriedOut("reorder", 90, timedelta(days=25), "They never got the second pizza."),
    ),
    "orchard": (
        NotCarriedOut("redeliver", 8, timedelta(days=1), "The van broke down on the way."),
    ),
    "scm": (
        NotCarriedOut("fee-waiver", 4, timedelta(days=20), "The fee was off the bill already."),
    ),
}


@dataclass(slots=True)
class Failures:
    """Counts what is given, to find what could not be carried out."""

    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def among(
        self, happening: Happening, given: Sequence[Resolution]
    ) -> tuple[Resolution, NotCarriedOut] | None:
        """Which of what was given together could not be carried out; mostly none."""
        told = happening.told
        if len(given) == 1 or told.employee is told.founded.first:
            return None
        for resolution in given:
            key = (told.founded.plan.code, resolution.decision["remedy"])
            self._seen[key] += 1
            for failure in NOT_CARRIED_OUT[key[0]]:
                if (failure.remedy, failure.nth) == (key[1], self._seen[key]):
                    return resolution, failure
        return None
