"""The sums that measures are reckoned from, read from the rollups for any filter and period.

One query each, however long the period is. What must stay true: a case that was given several
remedies counts once, unless it is asked by remedy: then once for each. One division's amounts are
never added to another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from budgets.models import Budget, BudgetKind
from budgets.querysets import over_q
from employees.models import Division
from reports.measures import BINS, BudgetUse, Cases, Costs, watched_until
from reports.models import DailyCases, DailyCosts, DailyGaps

Key = date | int | str | None


class By(StrEnum):
    """What sums are grouped by."""

    MONTH = "month"
    TEAM = "team"
    TIER = "tier"
    REMEDY = "remedy"
    REASON = "reason_code"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One division's days, the first and the last included, narrowed or not."""

    division: Division
    first: date
    last: date
    team: int | None = None
    tier: int | None = None
    remedy: int | None = None
    reason_code: int | None = None
    channel: str = ""

    @property
    def may_be_one_person(self) -> bool:
        """Whether it is narrowed to a team or a tier: there may be one person in it."""
        return self.team is not None or self.tier is not None


@dataclass(frozen=True, slots=True)
class GapCount:
    """How often a rule refused, or a kind of bound where `policy` is None, and at what cost."""

    policy: int | None
    bound: str
    gaps: int
    cost: Decimal


def costs(scope: Scope) -> Costs:
    """What was moved."""
    sums = narrowed(DailyCosts.objects, scope).aggregate(**_sums(Costs))
    return Costs(**_told(sums))


def costs_by(scope: Scope, by: By) -> dict[Key, Costs]:
    """What was moved, by month (its first day), number of the row, or channel."""
    rows = narrowed(DailyCosts.objects, scope)
    return {key: Costs(**sums) for key, sums in _grouped(rows, by, _sums(Costs)).items()}


def cases(scope: Scope, *, today: date) -> Cases:
    """Cases that ended. Those put right lately are not `watched` to their end as of `today`."""
    sums = _narrowed_cases(scope).aggregate(**_sums_of_cases(_watched(today)))
    return Cases(**_told(sums))


def cases_by(scope: Scope, by: By, *, today: date) -> dict[Key, Cases]:
    """Cases that ended, as `costs_by` groups; by remedy, each in every one that it was given."""
    rows = _narrowed_cases(scope, each_remedy=by == By.REMEDY)
    grouped = _grouped(rows, by, _sums_of_cases(_watched(today)))
    return {key: Cases(**sums) for key, sums in grouped.items()}


def cases_among(rows: QuerySet[Any], *, today: date) -> Cases:
    """The same of raw rows (`rollups/raw.py`), where they are few: what one person did, say."""
    return Cases(**_told(rows.aggregate(**_sums_of_cases(_watched(today)))))


def budget_use(scope: Scope) -> BudgetUse:
    """How employees' months were used: all months that the period touches.

    Of the team and tier that each works in now. A remedy, reason code or channel narrows nothing
    here: money is set aside for all of them.
    """
    return BudgetUse(**_told(_months(scope).aggregate(**_uses())))


def months_over(scope: Scope) -> QuerySet[Any]:
    """Those of them that went over their budget."""
    return _months(scope).filter(over_q())


def costs_of_each(scopes: Sequence[Scope]) -> dict[Key, Costs]:
    """What was moved in each of these divisions, by its number: never added up over them."""
    rows = DailyCosts.objects.filter(_of_each(scopes))
    return {key: Costs(**sums) for key, sums in _grouped(rows, "division", _sums(Costs)).items()}


def cases_of_each(scopes: Sequence[Scope], *, todays: Sequence[date]) -> dict[Key, Cases]:
    """Cases that ended in each of these divisions, by its number, as of what is today there."""
    rows = DailyCases.objects.filter(_of_each(scopes), remedy__isnull=True)
    watched = Q(pk__in=[])
    for scope, today in zip(scopes, todays, strict=True):
        watched |= Q(division=scope.division) & _watched(today)
    grouped = _grouped(rows, "division", _sums_of_cases(watched))
    return {key: Cases(**sums) for key, sums in grouped.items()}


