"""Nobody resolves a case in which they are the customer.

The same rule stands in the database, in a trigger on resolutions.
"""

from employees.models import Employee
from resolutions.errors import OwnCase
from resolutions.models import Customer
from resolutions.problem import Problem


def refuse_own_case(
    employee: Employee, customer: Customer | None, problem: Problem | None = None
) -> None:
    """Raise OwnCase when the customer, as known or as told, is the employee."""
    told = problem.customer if problem else None
    references = {c.reference.strip() for c in (customer, told) if c}
    emails = {c.email.strip().lower() for c in (customer, told) if c} - {""}
    if employee.customer_reference and employee.customer_reference in references:
        raise OwnCase
    if employee.email and employee.email.lower() in emails:
        raise OwnCase
