"""Asked again: after something was refused, less of the same is asked instead.

Had the first been given, the second would not have been asked. They are taken for one wish when
the same person asks, after the same reason, for less of the same remedy within a quarter of an
hour, and nothing speaks against it: a customer, an order or its value that was told the first
time is the same the second time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from resolutions.trying.asked import Asked, Wish

WITHIN = timedelta(minutes=15)

_Wanted: TypeAlias = tuple[int, int, int | None]  # by whom, what, after which reason


@dataclass(frozen=True, slots=True)
class _Given:
    at: datetime
    measure: Decimal
    told: tuple[object, ...]


class GivenLately:
    """What was refused within the last quarter of an hour, and would have been given."""

    def __init__(self) -> None:
        self._given: dict[_Wanted, _Given] = {}  # the oldest first

    def add(self, asked: Asked, wish: Wish) -> None:
        """It was refused, and would have been given."""
        self._given.pop(wanted := _wanted(asked, wish), None)
        self._given[wanted] = _Given(asked.question.at, wish.measure, _told(asked))

    def spares(self, asked: Asked, wish: Wish) -> bool:
        """Whether this was only asked because more was refused a moment before."""
        if not self._given:
            return False
        self._forget(asked.question.at)
        given = self._given.get(_wanted(asked, wish))
        return (
            given is not None
            and wish.measure < given.measure
            and all(
                then in (None, "", now) for then, now in zip(given.told, _told(asked), strict=True)
            )
        )

    def _forget(self, at: datetime) -> None:
        for wanted, given in list(self._given.items()):
            if at - given.at <= WITHIN:
                return
            del self._given[wanted]


def _wanted(asked: Asked, wish: Wish) -> _Wanted:
    return asked.employee_id, wish.remedy_id, asked.question.reason_id


def _told(asked: Asked) -> tuple[object, ...]:
    return asked.customer_id, asked.question.order_reference, asked.question.order_value
