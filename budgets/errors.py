"""What can be refused about money. Each has a code that page and API share, and its facts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from employees.money import format_money
from employees.own_authority import OwnAuthority


class BudgetsError(Exception):
    """Something about money was refused."""

    code = "budgets"


class BudgetExhausted(BudgetsError):
    """A budget does not hold what was asked of it, not even with what may be gone over."""

    code = "budget-exhausted"

    def __init__(self, *, asked: Decimal, remaining: Decimal, currency: str) -> None:
        self.asked = asked
        self.remaining = remaining
        self.currency = currency
        super().__init__(
            f"{format_money(asked, currency)} is more than the "
            f"{format_money(max(remaining, Decimal(0)), currency)} that is left."
        )


class InvalidMovement(BudgetsError):
    """What was typed can't be meant so. `errors` says where, by field, and what would be right."""

    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__(" ".join(m for messages in self.errors.values() for m in messages))


class NotTheirMoney(BudgetsError):
    """Someone who does not manage the division tried to move its money."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("Only a manager of the division decides on its budgets.")


class OwnMonth(OwnAuthority):
    """Nobody tops up their own month."""

    def __init__(self) -> None:
        Exception.__init__(
            self, "This is your own month. Ask a colleague who manages this division."
        )


class MonthIsOver(BudgetsError):
    """A month that has ended is not topped up any more."""

    code = "month-is-over"

    def __init__(self) -> None:
        super().__init__("That month is over: top up this month instead.")


class NotToppedUp(BudgetsError):
    """None was topped up, because of these: each budget with what was refused."""

    code = "not-topped-up"

    def __init__(self, refused: Sequence[tuple[Any, Exception]]) -> None:
        self.refused = refused
        super().__init__("; ".join(f"{budget}: {error}" for budget, error in refused))


class GivenBackAlready(BudgetsError):
    """The money of an entry returns once."""

    code = "given-back-already"

    def __init__(self) -> None:
        super().__init__("This money was given back already.")


class RequestConflict(BudgetsError):
    """The same request id came with other contents."""

    code = "idempotency-conflict"

    def __init__(self) -> None:
        super().__init__("This was sent already, with other contents. Start anew.")
