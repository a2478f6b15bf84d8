"""Gaps of a period, counted in groups: by rule, remedy, tier, team or what went wrong.

All of it is counted by the database, in as many queries for a hundred thousand gaps as for ten.
Amounts are in the division's currency, at face value unless they say otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Case, Count, F, Max, Q, Sum, Value, When, Window
from django.db.models.functions import RowNumber

from employees.models import AuthorityTier, Employee, Team
from employees.money import quantize
from employees.row_numbers import is_row_number
from policies.decision import BoundKind
from policies.models import Policy, ReasonCode, Remedy
from resolutions.gap_querysets import AuthorityGapQuerySet

NOBODY = "none"  # the key of those that have no tier, team or reason


class By(models.TextChoices):
    """What gaps are put together by."""

    RULE = "rule", "What stopped it"
    REMEDY = "remedy", "Remedy"
    TIER = "tier", "Tier"
    TEAM = "team", "Team"
    REASON = "reason", "What went wrong"


@dataclass(frozen=True, slots=True)
class Group:
    """Gaps that are alike. `key` finds them again; `about` is the rule, tier … that they are of."""

    key: str
    about: models.Model | None
    bound: str  # the kind of bound, where no rule but a limit or a maximum stopped them
    gaps: int
    people: int
    asked: Decimal
    units: int  # days, items …, of remedies that are given by number
    cost: Decimal
    median: Decimal
    largest: Decimal
    newest: datetime
    answered: int

    @property
    def waiting(self) -> int:
        """How many have no answer yet."""
        return self.gaps - self.answered

    @property
    def by_number(self) -> bool:
        """Whether all that was asked is counted in units that have no value in money."""
        return bool(self.units) and not self.asked


@dataclass(frozen=True, slots=True)
class Totals:
    """The period at a glance."""

    refused: int
    said: int
    people: int
    asked: Decimal
    cost: Decimal
    answered: int


_MODELS: dict[By, type[models.Model]] = {
    By.REMEDY: Remedy,
    By.TIER: AuthorityTier,
    By.TEAM: Team,
    By.REASON: ReasonCode,
}
_FIELDS = {By.REMEDY: "remedy", By.TIER: "tier", By.TEAM: "team", By.REASON: "reason_code"}
# What stopped a gap that no rule stopped: its tier, for the limit of a case and of a month; the
# remedy, for how much of it one case can have.
_OF_TIER = (BoundKind.TIER, BoundKind.BUDGET)
_STOPPED_BY: dict[str, Any] = {
    "series": F("policy__series"),
    "stopped": Case(When(policy__isnull=True, then=F("bound")), default=Value("")),
    "by_tier": Case(When(policy__isnull=True, bound__in=_OF_TIER, then=F("tier"))),
    "by_remedy": Case(When(policy__isnull=True, bound=BoundKind.REMEDY, then=F("remedy"))),
}


def totals_of(gaps: AuthorityGapQuerySet) -> Totals:
    """How many there are, of how many people, what was asked, and how many were answered."""
    refused = Q(remedy__isnull=False)
    counted = gaps.order_by().aggregate(
        refused=Count("pk", filter=refused),
        said=Count("pk", filter=~refused),
        people=Count("employee", distinct=True),
        asked=Sum("face_value"),
        cost=Sum("cost"),
        answered=Count("answer"),
    )
    counted["asked"] = counted["asked"] or Decimal(0)
    counted["cost"] = counted["cost"] or Decimal(0)
    return Totals(**counted)


def groups_of(
    gaps: AuthorityGapQuerySet, by: By, *, reader: Employee, currency: str
) -> list[Group]:
    """What was refused of these gaps, in groups, the one with the most gaps first."""
    parts = list(_STOPPED_BY) if by == By.RULE else [_FIELDS[by]]
    refused = gaps.refused().order_by()
    if by == By.RULE:
        refused = refused.annotate(**_STOPPED_BY)
    counted = refused.values(*parts).annotate(
        gaps=Count("pk"),
        people=Count("employee", distinct=True),
        asked=Sum("face_value"),
        units=Sum("quantity"),
        total_cost=Sum("cost"),
        largest=Max("face_value"),
        newest=Max("at"),
        answered=Count("answer"),
    )
    rows = list(counted)
    medians = _medians(refused, parts)
    abouts = _abouts(rows, by, reader)
    groups = [
        Group(
            key=_key(row, by),
            about=abouts.get(_key(row, by)),
            bound=row["stopped"] if by == By.RULE else "",
            gaps=row["gaps"],
            people=row["people"],
            asked=row["asked"],
            units=row["units"] or 0,
            cost=row["total_cost"],
            median=quantize(medians[tuple(row[part] for part in parts)], currency),
            largest=row["largest"],
            newest=row["newest"],
            answered=row["answered"],
        )
        for row in rows
    ]
    return sorted(groups, key=lambda group: (-group.gaps, -group.asked, group.key))


def gaps_of_group(gaps: AuthorityGapQuerySet, by: By, key: str) -> AuthorityGapQuerySet:
    """The gaps of the group with this key. Raises ValueError for a key that there can't be."""
    if by != By.RULE:
        field = _FIELDS[by]
        wanted = {f"{field}__isnull": True} if key == NOBODY else {field: _number(key)}
        return gaps.refused().filter(**wanted)
    kind, _, which = key.partition("-")
    if kind == "rule":
        return gaps.refused().filter(policy__series=UUID(which))
    unruled = gaps.refused().filter(policy__isnull=True, bound=BoundKind(kind))
    if kind == BoundKind.REMEDY:
        return unruled.filter(remedy=_number(which))
    if which == NOBODY:
        return unruled.filter(tier__isnull=True)
    return unruled.filter(tier=_number(which)) if kind in _OF_TIER else unruled


