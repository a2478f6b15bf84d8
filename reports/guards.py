"""What the database keeps of what left the program.

A close stays as it was, and everything in it. A token's scope stays; it can only be revoked, once.
What was exported stays in the log: only that it has ended is added.
"""

from employees.triggers import Trigger, never_changes

_CLOSED = "A closed month stays as it is: what comes later is in a later close."
_TOKEN = "A token stays as it was made. It can be revoked, once."  # noqa: S105
_RUN = "What was exported stays in the log as it was."
_SCOPE = ("name", "begins", "digest", "exports", "all_divisions", "own_words", "made_by_id",
          "made_at", "expires_at")  # fmt: skip
_ASKED = ("export", "format", "asked", "employee_id", "token_id", "started_at")


def _changed(columns: tuple[str, ...]) -> str:
    """A condition: one of these columns is another now. JSON is compared as text."""
    as_text = "COALESCE(CAST({row}.{column} AS TEXT), '')"
    return " OR ".join(
        f"{as_text.format(row='NEW', column=c)} <> {as_text.format(row='OLD', column=c)}"
        for c in columns
    )


GUARDS = [
    *never_changes("reports_periodclose", _CLOSED, keys=["division_id, month"]),
    *never_changes("reports_closeline", _CLOSED, keys=["close_id, position"]),
    *never_changes("reports_closedentry", _CLOSED, keys=["entry_id"]),
    Trigger(
        "what_is_closed_is_of_the_division",
        "reports_closedentry",
        "BEFORE INSERT",
        "A close holds what was spent, lent and given back in its own division.",
        "NOT EXISTS (SELECT 1 FROM budgets_ledgerentry e "
        "JOIN budgets_budget b ON b.id = e.budget_id "
        "JOIN reports_periodclose c ON c.id = NEW.close_id "
        "WHERE e.id = NEW.entry_id AND b.division_id = c.division_id "
        "AND e.kind IN ('spend', 'lent', 'give-back'))",
    ),
    *(
        trigger
        for trigger in never_changes("reports_machinetoken", _TOKEN, keys=["digest"])
        if trigger.event != "BEFORE UPDATE" or trigger.only_on
    ),
    Trigger(
        "a_token_is_only_revoked",
        "reports_machinetoken",
        "BEFORE UPDATE",
        _TOKEN,
        f"OLD.revoked_at IS NOT NULL OR {_changed(_SCOPE)}",
    ),
    *(
        trigger
        for trigger in never_changes("reports_exportrun", _RUN)
        if trigger.event != "BEFORE UPDATE" or trigger.only_on
    ),
    Trigger(
        "an_export_only_ends",
        "reports_exportrun",
        "BEFORE UPDATE",
        _RUN,
        f"OLD.outcome <> 'running' OR {_changed(_ASKED)}",
    ),
]
