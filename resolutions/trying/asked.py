"""What was asked once, and what had been given before: plain values for `replay.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from policies.question import Given, Question

Beside: TypeAlias = tuple[tuple[int, Decimal], ...]  # remedies, each with its measure


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that was asked: a resolution, or a gap where it was refused.

    `measure` is the amount at face value or the quantity; `cost` is at the costs of then. `owed`
    and `review` say whether what was given was owed to the customer, and looked at afterwards.
    """

    id: int
    refused: bool
    remedy_id: int
    measure: Decimal
    face_value: Decimal
    cost: Decimal
    against_limit: Decimal
    owed: bool = False
    review: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its question, with nothing given before, and its wishes, all given or refused.

    `goes_on` says that something may have been given in its case before. `own_limit` says that
    the question's limit is the person's own and not the tier's. `beside` is what was asked in one
    go with what was refused, and could have been given without it.
    """

    question: Question
    wishes: tuple[Wish, ...]
    employee_id: int
    case_id: int | None
    customer_id: int | None
    goes_on: bool = False
    own_limit: bool = False
    beside: Beside = ()

    @property
    def refused(self) -> bool:
        """Whether it was refused; in one request nothing is given unless everything is."""
        return self.wishes[0].refused

    @property
    def place(self) -> tuple[datetime, bool, int]:
        """Its place in time: what was given at the same moment comes before what was refused."""
        return (self.question.at, self.refused, self.wishes[0].id)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something given at some time: in fact, or only where the change holds (`id` is None)."""

    id: int | None
    case_id: int | None
    customer_id: int | None
    order_reference: str
    remedy_id: int
    measure: Decimal
    face_value: Decimal
    cost: Decimal
    against_limit: Decimal
    at: datetime

    def before(self, asked: Asked) -> bool:
        """Whether it had been given when this was asked."""
        return (self.at, False, self.id or 0) < asked.place

    def seen_from(self, asked: Asked, against_limit: Decimal) -> Given:
        """It, as what was given before this was asked."""
        in_case = self.case_id is not None and self.case_id == asked.case_id
        order, customer = asked.question.order_reference, asked.customer_id
        return Given(
            remedy_id=self.remedy_id,
            measure=self.measure,
            face_value=self.face_value,
            cost=self.cost,
            against_limit=against_limit,
            at=self.at,
            this_case=in_case,
            this_order=bool(order) and (in_case or self.order_reference == order),
            this_customer=in_case or (customer is not None and self.customer_id == customer),
        )


Before = Sequence[Earlier]
