"""Proves that the money adds up: every invariant of it, row by row.

Reads only. What is wrong is named with its row, so that a person can go and look, and with what
would be right. Any size: a fixed number of queries, and only rows that are wrong are read. A higher
app appends its own proof to `PROOFS` when it is ready.
"""

from collections.abc import Callable, Iterator
from datetime import date

from django.db import connection

from budgets.check.concerned import each_entry_fits_what_it_concerns
from budgets.check.constraints import constraints_stand, rows_keep_the_constraints
from budgets.check.counters import counters_come_from_the_entries
from budgets.check.entries import each_entry_is_right
from budgets.check.problem import Problem, entries_of
from employees.triggers import missing

__all__ = ["PROOFS", "Problem", "Proof", "entries_of", "problems"]

# Looks at one month's money (or all of it, for None) and tells what is wrong. Funds belong to no
# month, so they are looked at each time.
Proof = Callable[[date | None], Iterator[Problem]]


def triggers_stand(_month: date | None) -> Iterator[Problem]:
    """Every rule that a trigger keeps is still kept."""
    for name in missing(connection):
        yield Problem(f"trigger {name}", "The database keeps this rule.", "Run migrate.")


PROOFS: list[Proof] = [
    rows_keep_the_constraints,
    counters_come_from_the_entries,
    each_entry_is_right,
    each_entry_fits_what_it_concerns,
    constraints_stand,
    triggers_stand,
]


def problems(month: date | None = None) -> Iterator[Problem]:
    """Everything that is wrong with the money, of one month or of all; nothing, if it adds up."""
    for proof in PROOFS:
        yield from proof(month)
