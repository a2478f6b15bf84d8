"""How far someone's word went at a moment of the past: from the histories of tiers and people."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from employees.models import AuthorityTier, Division, Employee

T = TypeVar("T")


class Over(Generic[T]):
    """Something that changed over time. Before the first that is known of it, it was the same."""

    def __init__(self) -> None:
        self._since: list[datetime] = []
        self._values: list[T] = []

    def add(self, since: datetime, value: T) -> None:
        """It is this from then on; in the order of time."""
        self._since.append(since)
        self._values.append(value)

    def at(self, moment: datetime) -> T:
        """What it was at that moment."""
        return self._values[self._place(moment)]

    def during(self, since: datetime, until: datetime) -> list[T]:
        """What it was, one after the other, from one moment until before another."""
        first = self._place(since)
        return self._values[first : max(bisect_left(self._since, until), first + 1)]

    def _place(self, moment: datetime) -> int:
        return max(bisect_right(self._since, moment) - 1, 0)


@dataclass(frozen=True, slots=True)
class TierThen:
    """A tier as it was."""

    limit: Decimal
    grace_percent: Decimal


_NONE = TierThen(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a division's tiers, and people's own ones, whenever they were."""

    tiers: dict[int, Over[TierThen]]
    people: dict[int, Over[Decimal | None]]

    def of_tier(self, tier_id: int | None, at: datetime) -> TierThen:
        """The tier's limit per case and grace at that moment; without a tier, none."""
        known = self.tiers.get(tier_id or 0)
        return known.at(at) if known else _NONE

    def own(self, employee_id: int, at: datetime) -> Decimal | None:
        """The limit that someone had for themselves instead of the tier's, if they had."""
        known = self.people.get(employee_id)
        return known.at(at) if known else None


def limits_of(division: Division) -> Limits:
    """Read all of them, in three queries; of people, those who ever had a limit of their own."""
    people: Any = Employee.history
    of_division = people.filter(division=division.pk, personal_limit__isnull=False)
    ever = set(of_division.order_by().values_list("id", flat=True).distinct())
    own = people.filter(id__in=ever).values_list("id", "history_date", "personal_limit")
    return Limits(
        tiers=_tiers_over_time(division=division.pk),
        people=_over_time(own.order_by("history_date", "history_id")) if ever else {},
    )


def tier_during(tier: AuthorityTier, since: datetime, until: datetime) -> list[TierThen]:
    """What a tier was, one after the other, from one moment until before another."""
    known = _tiers_over_time(id=tier.pk).get(tier.pk)
    return known.during(since, until) if known else [_NONE]


def _tiers_over_time(**which: int) -> dict[int, Over[TierThen]]:
    histories: Any = AuthorityTier.history
    rows = histories.filter(**which).values_list(
        "id", "history_date", "limit_per_case", "grace_percent"
    )
    return _over_time(
        (pk, since, TierThen(limit, Decimal(grace)))
        for pk, since, limit, grace in rows.order_by("history_date", "history_id")
    )


def _over_time(rows: Iterable[tuple[int, datetime, T]]) -> dict[int, Over[T]]:
    found: defaultdict[int, Over[T]] = defaultdict(Over)
    for pk, since, value in rows:
        found[pk].add(since, value)
    return dict(found)
