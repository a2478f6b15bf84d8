"""The manager's look at the money: budgets and the ledger, to read and never to edit."""

from budgets.admin import budgets, entries, panels

__all__ = ["budgets", "entries", "panels"]
