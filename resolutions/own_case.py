"""Nobody resolves a case in which they are the customer.

The same rule stands in the database, in triggers on resolutions and cases.
"""

from employees.models import Employee
from resolutions.errors import InvalidCase, OwnCase
from resolutions.models import Case, Customer
from resolutions.problem import CustomerDetails


def refuse_own_case(
    employee: Employee, customer: Customer | None, told: CustomerDetails | None = None
) -> None:
    """Raise OwnCase when the customer, as known or as told, is the employee."""
    if _is_customer(employee, customer, told):
        raise OwnCase


def refuse_giver_as_customer(
    case: Case, customer: Customer | None, told: CustomerDetails | None
) -> None:
    """Raise InvalidCase when the customer, as told only now, gave something in the case."""
    if told is None:
        return
    for giver in Employee.objects.filter(resolutions__case=case).distinct():
        if _is_customer(giver, customer, told):
            raise InvalidCase(
                {"customer.reference": ["The customer can't be who gave something in the case."]}
            )


def _is_customer(
    employee: Employee, customer: Customer | None, told: CustomerDetails | None
) -> bool:
    references = {c.reference.strip() for c in (customer, told) if c}
    emails = {c.email.strip().lower() for c in (customer, told) if c} - {""}
    return (bool(employee.customer_reference) and employee.customer_reference in references) or (
        bool(employee.email) and employee.email.lower() in emails
    )
