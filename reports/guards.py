"""What the database keeps of what left the program.

A close stays as it was, and everything in it; PostgreSQL also refuses, at commit, one whose lines
or entries do not come to its totals. A token is made by who may give what it opens, for a year at
most; its scope stays, with its divisions, and it can only be revoked, once. What was exported
stays in the log: only that it has ended is added. What a monthly report told stays, and so does
that its mail was sent.
"""

from employees.triggers import Trigger, changed, never_changes

_CLOSED = "A closed month stays as it is: what comes later is in a later close."
_LINES = (
    "(SELECT COALESCE(SUM(l.amount), 0) FROM reports_closeline l "
    "WHERE l.close_id = NEW.id AND l.kind = '{kind}')"
)
_HELD = (
    "(SELECT {what} FROM reports_closedentry c JOIN budgets_ledgerentry e ON e.id = c.entry_id "
    "WHERE c.close_id = NEW.id)"
)
_TOKEN = "A token stays as it was made. It can be revoked, once."  # noqa: S105
_RUN = "What was exported stays in the log as it was."
_TOLD = "What a monthly report told stays as it was."
_SENT = "A report that was sent stays sent, to where it went."
_MAKER = "A token opens no more than whoever makes it may give."
_YEAR = "A token expires within 366 days."
_SCOPE = ("name", "begins", "digest", "exports", "all_divisions", "division_count", "own_words",
          "made_by_id", "made_at", "request_id", "expires_at")  # fmt: skip
_ASKED = ("export", "format", "asked", "employee_id", "token_id", "started_at")


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
    Trigger(
        "a_close_adds_up",
        "reports_periodclose",
        "AFTER INSERT",
        "A close adds up: its lines and its entries come to its totals.",
        f"NEW.spent <> {_LINES.format(kind='spent')} "
        f"OR NEW.given_back <> {_LINES.format(kind='given-back')} "
        f"OR NEW.entries <> {_HELD.format(what='COUNT(*)')} "
        f"OR NEW.given_back - NEW.spent <> {_HELD.format(what='COALESCE(SUM(e.amount), 0)')}",
        deferred=True,
    ),
    *(
        trigger
        for trigger in never_changes(
            "reports_machinetoken", _TOKEN, keys=["digest", "made_by_id, request_id"]
        )
        if trigger.event != "BEFORE UPDATE" or trigger.only_on
    ),
    Trigger(
        "a_token_is_only_revoked",
        "reports_machinetoken",
        "BEFORE UPDATE",
        _TOKEN,
        f"OLD.revoked_at IS NOT NULL OR {changed(_SCOPE)}",
    ),
    Trigger(
        "a_token_is_made_by_who_may_give_it",
        "reports_machinetoken",
        "BEFORE INSERT",
        _MAKER,
        "NOT EXISTS (SELECT 1 FROM employees_employee e WHERE e.id = NEW.made_by_id "
        "AND e.is_active AND (e.role = 'administrator' OR (e.role = 'finance' "
        "AND NOT NEW.own_words AND (e.division_id IS NULL OR NOT NEW.all_divisions))))",
    ),
    Trigger(
        "a_token_expires_within_a_year",
        "reports_machinetoken",
        "BEFORE INSERT",
        _YEAR,
        "NEW.expires_at > NEW.made_at + interval '366 days'",
        only_on="postgresql",
    ),
    Trigger(
        "a_token_expires_within_a_year",
        "reports_machinetoken",
        "BEFORE INSERT",
        _YEAR,
        # Days as a float: a second's slack, so that 366 days are no more than 366 days.
        "julianday(NEW.expires_at) > julianday(NEW.made_at) + 366.00001",
        only_on="sqlite",
    ),
    *never_changes("reports_machinetoken_divisions", _TOKEN, keys=["machinetoken_id, division_id"]),
    Trigger(
        "a_token_gets_no_further_division",
        "reports_machinetoken_divisions",
        "BEFORE INSERT",
        _TOKEN,
        "(SELECT COUNT(*) FROM reports_machinetoken_divisions d "
        "WHERE d.machinetoken_id = NEW.machinetoken_id) >= "
        "(SELECT t.division_count FROM reports_machinetoken t WHERE t.id = NEW.machinetoken_id)",
    ),
    Trigger(
        "a_token_is_for_its_makers_divisions",
        "reports_machinetoken_divisions",
        "BEFORE INSERT",
        _MAKER,
        "NOT EXISTS (SELECT 1 FROM reports_machinetoken t "
        "JOIN employees_employee e ON e.id = t.made_by_id WHERE t.id = NEW.machinetoken_id "
        "AND (e.role = 'administrator' OR e.division_id IS NULL "
        "OR e.division_id = NEW.division_id))",
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
        f"OLD.outcome <> 'running' OR {changed(_ASKED)}",
    ),
    *never_changes("reports_monthlyreport", _TOLD, keys=["division_id, month"]),
    *never_changes(
        "reports_reportdelivery",
        _SENT,
        keys=["report_id, employee_id, copy"],
        only="OLD.sent_at IS NOT NULL",
    ),
]