def last_versions(reader: Employee) -> models.QuerySet[Policy]:
    """Of each rule that the reader sees the version that was published last."""
    later = Policy.objects.filter(
        series=models.OuterRef("series"),
        status="published",
        version__gt=models.OuterRef("version"),
    )
    published = Policy.objects.visible_to(reader).filter(status="published")
    return published.filter(~models.Exists(later)).order_by("title", "pk")


def _medians(refused: AuthorityGapQuerySet, parts: list[str]) -> dict[tuple[Any, ...], Decimal]:
    """The median of each group: the middle amount, or halfway between the middle two."""
    among: dict[str, Any] = {"partition_by": [F(part) for part in parts]}
    ranked = refused.annotate(
        twice=Window(RowNumber(), order_by=F("face_value").asc(), **among) * 2,
        many=Window(Count("pk"), **among),
    )
    middle = ranked.filter(twice__gte=F("many"), twice__lte=F("many") + 2)
    found: dict[tuple[Any, ...], list[Decimal]] = {}
    for *group, amount in middle.values_list(*parts, "face_value"):
        found.setdefault(tuple(group), []).append(amount)
    return {group: sum(amounts, Decimal(0)) / len(amounts) for group, amounts in found.items()}


def _key(row: Mapping[str, Any], by: By) -> str:
    if by != By.RULE:
        return str(row[_FIELDS[by]] or NOBODY)
    if row["series"] is not None:
        return f"rule-{row['series']}"
    return f"{row['stopped']}-{row['by_tier'] or row['by_remedy'] or NOBODY}"


def _abouts(rows: list[dict[str, Any]], by: By, reader: Employee) -> dict[str, models.Model]:
    """The rule, tier, remedy, team or reason of each group, by its key."""
    if by == By.RULE:
        return dict(_stoppers(rows, reader))
    model: Any = _MODELS[by]
    found = model.objects.visible_to(reader).in_bulk([row[_FIELDS[by]] for row in rows])
    return {str(pk): about for pk, about in found.items()}


def _stoppers(rows: list[dict[str, Any]], reader: Employee) -> Iterator[tuple[str, models.Model]]:
    for rule in last_versions(reader).filter(series__in=[row["series"] for row in rows]):
        yield f"rule-{rule.series}", rule
    tiers = AuthorityTier.objects.visible_to(reader).in_bulk([row["by_tier"] for row in rows])
    remedies = Remedy.objects.visible_to(reader).in_bulk([row["by_remedy"] for row in rows])
    for row in rows:
        about: models.Model | None = tiers.get(row["by_tier"]) or remedies.get(row["by_remedy"])
        if about is not None:
            yield _key(row, By.RULE), about


def _number(text: str) -> int:
    """A row's number. Raises ValueError."""
    if not is_row_number(text):
        raise ValueError(text)
    return int(text)
