"""What the database refuses about people: changing how far one's own word goes.

Every change leaves a history row that names who made it, so the history is where it is refused.
"""

from employees.triggers import Trigger

_OWN = "Nobody edits their own tier, limit, budget or role."


def _differs(*columns: str) -> str:
    return " OR ".join(f"h.{c} IS DISTINCT FROM NEW.{c}" for c in columns)


def _previous(table: str) -> str:
    return (
        f"h.id = NEW.id AND h.history_id = (SELECT MAX(p.history_id) FROM {table} p "
        "WHERE p.id = NEW.id)"
    )


_EMPLOYEES = "employees_historicalemployee"
_TIERS = "employees_historicalauthoritytier"

GUARDS = [
    Trigger(
        "own_authority_of_an_employee",
        _EMPLOYEES,
        "BEFORE INSERT",
        _OWN,
        f"NEW.history_user_id = NEW.id AND EXISTS (SELECT 1 FROM {_EMPLOYEES} h WHERE "
        f"{_previous(_EMPLOYEES)} AND ("
        + _differs("role", "tier_id", "team_id", "division_id", "personal_limit", "personal_budget")
        + "))",
    ),
    Trigger(
        "own_authority_of_a_tier",
        _TIERS,
        "BEFORE INSERT",
        _OWN,
        "EXISTS (SELECT 1 FROM employees_employee e WHERE e.id = NEW.history_user_id "
        f"AND e.tier_id = NEW.id) AND EXISTS (SELECT 1 FROM {_TIERS} h WHERE "
        f"{_previous(_TIERS)} AND ("
        + _differs("limit_per_case", "monthly_budget", "grace_percent", "over_budget_percent")
        + "))",
    ),
]
