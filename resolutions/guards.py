"""What the database keeps about cases: resolutions stay, and nobody puts their own case right."""

from employees.triggers import Trigger, never_changes

GUARDS = [
    *never_changes(
        "resolutions_resolution",
        "A resolution is never changed or deleted: correct it with a new one.",
    ),
    Trigger(
        "nobody_resolves_their_own_case",
        "resolutions_resolution",
        "BEFORE INSERT",
        "Nobody resolves a case in which they are the customer.",
        "EXISTS (SELECT 1 FROM resolutions_case c "
        "JOIN resolutions_customer u ON u.id = c.customer_id "
        "JOIN employees_employee e ON e.id = NEW.given_by_id WHERE c.id = NEW.case_id "
        "AND ((e.customer_reference <> '' AND e.customer_reference = u.reference) "
        "OR (e.email <> '' AND LOWER(e.email) = LOWER(u.email))))",
    ),
]
