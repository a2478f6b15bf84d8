"""What a report tells, as plain data that is kept as JSON and comes back the same.

What must stay true: every report that was ever kept can be read. The words are those of the day it
was made, and so are the names; the charts are drawn of its sums. Amounts are in the division's
currency, at cost.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from reports.charts.ranked import NamedGaps, NamedRemedy
from reports.measures import BudgetUse, Cases, Costs, Sums

# Kept with each report. A field that comes has a default and leaves it; where one comes to mean
# something else, it goes up, and `of_json` tells the reports apart by it.
VERSION = 1

S = TypeVar("S", bound=Sums)
T = TypeVar("T")


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
    sentences: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    baseline: str = ""
    months: tuple[date, ...] = ()
    costs: Mapping[date, Costs] = field(default_factory=dict)
    cases: Mapping[date, Cases] = field(default_factory=dict)
    use: BudgetUse = field(default_factory=BudgetUse)
    gaps: tuple[NamedGaps, ...] = ()
    remedies: tuple[NamedRemedy, ...] = ()
    lessons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Write it as JSON knows it: amounts and days as text."""
        told = {name: _plain(value) for name, value in asdict(self).items()}
        return {"version": VERSION, **told}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """Read it again. What an older program did not tell is empty; what is unknown is left."""
        return cls(**{name: read(told[name]) for name, read in _READ.items() if name in told})


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


def _each(read: Callable[[Any], T]) -> Callable[[Iterable[Any]], tuple[T, ...]]:
    return lambda told: tuple(map(read, told))


def _by_month(kind: type[S]) -> Callable[[Mapping[str, Any]], dict[date, S]]:
    return lambda told: {date.fromisoformat(month): _sums(kind, of) for month, of in told.items()}


def _line(told: Mapping[str, Any]) -> Line:
    return Line(told["label"], told["value"], told["note"], tuple(told["compared"]))


def _gaps(told: Mapping[str, Any]) -> NamedGaps:
    return NamedGaps(told["name"], told["gaps"], Decimal(told["cost"]), told["where"])


def _remedy(told: Mapping[str, Any]) -> NamedRemedy:
    return NamedRemedy(told["name"], _sums(Costs, told["costs"]), _sums(Cases, told["cases"]))


def _sums(kind: type[S], told: Mapping[str, Any]) -> S:
    """Counts as they are, amounts from their text."""
    return kind(
        **{
            field.name: Decimal(value) if isinstance(value, str) else value
            for field in fields(kind)  # type: ignore[arg-type]
            if (value := told.get(field.name)) is not None
        }
    )


_READ: dict[str, Callable[[Any], Any]] = {
    "division": str,
    "currency": str,
    "month": date.fromisoformat,
    "sentences": tuple,
    "lines": _each(_line),
    "baseline": str,
    "months": _each(date.fromisoformat),
    "costs": _by_month(Costs),
    "cases": _by_month(Cases),
    "use": lambda told: _sums(BudgetUse, told),
    "gaps": _each(_gaps),
    "remedies": _each(_remedy),
    "lessons": tuple,
}
