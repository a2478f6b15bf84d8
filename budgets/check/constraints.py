"""The constraints still stand in the database, and every row keeps them.

Both are read from the models: a constraint that is added there is proven here from then on.
"""

import re
from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.db.models import (
    CheckConstraint,
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
    UniqueConstraint,
)

from budgets.check.problem import Problem, budgets_of, entries_of, in_words, name_row
from budgets.models import Budget, LedgerEntry

_NAMED = re.compile(r'CONSTRAINT "(\w+)"')
Rows = QuerySet[Budget] | QuerySet[LedgerEntry]
MODELS: tuple[type[Model], ...] = (Budget, LedgerEntry)
RULES = {  # what each constraint says, to a person
    "month_opened_once": "A month is opened once per employee.",
    "entitlements_once_a_month": "A division has its entitlements once a month.",
    "budget_never_overspent": "At most what is allotted and the grace is spent.",
    "budget_amounts_not_negative": "No counter is below zero.",
    "base_is_a_part_of_a_months_allotted": "The base is a part of what a month is allotted.",
    "budget_columns_fit_its_kind": "A budget has what its kind has, and nothing else.",
    "entry_sign_fits_its_kind": "A spend or what was lent takes money out, all else puts it in.",
    "entry_concerns_what_its_kind_does": "Only a give-back and what was lent concern an entry.",
    "top_up_and_give_back_say_why": "A top-up or a give-back says why.",
    "somebody_tops_up_lends_and_gives_back": "Somebody tops up, lends and gives back.",
    "given_back_once": "Money is given back once.",
    "topped_up_once_a_request": "A request tops up once.",
}


def constraints_stand(_month: date | None) -> Iterator[Problem]:
    """No constraint of the money's tables is gone."""
    standing = _standing()
    for model in MODELS:
        table = model._meta.db_table
        for constraint in model._meta.constraints:
            if (table, constraint.name) not in standing:
                row = f"constraint {constraint.name}"
                what = f"It is missing from {table}: put it back."
                yield Problem(row, "The database keeps this rule.", what)


def _standing() -> set[tuple[str, str]]:
    """Table and name of each constraint there is; a unique one that has a condition is an index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE convalidated "
                "UNION SELECT indrelid::regclass::text, relname FROM pg_index "
                "JOIN pg_class ON pg_class.oid = indexrelid WHERE indisvalid"
            )
            return set(cursor.fetchall())
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {
            (table, name)
            for table, row, sql in cursor.fetchall()
            for name in (row, *_NAMED.findall(sql))
        }


def rows_keep_the_constraints(month: date | None) -> Iterator[Problem]:
    """Every row is as the constraints of its table say, also where one is gone."""
    for rows in (budgets_of(month), entries_of(month)):
        for constraint in rows.model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                broken = rows.exclude(constraint.condition)
            elif isinstance(constraint, UniqueConstraint):
                broken = _repeated(rows, constraint)
            else:
                continue
            rule = RULES.get(constraint.name, constraint.name)
            for row in broken.iterator():
                yield Problem(name_row(row), rule, _as_it_is(row))


def _repeated(rows: Rows, constraint: UniqueConstraint) -> Rows:
    """The rows for which there is an earlier one with the same values."""
    condition = constraint.condition or Q()
    earlier = rows.model._default_manager.order_by().filter(
        condition, pk__lt=OuterRef("pk"), **{name: OuterRef(name) for name in constraint.fields}
    )
    return rows.filter(condition, Exists(earlier))


def _as_it_is(row: Budget | LedgerEntry) -> str:
    if isinstance(row, LedgerEntry):
        return f"It is a {row.get_kind_display().lower()} of {in_words(row.amount, row.budget)}."
    said = [
        f"{name} {in_words(getattr(row, name), row)}"
        for name in ("base", "allotted", "spent", "grace")
    ]
    return f"It has {', '.join(said)}."
