"""An explanation was enough: a case that is told and closed in one go, with nothing given."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from employees.models import Employee
from resolutions.conclude import close_without_remedy
from resolutions.models import Case
from resolutions.problem import Problem
from resolutions.resolve import resolve_case


def explain(
    problem: Problem,
    *,
    said: str,
    acting_employee: Employee,
    request_id: UUID,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Open a case and close it without a remedy, keeping what was said: both, or neither.

    Returns the case as `case_json`. Raises as `resolve_case` and `close_without_remedy` do.
    """
    with transaction.atomic():
        opened = resolve_case(
            problem, gives=(), acting_employee=acting_employee, request_id=request_id, at=at
        )
        return close_without_remedy(
            Case.objects.get(pk=opened["id"]),
            said=said,
            acting_employee=acting_employee,
            # Two acts of one request: each has its own id, always the same one.
            request_id=uuid5(request_id, "explained"),
            at=at,
        )
