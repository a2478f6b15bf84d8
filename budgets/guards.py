"""What the database keeps about money.

A ledger entry is never changed or deleted. Each entry of a month or a fund continues the balance
of the entry before it and agrees with its budget's counters; PostgreSQL also refuses, at commit,
counters that were moved without an entry. `budget_never_overspent` stands on the table itself.
"""

from employees.triggers import Trigger, never_changes

_CAPPED = (
    "EXISTS (SELECT 1 FROM budgets_budget b WHERE b.id = NEW.budget_id "
    "AND b.kind <> 'entitlements')"
)
_LAST_BALANCE = (
    "COALESCE((SELECT e.balance_after FROM budgets_ledgerentry e WHERE e.budget_id = {budget} "
    "ORDER BY e.id DESC LIMIT 1), 0)"
)
_COUNTERS = "(SELECT b.allotted - b.spent FROM budgets_budget b WHERE b.id = {budget})"

GUARDS = [
    *never_changes(
        "budgets_ledgerentry",
        "A ledger entry is never changed or deleted: correct it with a new entry.",
    ),
    Trigger(
        "entry_continues_the_balance",
        "budgets_ledgerentry",
        "BEFORE INSERT",
        "A ledger entry must continue the balance and agree with its budget.",
        f"{_CAPPED} AND (NEW.balance_after IS NULL "
        f"OR NEW.balance_after <> {_LAST_BALANCE.format(budget='NEW.budget_id')} + NEW.amount "
        f"OR NEW.balance_after <> {_COUNTERS.format(budget='NEW.budget_id')})",
    ),
    Trigger(
        "budget_agrees_with_its_entries",
        "budgets_budget",
        "AFTER INSERT OR UPDATE",
        "A budget moves only with a ledger entry.",
        f"NEW.kind <> 'entitlements' AND {_COUNTERS.format(budget='NEW.id')} <> "
        f"{_LAST_BALANCE.format(budget='NEW.id')}",
        deferred=True,
    ),
]
