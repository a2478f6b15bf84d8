"""Asked again: after something was refused, it is asked once more, or less of it instead.

Had the first been given, the second would not have been asked. They are taken for one wish when
the same person asks, after the same reason, for less of the same remedy within a quarter of an
hour, and nothing speaks against it: a customer, an order or its value that was told the first
time is the same the second time. Just as much, refused again, is the same wish only where the
case, the customer or the order is known to be the same: else it may be for somebody else.
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
    asked: Asked
    measure: Decimal


class GivenLately:
    """What was refused within the last quarter of an hour, and would have been given."""

    def __init__(self) -> None:
        self._given: dict[_Wanted, _Given] = {}  # the oldest first

    def add(self, asked: Asked, wish: Wish) -> None:
        """It was refused, and would have been given."""
        self._given.pop(wanted := _wanted(asked, wish), None)
        self._given[wanted] = _Given(asked, wish.measure)

    def spares(self, asked: Asked, wish: Wish) -> bool:
        """Whether this was only asked because as much or more was refused a moment before."""
        if not self._given:
            return False
        self._forget(asked.question.at)
        given = self._given.get(_wanted(asked, wish))
        if given is None or _speaks_against(given.asked, asked):
            return False
        if wish.measure == given.measure:
            return wish.refused and _known_to_be_same(given.asked, asked)
        return wish.measure < given.measure

    def _forget(self, at: datetime) -> None:
        for wanted, given in list(self._given.items()):
            if at - given.asked.question.at <= WITHIN:
                return
            del self._given[wanted]


def _wanted(asked: Asked, wish: Wish) -> _Wanted:
    return asked.employee_id, wish.remedy_id, asked.question.reason_id


def _speaks_against(first: Asked, second: Asked) -> bool:
    """Whether what was told the first time is something else the second time."""
    return any(
        then not in (None, "", now)
        for then, now in (
            (first.customer_id, second.customer_id),
            (first.question.order_reference, second.question.order_reference),
            (first.question.order_value, second.question.order_value),
        )
    )


def _known_to_be_same(first: Asked, second: Asked) -> bool:
    """Whether both are known to be of one case, for one customer or on one order."""
    return any(
        then == now and then not in (None, "")
        for then, now in (
            (first.case_id, second.case_id),
            (first.customer_id, second.customer_id),
            (first.question.order_reference, second.question.order_reference),
        )
    )
