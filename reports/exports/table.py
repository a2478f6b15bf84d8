"""What an export is made of: a table, its columns, and what it can be narrowed by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from reports.exports.kinds import Expression, Kind
from reports.models import ExportName


@dataclass(frozen=True)
class Column:
    """One column. Its name and its place stay as they are; new columns are added at the end.

    `source` is a field's path, or an expression. `own_words` marks what people wrote freely, in
    which a customer may be named: it is left out unless it is asked for, by someone who may.
    """

    name: str
    kind: Kind
    about: str
    source: str | Expression = ""
    own_words: bool = False

    @property
    def expression(self) -> Expression:
        """Where its values come from; the field of its own name, unless told."""
        source = self.source or self.name
        return F(source) if isinstance(source, str) else source


@dataclass(frozen=True)
class Marks:
    """Where a table's rows say which transaction wrote them: see `employees/transactions.py`.

    On SQLite rows that never change have their number instead (`on_sqlite`). The rows of `model`
    may be others than the table's: then `to` leads from one to the row that it has moved.
    """

    model: type[models.Model]
    on_sqlite: str = "transaction_id"
    to: str = ""

    def column(self, connection: BaseDatabaseWrapper) -> str:
        """The column with the marks."""
        return self.on_sqlite if connection.vendor == "sqlite" else "transaction_id"

    def between(self, low: int, high: int, connection: BaseDatabaseWrapper) -> Q:
        """The rows that were written from one mark on and before another."""
        column = self.column(connection)
        written = Q(**{f"{column}__gte": low, f"{column}__lt": high})
        if not self.to:
            return written
        moved = self.model._base_manager.filter(written, **{self.to: OuterRef("pk")})
        return Q(Exists(moved))


@dataclass(frozen=True)
class Table:
    """One of the exports.

    `paths` lead from a row to what it can be narrowed by (see `reports/api/filters.py`) and to its
    `division`. A pull of what is new goes by `marks`; where rows `come_again`, it also holds those
    that were changed since.
    """

    name: ExportName
    about: str
    rows: Callable[[], QuerySet[Any]]
    columns: tuple[Column, ...]
    paths: Mapping[str, str]
    marks: Marks
    come_again: bool = False

    @cached_property
    def column(self) -> dict[str, Column]:
        """Its columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def usual_columns(self) -> tuple[Column, ...]:
        """Those that come when none are chosen."""
        return tuple(column for column in self.columns if not column.own_words)
