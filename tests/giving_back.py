"""Giving back in a line: `gave_back(forno.agent, receipt)`, the first remedy unless told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from employees.models import Employee
from resolutions.give_back import give_back
from resolutions.models import Resolution
from tests.putting_right import NOW

LATER = NOW + timedelta(hours=2)
LOST = "The courier lost it."


def given_in(receipt: Mapping[str, Any], place: int = 0) -> Resolution:
    """A remedy of a receipt, as it stands in the database."""
    rows = Resolution.objects.select_related("case", "entry")
    return rows.get(pk=receipt["resolutions"][place]["id"])


def gave_back(
    employee: Employee,
    receipt: Mapping[str, Any],
    place: int = 0,
    *,
    reason: str = LOST,
    request_id: UUID | None = None,
    at: datetime = LATER,
) -> dict[str, Any]:
    """Give a remedy of a receipt back. Returns the case."""
    return give_back(
        given_in(receipt, place),
        reason=reason,
        acting_employee=employee,
        request_id=request_id or uuid4(),
        at=at,
    )
