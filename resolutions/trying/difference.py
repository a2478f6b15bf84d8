"""One thing that would have gone differently, and what it comes to."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from policies.decision import Decision
from resolutions.trying.asked import Asked, Wish


class Kind(StrEnum):
    """What is different."""

    ALLOWED = "allowed"  # it was refused, and would have been given
    SPARED = "spared"  # it was refused, and would not have been asked any more
    REFUSED = "refused"  # it was given, and would have been refused
    INSTEAD = "instead"  # it was given, and more would have been given in its place
    PAYER = "payer"  # it would have been charged to the division instead of the month, or back
    REVIEW = "review"  # it would have been looked at afterwards, or no more


@dataclass(frozen=True, slots=True)
class Difference:
    """One wish that would have gone differently. Amounts: more is above zero, at cost.

    `month` is what it adds to the employee's month, `owed` what it adds to what the division
    owes its customers, `face_value` what it is worth to the customer.
    """

    kind: Kind
    asked: Asked
    wish: Wish
    before: Decision
    after: Decision
    cost: Decimal = Decimal(0)
    month: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)
    face_value: Decimal = Decimal(0)


def difference_of(
    asked: Asked, wish: Wish, before: Decision, after: Decision, *, allowed: bool, spared: bool
) -> Difference | None:
    """What is different for this wish, if anything is.

    `allowed` says whether it would be given where the change holds, `spared` that there it would
    not have been asked, as more of it had been given a moment before.
    """
    amount, pocket = wish.cost, _pockets(wish, before)
    if wish.refused:
        if spared:
            return Difference(Kind.SPARED, asked, wish, before, after)
        if not allowed:
            return None
        kind, sign, pocket = Kind.ALLOWED, 1, _pockets(wish, after)
    elif spared or not allowed:
        kind, sign = Kind.INSTEAD if spared else Kind.REFUSED, -1
    elif after.owed != before.owed:
        month, owed = _pockets(wish, after)
        pocket = (month - pocket[0], owed - pocket[1])
        return Difference(Kind.PAYER, asked, wish, before, after, month=pocket[0], owed=pocket[1])
    else:
        changed = after.review != before.review
        return Difference(Kind.REVIEW, asked, wish, before, after) if changed else None
    return Difference(
        kind,
        asked,
        wish,
        before,
        after,
        cost=sign * amount,
        month=sign * pocket[0],
        owed=sign * pocket[1],
        face_value=sign * wish.face_value,
    )


def _pockets(wish: Wish, decision: Decision) -> tuple[Decimal, Decimal]:
    """What it takes of the month, and what of the division for what the customer is owed."""
    nothing = Decimal(0)
    return (nothing, wish.cost) if decision.owed else (wish.cost, nothing)
