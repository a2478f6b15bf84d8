"""What a report tells, as plain data that is kept as JSON and comes back the same.

The words are those of the day it was made, and so are the names; the charts are drawn of its sums.
Amounts are in the division's currency, at cost.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from reports.charts.ranked import NamedGaps, NamedRemedy
from reports.measures import BudgetUse, Cases, Costs, Sums

S = TypeVar("S", bound=Sums)


@dataclass(frozen=True, slots=True)
class Line:
    """A measure in words: its figure, what that rests on, and how it was at other times."""

    label: str
    value: str
    note: str
    compared: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report.

    `months` are the thirteen that end with its own; one without a row has no sums. `baseline` says
    which months before Leeway it is compared with; "" where they are not known.
    """

    division: str
    currency: str
    month: date
    sentences: tuple[str, ...]
    lines: tuple[Line, ...]
    baseline: str
    months: tuple[date, ...]
    costs: Mapping[date, Costs]
    cases: Mapping[date, Cases]
    use: BudgetUse
    gaps: tuple[NamedGaps, ...]
    remedies: tuple[NamedRemedy, ...]
    lessons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Write it as JSON knows it: amounts and days as text."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """Read it again."""
        return cls(
            division=told["division"],
            currency=told["currency"],
            month=date.fromisoformat(told["month"]),
            sentences=tuple(told["sentences"]),
            lines=tuple(
                Line(**{**line, "compared": tuple(line["compared"])}) for line in told["lines"]
            ),
            baseline=told["baseline"],
            months=tuple(map(date.fromisoformat, told["months"])),
            costs={date.fromisoformat(m): _sums(Costs, of) for m, of in told["costs"].items()},
            cases={date.fromisoformat(m): _sums(Cases, of) for m, of in told["cases"].items()},
            use=_sums(BudgetUse, told["use"]),
            gaps=tuple(NamedGaps(**{**g, "cost": Decimal(g["cost"])}) for g in told["gaps"]),
            remedies=tuple(
                NamedRemedy(r["name"], _sums(Costs, r["costs"]), _sums(Cases, r["cases"]))
                for r in told["remedies"]
            ),
            lessons=tuple(told["lessons"]),
        )


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
        case dict():
            return {_plain(name): _plain(each) for name, each in value.items()}
    return value


def _sums(kind: type[S], told: Mapping[str, Any]) -> S:
    """Counts as they are, amounts from their text."""
    return kind(
        **{
            field.name: Decimal(value) if isinstance(value, str) else value
            for field in fields(kind)  # type: ignore[arg-type]
            if (value := told.get(field.name)) is not None
        }
    )