def budget_use_by_month(scope: Scope) -> dict[date, BudgetUse]:
    """How employees' months were used, by the month's first day."""
    rows = _months(scope).order_by("month").values("month").annotate(**_uses())
    return {row.pop("month"): BudgetUse(**_told(row)) for row in rows}


def gaps(scope: Scope) -> list[GapCount]:
    """What was refused, by the rule or the kind of bound that did, the most frequent first."""
    rows = narrowed(DailyGaps.objects, scope).values("policy", "bound")
    counted = rows.annotate(count=Sum("gaps"), worth=Sum("cost"))
    in_order = counted.order_by("-count", "bound", F("policy").asc(nulls_last=True))
    return [GapCount(row["policy"], row["bound"], row["count"], row["worth"]) for row in in_order]


def narrowed(rows: Any, scope: Scope) -> QuerySet[Any]:
    """The rows of a scope, of a rollup or raw: they have the names of `Daily`."""
    narrower = {by: getattr(scope, by) for by in ("team", "tier", "remedy", "reason_code")}
    found: QuerySet[Any] = rows.filter(
        division=scope.division.pk,
        day__range=(scope.first, scope.last),
        **{name: number for name, number in narrower.items() if number is not None},
        **({"channel": scope.channel} if scope.channel else {}),
    )
    return found


def _of_each(scopes: Sequence[Scope]) -> Q:
    """The days of each division; a report of several is not narrowed."""
    found = Q(pk__in=[])
    for scope in scopes:
        found |= Q(division=scope.division, day__range=(scope.first, scope.last))
    return found


def _narrowed_cases(scope: Scope, *, each_remedy: bool = False) -> QuerySet[Any]:
    """Rows of one remedy, or of each; else those without, in which each case is once."""
    rows = narrowed(DailyCases.objects, scope)
    if scope.remedy is not None:
        return rows
    return rows.filter(remedy__isnull=not each_remedy)


def _months(scope: Scope) -> QuerySet[Any]:
    narrower = {"employee__team": scope.team, "employee__tier": scope.tier}
    return Budget.objects.filter(
        kind=BudgetKind.MONTH,
        division=scope.division,
        month__range=(scope.first.replace(day=1), scope.last),
        **{name: number for name, number in narrower.items() if number is not None},
    ).annotate(hundredfold=F("spent") * 100)


def _grouped(rows: QuerySet[Any], by: str, sums: dict[str, Any]) -> dict[Key, dict[str, Any]]:
    key = TruncMonth("day") if by == By.MONTH else F(by)
    found = rows.order_by().values(key=key).annotate(**sums).order_by("key")
    return {row.pop("key") or None: _told(row) for row in found}


def _sums(kind: type) -> dict[str, Any]:
    return {f"sum_{field.name}": Sum(field.name) for field in fields(kind)}


def _watched(today: date) -> Q:
    return Q(day__lte=watched_until(today))


def _sums_of_cases(watched: Q) -> dict[str, Any]:
    named = [field.name for field in fields(Cases) if field.name not in ("watched", "came_again")]
    return {f"sum_{name}": Sum(name) for name in named} | {
        "sum_watched": Sum("with_customer", filter=watched),
        "sum_came_again": Sum("came_again", filter=watched),
    }


def _uses() -> dict[str, Any]:
    """The columns of `BudgetUse`; each month is in one bin."""
    counted = {"months": Q(), "over": over_q(), "none": Q(spent=0), "beyond": over_q()}
    for above, upto in pairwise(BINS):
        more_than = Q(spent__gt=0, hundredfold__gt=F("allotted") * above)
        counted[f"to_{upto}"] = more_than & Q(hundredfold__lte=F("allotted") * upto)
    return {
        **{f"sum_{name}": Count("pk", filter=which) for name, which in counted.items()},
        "sum_allotted": Sum("allotted"),
        "sum_spent": Sum("spent"),
    }


def _told(sums: dict[str, Any]) -> dict[str, Any]:
    """The sums that there are, by their own names: of no rows there are none."""
    return {name.removeprefix("sum_"): value for name, value in sums.items() if value is not None}
