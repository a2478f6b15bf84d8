"""The statement of someone's month: what was set aside, where it went, and every entry of it.

It reads and writes nothing: a month that nobody has opened yet is told as it will be. What must
stay true: the sums are the ledger's own; and whoever changed division in a month has two budgets in
it, told one beside the other and never added, as each has its own currency.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Sum
from django.utils import timezone

from budgets.days import last_of
from budgets.models import Budget, EntryKind, LedgerEntry
from budgets.months import month_as_it_stands, month_of
from budgets.querysets import LedgerEntryQuerySet
from employees.models import Employee

# In which order the sums stand, so that they add up from the top to what is left.
_SUMS = {
    EntryKind.ALLOTMENT: "Allotted",
    EntryKind.TOP_UP: "Topped up",
    EntryKind.SPEND: "Used",
    EntryKind.LENT: "Lent to colleagues",
    EntryKind.GIVE_BACK: "Given back",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in plain words: what it was, why, what it is about, when; and the balance."""

    what: str
    why: str
    about: str
    at: str
    entry: LedgerEntry


@dataclass(slots=True)
class Part:
    """One budget of the month. `moved` is what each kind of entry moved, with its sign."""

    budget: Budget
    is_theirs_to_use: bool
    moved: dict[str, Decimal] = field(default_factory=dict)
    entries: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def sums(self) -> list[tuple[str, Decimal]]:
        """What was allotted, topped up, used, lent and given back; only what there was."""
        moved = self.moved or {EntryKind.ALLOTMENT: self.budget.allotted}
        return [(words, moved[kind]) for kind, words in _SUMS.items() if moved.get(kind)]

    @property
    def over(self) -> Decimal:
        """By how much more was used than there was."""
        return max(-self.budget.left, Decimal(0))


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of someone: its parts, and which other months they have, the latest first."""

    month: date
    is_now: bool
    parts: Sequence[Part]
    months: Sequence[date]

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return last_of(self.month)

    @property
    def later(self) -> date | None:
        """The next month that they have."""
        return min((month for month in self.months if month > self.month), default=None)

    @property
    def earlier(self) -> date | None:
        """The month that they had before."""
        return max((month for month in self.months if month < self.month), default=None)

    @property
    def count(self) -> int:
        """How many entries it has."""
        return sum(part.entries for part in self.parts)

    def entries(self) -> LedgerEntryQuerySet:
        """Every entry of it, the latest first, one budget after the other."""
        opened = [part.budget.pk for part in self.parts if part.budget.pk]
        entries = LedgerEntry.objects.filter(budget__in=opened)
        return entries.with_story().order_by("-budget", "-pk")

    def tell(self, entries: Sequence[LedgerEntry]) -> None:
        """Put the lines of these entries into the parts that they belong to."""
        for part in self.parts:
            part.lines = [line_of(e, self.month) for e in entries if e.budget_id == part.budget.pk]


def statement_of(employee: Employee, month: date | None, *, at: datetime) -> Statement | None:
    """Someone's own month, this one if none is named; None where they have no such month."""
    now = month_of(employee, at)
    month = month or now
    budgets = _months(employee, now, at)
    parts = [
        Part(budget, is_theirs_to_use=month == now and budget.division == employee.division)
        for budget in budgets
        if budget.month == month
    ]
    if not parts:
        return None
    _add_up(parts)
    months = sorted({budget.month for budget in budgets if budget.month}, reverse=True)
    return Statement(month, month == now, parts, months)


def _months(employee: Employee, now: date, at: datetime) -> list[Budget]:
    """All their months; this one, where they work now, also when it is not opened yet."""
    opened = list(Budget.objects.months_of(employee))
    if any(budget.month == now and budget.division == employee.division for budget in opened):
        return opened
    return [month_as_it_stands(employee, at=at), *opened]


def _add_up(parts: Sequence[Part]) -> None:
    by_number = {part.budget.pk: part for part in parts if part.budget.pk}
    moved = LedgerEntry.objects.filter(budget__in=by_number).order_by()
    by_kind = moved.values_list("budget", "kind").annotate(Sum("amount"), Count("pk"))
    for number, kind, total, entries in by_kind:
        by_number[number].moved[kind] = total
        by_number[number].entries += entries


def line_of(entry: LedgerEntry, month: date) -> Line:
    """An entry in plain words, as it stands in the statement of a month."""
    by = entry.actor.called if entry.actor else "the program"
    what, why, about = entry.note or "Given", "", ""
    match entry.kind:
        case EntryKind.ALLOTMENT:
            what = f"Allotted for {entry.note}" if entry.note else "Allotted"
        case EntryKind.TOP_UP:
            what, why = f"Topped up by {by}", entry.note
        case EntryKind.LENT:
            what, why = f"Lent to {_colleague(entry)}", entry.note
            about = f"Towards {_named(entry.concerns)}"
        case EntryKind.GIVE_BACK:
            what, why = f"Given back by {by}", entry.note
            about = f"It takes back {_taken(entry.concerns, month)}"
    return Line(what, why, about, _moment(entry.at, month), entry)


def _taken(entry: LedgerEntry | None, month: date) -> str:
    """What a give-back takes back: what was given, or lent, and on which day."""
    if entry is None:
        return "what was given"
    day = _day(entry.at, month)
    if entry.kind == EntryKind.LENT:
        return f"what was lent to {_colleague(entry)} on {day}"
    return f"{_named(entry)} of {day}"


def _colleague(lent: LedgerEntry) -> str:
    """Whom money was lent to: who gave what it was lent towards."""
    spent = lent.concerns
    return spent.actor.called if spent and spent.actor else "a colleague"


def _named(spent: LedgerEntry | None) -> str:
    return f"“{spent.note}”" if spent and spent.note else "what was given"


def _day(at: datetime, month: date) -> str:
    """The day, where the reader works; with its year when it is another than the month's."""
    local = timezone.localtime(at)
    return f"{local:%-d %B}" if local.year == month.year else f"{local:%-d %B %Y}"


def _moment(at: datetime, month: date) -> str:
    """The same in short, with the time: 6 Nov, 12:00."""
    local = timezone.localtime(at)
    return f"{local:%-d %b, %H:%M}" if local.year == month.year else f"{local:%-d %b %Y, %H:%M}"
