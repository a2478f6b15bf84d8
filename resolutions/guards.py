"""What the database keeps of cases: what was done stays, and nobody puts their own case right."""

from employees.triggers import Trigger, never_changes

# Whether employee `e` is customer `u`, as `own_case.py` has it.
_IS_CUSTOMER = (
    "((e.customer_reference <> '' AND e.customer_reference = u.reference) "
    "OR (e.email <> '' AND LOWER(e.email) = LOWER(u.email)))"
)

GUARDS = [
    *never_changes(
        "resolutions_resolution",
        "A resolution is never changed or deleted: correct it with a new one.",
        keys=["entry_id"],
    ),
    *never_changes(
        "resolutions_conclusion",
        "A conclusion is never changed or deleted: take the case up again.",
    ),
    Trigger(
        "nobody_resolves_their_own_case",
        "resolutions_resolution",
        "BEFORE INSERT",
        "Nobody resolves a case in which they are the customer.",
        "EXISTS (SELECT 1 FROM resolutions_case c "
        "JOIN resolutions_customer u ON u.id = c.customer_id "
        "JOIN employees_employee e ON e.id = NEW.given_by_id WHERE c.id = NEW.case_id "
        f"AND {_IS_CUSTOMER})",
    ),
    Trigger(
        "no_giver_becomes_the_customer",
        "resolutions_case",
        "BEFORE UPDATE OF customer_id",
        "The customer can not be who gave something in the case.",
        "EXISTS (SELECT 1 FROM resolutions_resolution r "
        "JOIN employees_employee e ON e.id = r.given_by_id "
        "JOIN resolutions_customer u ON u.id = NEW.customer_id "
        f"WHERE r.case_id = NEW.id AND {_IS_CUSTOMER})",
    ),
]
