"""What a figure counts, one by one: the cases, entries of the ledger, months or gaps behind it.

What must stay true: a figure leads to what it counts and to nothing else, as the rollups and this
read the same rows (`rollups/raw.py`). Customers are told by their reference only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet

from budgets.models import EntryKind
from employees.models import Team
from employees.money import format_money
from policies.decision import BoundKind
from reports import figures
from reports.entries import of_resolution
from reports.figures import By, Scope
from reports.measure_words import time_words
from reports.measured.names import SAID, Names, name_of
from reports.measures import (
    FIRST_CONTACT_WINDOW,
    SCORES,
    SMALLEST_SHOWN,
    shown_of_a_person,
    watched_until,
)
from reports.rollups.counting import CASES, COSTS, GAPS, Counting
from reports.rollups.days import Days
from resolutions.decision_words import kind_words
from resolutions.models import CaseState, Resolution

IN_WORDS = "words"  # what was said where nothing was refused, as an address has it


@dataclass(frozen=True, slots=True)
class Row:
    """One that is counted: what it is called, its figure, and what else is told.

    `kind` and `pk` say where the admin has it.
    """

    name: str
    figure: str
    told: Sequence[str]
    kind: str
    pk: int


@dataclass(frozen=True, slots=True)
class Behind:
    """All that a figure counts, the latest first; `row` tells one of those that were found."""

    title: str
    says: str
    found: QuerySet[Any]
    row: Callable[[Any], Row]

    def rows(self, begin: int, end: int) -> list[Row]:
        """Some of them. One query."""
        return [self.row(each) for each in self.found[begin:end]]


def _ending(state: str) -> str:
    return str(CaseState(state).label)


@dataclass(frozen=True, slots=True)
class _Cases:
    """Which cases a figure counts, and what it reckons with in each."""

    title: str
    says: str
    counts: Q
    column: str = "state"
    words: Callable[[Any], str] = _ending


_WATCHED = f"Put right for a known customer, and the {FIRST_CONTACT_WINDOW.days} days are over."
_CASES = {
    "cases": _Cases("Cases", "All that ended.", Q()),
    "approvals": _Cases("Approvals avoided", "Put right, and never handed over.", Q(unescalated=1)),
    "first-contact": _Cases(
        "Solved at first contact",
        f"{_WATCHED} Where they came again, it was not.",
        Q(with_customer=1),
        "came_again",
        lambda again: "Came again" if again else "",
    ),
    "came-again": _Cases("Came again", _WATCHED, Q(came_again=1)),
    "time": _Cases(
        "Time until it was put right",
        "From being told to being put right.",
        Q(put_right=1),
        "seconds",
        lambda seconds: time_words(timedelta(seconds=seconds)),
    ),
    "handed-over": _Cases(
        "Handed over after all", "At some time, whatever became of them.", Q(handed_over=1)
    ),
    "second-failures": _Cases(
        "Second failures", "The same had gone wrong lately.", Q(second_failures=1)
    ),
    "satisfaction": _Cases(
        "Satisfaction",
        "The cases whose customers answered.",
        Q(follow_up__response__isnull=False),
        "follow_up__response__score",
        lambda score: f"{score} of {SCORES[-1]}",
    ),
}


def behind(
    what: str, scope: Scope, names: Names, *, today: date, told: Mapping[str, str]
) -> Behind | None:
    """What a figure counts; None where there is no such figure, or it is not shown.

    `told` may name the `rule` (its series) or the `bound` that refused.
    """
    if what == "cost":
        return _moved(scope, names)
    if what == "over-budget":
        return _months_over(scope)
    if what == "gaps":
        return _refused(scope, names, told)
    if what in ("first-contact", "came-again"):
        scope = replace(scope, last=min(scope.last, watched_until(today)))
    found = _ended(_CASES[what], scope, names) if what in _CASES else None
    if found and what == "satisfaction" and scope.may_be_one_person:
        return found if shown_of_a_person(found.found[:SMALLEST_SHOWN].count()) else None
    return found


def _ended(which: _Cases, scope: Scope, names: Names) -> Behind:
    rows = _counted(CASES, replace(scope, remedy=None)).filter(which.counts)
    if scope.remedy is not None:
        given = Resolution.objects.standing().filter(case=OuterRef("pk"), remedy=scope.remedy)
        rows = rows.filter(Exists(given))

    def row(case: Mapping[str, Any]) -> Row:
        told = [_reason(names, case), case["customer__reference"], *_where_and_when(names, case)]
        return Row(
            _number(scope, case["pk"]),
            which.words(case[which.column]),
            _known(told),
            "resolutions_case",
            case["pk"],
        )

    columns = ("pk", "reason_code", "customer__reference", "team", "day", which.column)
    return Behind(which.title, which.says, rows.values(*columns), row)


def _moved(scope: Scope, names: Names) -> Behind:
    rows = _counted(COSTS, scope).annotate(case=of_resolution("case_id", BigIntegerField))

    def row(entry: Mapping[str, Any]) -> Row:
        case = entry["case"] and _number(scope, entry["case"])
        told = [EntryKind(entry["kind"]).label, case, _reason(names, entry)]
        return Row(
            name_of(names, By.REMEDY, entry["remedy"]),
            format_money(-entry["amount"], scope.division.currency),
            _known([*told, *_where_and_when(names, entry)]),
            "budgets_ledgerentry",
            entry["pk"],
        )

    columns = ("pk", "kind", "amount", "case", "remedy", "reason_code", "team", "day")
    says = "What was spent and lent, less what was given back: each entry of the ledger."
    return Behind("Cost", says, rows.values(*columns), row)


def _months_over(scope: Scope) -> Behind:
    def row(budget: Any) -> Row:
        over = format_money(budget.spent - budget.allotted, scope.division.currency)
        month = f"{budget.month:%B %Y}"
        return Row(budget.employee.called, over, [month], "budgets_budget", budget.pk)

    rows = figures.months_over(scope).select_related("employee")
    in_order = rows.order_by("-month", "employee__username")  # by name: nobody is ranked
    return Behind("Over budget", "By how much each month went over.", in_order, row)


def _refused(scope: Scope, names: Names, told: Mapping[str, str]) -> Behind | None:
    which = _by_what(told)
    if which is None:
        return None
    rows = _counted(GAPS, scope).filter(which)

    def row(gap: Mapping[str, Any]) -> Row:
        asked = SAID if gap["remedy"] is None else name_of(names, By.REMEDY, gap["remedy"])
        stopped = gap["policy__title"] or kind_words(gap["bound"])
        return Row(
            asked,
            format_money(gap["cost"], scope.division.currency) if gap["cost"] else "",
            _known([stopped, _reason(names, gap), *_where_and_when(names, gap)]),
            "resolutions_authoritygap",
            gap["pk"],
        )

    columns = (
        "pk", "remedy", "policy__title", "bound", "cost", "reason_code", "team", "day",
    )  # fmt: skip
    says = "What it would have cost, had it been given."
    return Behind("What could not be done", says, rows.values(*columns), row)


def _by_what(told: Mapping[str, str]) -> Q | None:
    """The rule in all its versions, or the kind of bound, or whatever refused; None for a slip."""
    try:
        if rule := told.get("rule"):
            return Q(policy__series=UUID(rule))
        if bound := told.get("bound"):
            return Q(policy__isnull=True, bound="" if bound == IN_WORDS else BoundKind(bound))
    except ValueError:
        return None
    return Q()


def _counted(counting: Counting, scope: Scope) -> QuerySet[Any]:
    """The raw rows that are counted in a scope, the latest first."""
    zones = Team.objects.filter(division=scope.division).zones()
    rows = counting.rows().filter(Days(scope.first, scope.last).moments(counting.at, zones))
    return figures.narrowed(rows, scope).order_by(f"-{counting.at}", "-pk")


def _number(scope: Scope, case: int) -> str:
    return f"{scope.division.case_prefix}-{case}"


def _reason(names: Names, row: Mapping[str, Any]) -> str:
    return name_of(names, By.REASON, row["reason_code"])


def _where_and_when(names: Names, row: Mapping[str, Any]) -> list[str]:
    return [name_of(names, By.TEAM, row["team"]), f"{row['day']:%-d %B %Y}"]


def _known(told: Sequence[str | None]) -> list[str]:
    return [words for words in told if words]
