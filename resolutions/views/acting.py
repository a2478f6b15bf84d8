"""Who acts, and in which request: what every act wants to know."""

from typing import TypedDict
from uuid import UUID

from employees.doors import EmployeeRequest
from employees.models import Employee
from resolutions.forms.request import RequestForm


class Acting(TypedDict):
    """The keywords that every act takes."""

    acting_employee: Employee
    request_id: UUID


def acting(request: EmployeeRequest, form: RequestForm) -> Acting:
    """Whoever is signed in, with the request's id that the form carries."""
    return {"acting_employee": request.user, "request_id": form.request_uuid}
