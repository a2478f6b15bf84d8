"""What the database keeps of cases: what was done stays, and nobody puts their own case right.

An incident, its fund and its cases are of one division.
"""

from employees.triggers import Trigger, never_changes

# Whether employee `e` is customer `u`, as `own_case.py` has it.
_IS_CUSTOMER = (
    "((e.customer_reference <> '' AND e.customer_reference = u.reference) "
    "OR (e.email <> '' AND LOWER(e.email) = LOWER(u.email)))"
)
_CHARGED = "(SELECT c.budget_id FROM budgets_ledgerentry c WHERE c.id = NEW.entry_id)"

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
    *(
        Trigger(
            f"incident_is_of_one_division_{event.split()[1].lower()}",
            "resolutions_incident",
            event,
            "An incident, its fund and its reason code are of one division.",
            "NOT EXISTS (SELECT 1 FROM budgets_budget b JOIN policies_reasoncode r "
            "ON r.id = NEW.reason_code_id WHERE b.id = NEW.fund_id AND b.kind = 'fund' "
            "AND b.division_id = NEW.division_id AND r.division_id = NEW.division_id)",
        )
        for event in ("BEFORE INSERT", "BEFORE UPDATE")
    ),
    *(
        Trigger(
            f"case_is_of_its_incidents_division_{event.split()[1].lower()}",
            "resolutions_case",
            event,
            "A case is one of an incident of its own division.",
            "NEW.incident_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM resolutions_incident i "
            "WHERE i.id = NEW.incident_id AND i.division_id = NEW.division_id)",
        )
        for event in ("BEFORE INSERT", "BEFORE UPDATE OF incident_id")
    ),
    Trigger(
        "nobody_is_paid_by_their_own_fund",
        "resolutions_resolution",
        "BEFORE INSERT",
        "Nobody gives out of a fund that they put money into.",
        # Each by its own index: a fund may have paid for many thousands of cases.
        f"EXISTS (SELECT 1 FROM resolutions_incident i WHERE i.fund_id = {_CHARGED} "
        "AND i.opened_by_id = NEW.given_by_id) "
        "OR EXISTS (SELECT 1 FROM budgets_ledgerentry t "
        "JOIN budgets_budget b ON b.id = t.budget_id AND b.kind = 'fund' "
        f"WHERE t.budget_id = {_CHARGED} AND t.kind = 'top-up' AND t.actor_id = NEW.given_by_id)",
    ),
]
