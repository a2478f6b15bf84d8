"""Budgets and the ledger over the API: reading only, as money moves by what is done in cases."""
