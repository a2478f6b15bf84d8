"""Lines of a close as people read them: by name, and summed up by what finance looks for.

Amounts are in the close's currency; what was given back is below zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from employees.models import Division
from policies.models import Remedy
from reports.models import CloseLine, LineKind


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line with the remedy's name as it is now."""

    line: CloseLine
    remedy: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """What all lines come to by one of their codes, and by which."""

    title: str
    rows: Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Told:
    """The lines of a close, each by name, and what they come to."""

    lines: Sequence[NamedLine]
    sums: Sequence[Sum]


def told(lines: Sequence[CloseLine], division: Division) -> Told:
    """Tell lines by name, and what they come to by cost centre, by remedy and by account."""
    names = _names(lines, division)
    named = [NamedLine(line, names[line.remedy], _signed(line)) for line in lines]
    return Told(
        named,
        [
            Sum(
                "By cost centre",
                _added((each.line.cost_centre or "No cost centre", each.amount) for each in named),
            ),
            Sum("By remedy", _added((each.remedy, each.amount) for each in named)),
            Sum(
                "By account",
                _added((each.line.account or "No account", each.amount) for each in named),
            ),
        ],
    )


def _names(lines: Sequence[CloseLine], division: Division) -> dict[str, str]:
    codes = {line.remedy for line in lines}
    found = Remedy.objects.filter(division=division, code__in=codes)
    names = dict(found.values_list("code", "name")) if codes else {}
    return {code: names.get(code) or code or "No remedy" for code in codes}


def _added(parts: Iterable[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    added: dict[str, Decimal] = {}
    for name, amount in parts:
        added[name] = added.get(name, Decimal(0)) + amount
    return sorted(added.items())


def _signed(line: CloseLine) -> Decimal:
    amount: Decimal = line.amount
    return amount if line.kind == LineKind.SPENT else -amount
