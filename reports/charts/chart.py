"""What a chart shows, said once: however it is drawn, it shows the same.

What must stay true: what is not known is a gap and never 0; every chart has a sentence for who
can't see it, and a table with its figures; colour alone says nothing: a word says it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from reports.charts.scale import Scale
from reports.charts.table import Table

NOTHING = "Nothing yet."


class Shape(StrEnum):
    """How its marks are drawn."""

    COLUMNS = "columns"  # upright, side by side
    LINE = "line"  # points, and a line from each to the next where both are known
    BARS = "bars"  # one below the other, each under its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One figure: a column, a point or a bar. `value` None is a gap.

    `label` names it on its axis, where there is room; `said` is all of it, in words. `written`
    stands at the mark itself, and `aside` below a bar. `further` is amber, and `written` says why.
    """

    label: str
    value: Decimal | None
    said: str
    written: str = ""
    aside: str = ""
    further: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart: its title, the sentence that says the same, its marks on their scale, its table."""

    key: str
    title: str
    says: str
    shape: Shape
    marks: Sequence[Mark]
    scale: Scale
    table: Table

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return all(mark.value is None for mark in self.marks)
