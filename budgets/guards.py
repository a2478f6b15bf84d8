"""What the database keeps about money.

A ledger entry is never changed or deleted. A month or a fund begins with its allotment, the only
one. Each of its entries continues the balance of the entry before it and agrees with its budget's
counters; PostgreSQL also refuses, at commit, counters that were moved without an entry. What is
given back or lent fits the entry that it is about, and nobody tops up their own month.
`budget_never_overspent` stands on the table itself.
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
        "budget_begins_with_its_allotment",
        "budgets_ledgerentry",
        "BEFORE INSERT",
        "A month or a fund begins with its allotment, and has no other.",
        # Each by its own index: in one query with OR, PostgreSQL reads the whole ledger.
        f"(NEW.kind = 'allotment') = (NOT {_CAPPED} OR EXISTS "
        "(SELECT 1 FROM budgets_ledgerentry e WHERE e.budget_id = NEW.budget_id))",
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
    Trigger(
        "give_back_returns_what_was_taken",
        "budgets_ledgerentry",
        "BEFORE INSERT",
        "A give-back returns what an entry took, whole, to the same budget.",
        "NOT EXISTS (SELECT 1 FROM budgets_ledgerentry e "
        "WHERE e.id = NEW.concerns_id AND e.kind IN ('spend', 'lent') "
        "AND e.budget_id = NEW.budget_id AND e.amount = -NEW.amount)",
        concerns="NEW.kind = 'give-back'",
    ),
    Trigger(
        "lent_by_someone_else",
        "budgets_ledgerentry",
        "BEFORE INSERT",
        "Money is lent by someone else of the division, out of a month, towards a spend.",
        "NOT EXISTS (SELECT 1 FROM budgets_ledgerentry e "
        "JOIN budgets_budget b ON b.id = e.budget_id "
        "JOIN budgets_budget l ON l.id = NEW.budget_id "
        "WHERE e.id = NEW.concerns_id AND e.kind = 'spend' AND l.kind = 'month' "
        "AND b.division_id = l.division_id AND l.employee_id <> e.actor_id "
        "AND NOT EXISTS (SELECT 1 FROM budgets_ledgerentry g "
        "WHERE g.concerns_id = e.id AND g.kind = 'give-back'))",
        concerns="NEW.kind = 'lent'",
    ),
    Trigger(
        "nobody_tops_up_their_own_month",
        "budgets_ledgerentry",
        "BEFORE INSERT",
        "Nobody tops up their own month, and entitlements have no cap to raise.",
        "EXISTS (SELECT 1 FROM budgets_budget b "
        "WHERE b.id = NEW.budget_id AND (b.employee_id = NEW.actor_id "
        "OR b.kind = 'entitlements'))",
        concerns="NEW.kind = 'top-up'",
    ),
]
