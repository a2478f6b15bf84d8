"""What becomes scarcer is locked before it is looked at: the customer, the case, the order.

Two agents can't both give what may be given once per customer, per order or per case. What must
stay true: always in this order, so that no two of them wait for each other. The month, and
after it an incident's fund, are guarded by the ledger itself. On SQLite there is one writer at a
time anyway, and these lock nothing.
"""

from django.db import connection

from employees.models import Employee
from policies.rules import Rulebook
from resolutions.carry_out import Overtaken
from resolutions.models import Case, Customer
from resolutions.problem import CustomerDetails


def lock_customer(employee: Employee, told: CustomerDetails | None) -> Customer | None:
    """The customer who was told, if they are known here; nobody else gives to them meanwhile."""
    if told is None:
        return None
    return (
        Customer.objects.select_for_update(no_key=True)
        .known_by(told.reference, employee)
        .order_by("pk")  # the usual order would join the division, and lock it too
        .first()
    )


def line_up_at_order(order_reference: str, rulebook: Rulebook) -> None:
    """Where a rule counts per order, nobody else gives on this order meanwhile.

    No row stands for an order, so its name is locked. SQLite has one writer at a time anyway.
    """
    order = order_reference.strip()
    if not order or connection.vendor == "sqlite" or not rulebook.counts_per_order:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [order, rulebook.division_id]
        )


def lock_case(
    case: Case, employee: Employee, told: CustomerDetails | None
) -> tuple[Case, Customer | None]:
    """The case as it is now, and its customer, or the one who is told only now.

    Nobody else gives in it, or to them, meanwhile. Raises Overtaken where someone else told at
    this moment who the customer is.
    """
    customer: Customer | None
    if case.customer_id is not None:
        customer = Customer.objects.select_for_update(no_key=True).get(pk=case.customer_id)
    else:
        customer = lock_customer(employee, told)
    locked = lock_case_alone(case, employee)
    if locked.customer_id != case.customer_id:
        case.customer_id = locked.customer_id
        raise Overtaken
    return locked, customer


def lock_case_alone(case: Case, employee: Employee) -> Case:
    """The case as it is now, for what gives nothing to its customer.

    Raises Case.DoesNotExist for a case of another division.
    """
    return (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("division", "customer", "reason_code", "incident")
        .get(pk=case.pk, division=employee.division_id)
    )
