"""The manager's view of the money: budgets and the ledger, to read, to top up and never to edit."""

from budgets.admin import budgets, entries, new_budgets, panels

__all__ = ["budgets", "entries", "new_budgets", "panels"]
