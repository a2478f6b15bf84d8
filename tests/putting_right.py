"""Cases put right in a line each: `put_right(forno.agent, so_much("money-off", "5.00"))`."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from budgets.models import Budget, LedgerEntry
from employees.models import Employee
from resolutions.models import (
    AuthorityGap,
    Case,
    Conclusion,
    Contact,
    Customer,
    FollowUp,
    Resolution,
    Review,
    Submission,
)
from resolutions.problem import NO_DETAILS, CustomerDetails, Details, Give, Problem
from resolutions.resolve import give_more, resolve_case

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
KIM_LEE = CustomerDetails("555-0142", "Kim Lee", "kim@example.com")


def so_much(remedy: str, amount: str, description: str = "") -> Give:
    """A remedy given as an amount at face value."""
    return Give(remedy, amount=Decimal(amount), description=description)


def so_many(remedy: str, quantity: int = 1) -> Give:
    """A remedy given by quantity."""
    return Give(remedy, quantity=quantity)


def problem(
    reason_code: str = "late",
    *,
    customer: str | CustomerDetails | None = None,
    order_value: str | None = None,
    **told: Any,
) -> Problem:
    """A problem told at the door; a customer by reference, or with all details."""
    return Problem(
        reason_code,
        told.pop("channel", "doorstep"),
        customer=CustomerDetails(customer) if isinstance(customer, str) else customer,
        order_value=None if order_value is None else Decimal(order_value),
        **told,
    )


def put_right(
    employee: Employee,
    *gives: Give,
    at: datetime = NOW,
    request_id: UUID | None = None,
    **told: Any,
) -> dict[str, Any]:
    """Open a case and give all this in it. Returns the receipt."""
    return resolve_case(
        problem(**told),
        gives=gives,
        acting_employee=employee,
        request_id=request_id or uuid4(),
        at=at,
    )


def give_also(
    receipt: Mapping[str, Any],
    employee: Employee,
    *gives: Give,
    later: Details = NO_DETAILS,
    at: datetime = NOW,
    request_id: UUID | None = None,
) -> dict[str, Any]:
    """Give more in the case of a receipt. Returns the new receipt."""
    return give_more(
        Case.objects.get(pk=receipt["id"]),
        gives=gives,
        later=later,
        acting_employee=employee,
        request_id=request_id or uuid4(),
        at=at,
    )


def given(receipt: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each remedy of a receipt with its cost."""
    return [(row["remedy"], row["cost"]) for row in receipt["resolutions"]]


def rows_written() -> dict[str, list[Any]]:
    """Every row that putting a case right can write: to assert that nothing moved."""
    models = [
        *(Customer, Case, Contact, Conclusion, Resolution, FollowUp, Review, AuthorityGap),
        Submission,
    ]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in [*models, Budget, LedgerEntry]
    }
