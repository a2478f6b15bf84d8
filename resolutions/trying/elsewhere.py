"""Where the change holds: what was given there and not in fact, and the other way round.

What must stay true: as long as nothing is different, what had been given before a request is the
same there as it was in fact. It holds the differences, and nothing of what went the same way.
"""

from collections import defaultdict
from collections.abc import Hashable
from decimal import Decimal
from typing import TypeVar

from policies.question import Given
from resolutions.trying.asked import Asked, Before, Earlier
from resolutions.trying.bearing import Bearing
from resolutions.trying.difference import Difference, Kind

K = TypeVar("K", bound=Hashable)


class Elsewhere:
    """What is different so far; by case, and by customer and order where rules count these."""

    def __init__(self, *, per_customer: bool, per_order: bool) -> None:
        self._per_customer, self._per_order = per_customer, per_order
        self._not_given: set[int] = set()
        self._against_limit: dict[int, Decimal] = {}
        # A case, a customer or an order that is in none of these saw nothing different.
        self._touched: set[int] = set()  # cases; most saw nothing more given
        self._cases: defaultdict[int, list[Earlier]] = defaultdict(list)
        self._customers: defaultdict[int, list[Earlier]] = defaultdict(list)
        self._orders: defaultdict[str, list[Earlier]] = defaultdict(list)

    def is_different_for(self, asked: Asked, bearing: Bearing) -> bool:
        """Whether what had been given before, as far as it counts, may be different there."""
        return (
            asked.case_id in self._touched
            or (bearing.per_customer and asked.customer_id in self._customers)
            or (bearing.per_order and asked.question.order_reference in self._orders)
        )

    def given(self, asked: Asked, facts: Before) -> tuple[Given, ...]:
        """What had been given there; `facts` is what had been given in fact."""
        more = [
            *_of(self._cases, asked.case_id),
            *_of(self._customers, asked.customer_id),
            *_of(self._orders, asked.question.order_reference),
        ]
        return (
            *(
                row.seen_from(asked, self._against_limit.get(row.id or 0, row.against_limit))
                for row in facts
                if row.id not in self._not_given
            ),
            *(row.seen_from(asked, row.against_limit) for row in {id(r): r for r in more}.values()),
        )

    def remember(self, difference: Difference) -> None:
        """Let it count for what is asked later."""
        asked, wish = difference.asked, difference.wish
        match difference.kind:
            case Kind.SPARED:
                pass
            case Kind.ALLOWED:
                self._touch(asked, _given_there(difference))
            case Kind.REFUSED | Kind.INSTEAD:
                self._not_given.add(wish.id)
                self._touch(asked)
            case Kind.PAYER | Kind.REVIEW:
                self.against_limit(asked, wish.id, difference.after.against_limit)

    def against_limit(self, asked: Asked, resolution: int, amount: Decimal) -> None:
        """It was given there too, and uses another part of the tier's limit for its case."""
        self._against_limit[resolution] = amount
        self._touch(asked)

    def _touch(self, asked: Asked, *given: Earlier) -> None:
        if asked.case_id is not None:
            self._touched.add(asked.case_id)
            if given:
                self._cases[asked.case_id].extend(given)
        if self._per_customer and asked.customer_id is not None:
            self._customers[asked.customer_id].extend(given)
        if self._per_order and asked.question.order_reference:
            self._orders[asked.question.order_reference].extend(given)


def _of(rows: dict[K, list[Earlier]], key: K | None) -> list[Earlier]:
    return [] if key is None else rows.get(key, [])


def _given_there(difference: Difference) -> Earlier:
    asked, wish = difference.asked, difference.wish
    return Earlier(
        id=None,
        case_id=asked.case_id,
        customer_id=asked.customer_id,
        order_reference=asked.question.order_reference,
        remedy_id=wish.remedy_id,
        measure=wish.measure,
        face_value=wish.face_value,
        cost=wish.cost,
        against_limit=difference.after.against_limit,
        at=asked.question.at,
    )
