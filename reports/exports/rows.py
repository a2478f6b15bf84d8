"""The rows of an export: which, and how they are asked for.

What must stay true: nobody reads beyond their divisions, whatever they filter by.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, QuerySet, Value, When

from employees.models import Division
from employees.money import places
from reports.exports.kinds import Expression
from reports.exports.table import Column, Table
from reports.reader import Reader

CHUNK = 2000


def rows_for(reader: Reader, table: Table) -> QuerySet[Any]:
    """All rows of a table in the reader's divisions."""
    return table.rows().filter(**{f"{table.paths['division']}__in": reader.divisions})


@dataclass(frozen=True, slots=True)
class Source:
    """Where an export's values come from: rows of a table, and the connection that reads them."""

    table: Table
    columns: Sequence[Column]
    rows: QuerySet[Any]
    divisions: Sequence[Division]
    own: BaseDatabaseWrapper

    @property
    def places(self) -> Expression:
        """How many places a row's currency has: the same for all, or by the row's division."""
        by_places: dict[int, list[str]] = {}
        for currency in sorted({division.currency for division in self.divisions}):
            by_places.setdefault(places(currency), []).append(currency)
        if len(by_places) <= 1:
            return Value(next(iter(by_places), 2))
        path = f"{self.table.paths['division']}__currency__in"
        whens = [When(then=Value(number), **{path: named}) for number, named in by_places.items()]
        return Case(*whens, output_field=models.IntegerField())

    def compiler(self, cells: Sequence[Expression]) -> Any:
        """Django's compiler of a query for these cells of the rows and nothing else."""
        named = {f"cell_{number}": cell for number, cell in enumerate(cells)}
        rows = self.rows.annotate(**named).values_list(*named)
        return rows.query.get_compiler(connection=self.own)

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Each row's values as Python has them, with its currency's places as the last of all."""
        compiler = self.compiler([*(column.expression for column in self.columns), self.places])
        return iter(
            compiler.results_iter(chunked_fetch=True, chunk_size=CHUNK, tuple_expected=True)
        )
