"""The limit advisor: which limits refuse what costs less to give than to refuse.

Refusing is not free: someone asks, someone waits and someone decides. What must stay true: a
figure rests on what was refused in the period and on the division's own costs, and on nothing
else. All amounts are in the division's currency; what is given is counted at cost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q

from employees.models import AuthorityTier, Division
from employees.money import quantize
from policies.decision import BoundKind
from policies.grid import Cell, Row, grid_of
from policies.models import Measure, Policy, Remedy
from policies.rulebook import rulebook_of
from policies.rules import UNLIMITED, RemedyTerms, Rule
from policies.set_limit import tier_terms
from resolutions.measure import measure_of
from resolutions.models import AuthorityGap

# What a higher limit would have let through; what a used-up month or a hard rule refused, not.
_A_LIMIT = (BoundKind.TIER, BoundKind.RESTRICTION)


@dataclass(frozen=True, slots=True)
class Refused:
    """Refusals that were alike, and how many there were."""

    tier: int | None
    remedy: int
    reason: int | None
    rule: UUID | None  # the series of the rule that refused it; None for the tier's own limit
    measure: Decimal
    cost: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What refusals come to: how many, what giving would have cost, and what refusing did."""

    count: int = 0
    cost_of_giving: Decimal = Decimal(0)
    cost_of_refusing: Decimal = Decimal(0)

    @property
    def saving(self) -> Decimal:
        """What giving instead of refusing would have left over."""
        return self.cost_of_refusing - self.cost_of_giving


@dataclass(frozen=True, slots=True)
class Advice:
    """A limit that lies below what refusing costs, a limit that does not, and what it brings.

    `limit` and `suggested` are in the remedy's measure, `level` is at cost.
    """

    row: Row
    cell: Cell
    level: Decimal
    suggested: Decimal
    expected: Sum
    rule: Rule | None  # whose limit it is; None where it is the tier's own

    @property
    def by_tier(self) -> bool:
        """Whether the tier's own limit is what is too low, and not a rule."""
        return self.rule is None

    @property
    def limit_per_case(self) -> Decimal:
        """The tier's limit that lets the suggested measure through, at cost."""
        return self.row.remedy.cost_of(self.suggested)

    @property
    def figure(self) -> Decimal:
        """The suggested measure as the rule's value, which is an amount or a quantity."""
        if self.rule is not None and self.rule.measure == Measure.AMOUNT:
            return self.row.remedy.face_value_of(self.suggested)
        return self.suggested


@dataclass(frozen=True)
class Advisor:
    """All that is to be said of one division's limits, by what was refused in a period."""

    division: Division
    at: datetime
    refused_in: Q

    def level(self, remedy: RemedyTerms) -> Decimal:
        """What one refusal costs: an approval, and a return where giving would have saved it.

        Below it, refusing costs more than giving (DESIGN.md §6).
        """
        saved = self.division.return_cost if remedy.id in self._avoiding else Decimal(0)
        return self.division.approval_cost + saved

    @cached_property
    def advice(self) -> list[Advice]:
        """The limits that lie below, the one that would have saved most first."""
        tiers = [tier_terms(t) for t in AuthorityTier.objects.filter(division=self.division)]
        grid = grid_of(rulebook_of(self.division), tiers, at=self.at)
        found = [a for rows in grid.remedies for row in rows for a in self._below(row, rows)]
        return sorted(found, key=lambda advice: -advice.expected.saving)

    @cached_property
    def under_level(self) -> Sum:
        """What limits refused in the period although it cost less than the level."""
        levels = {r.id: self.level(r) for r in rulebook_of(self.division).remedies}
        return self._sum([r for r in self._refused if r.cost < levels[r.remedy]])

    def _below(self, row: Row, rows: Sequence[Row]) -> Iterator[Advice]:
        remedy, level = row.remedy, self.level(row.remedy)
        enough = min(remedy.most_for_cost(level), remedy.most_in_a_case)
        if enough in (UNLIMITED, 0):
            return
        suggested = min(sensible(enough, remedy), remedy.most_in_a_case)
        of_row = {reason.id for reason in row.reasons}
        of_others = {reason.id for other in rows for reason in other.reasons}
        for cell in row.cells:
            if cell.limit >= enough or cell.binding.kind not in _A_LIMIT:
                continue
            rule = self._rules.get(cell.binding.policy_id or 0)
            let_through = [
                r
                for r in self._refused
                if (r.tier, r.remedy) == (cell.tier.id, remedy.id)
                and (r.reason in of_row if of_row else r.reason not in of_others)
                and r.rule == (rule and self._series[rule.id])
                and r.measure <= suggested
            ]
            yield Advice(row, cell, level, suggested, self._sum(let_through), rule)

    def _sum(self, refused: Sequence[Refused]) -> Sum:
        levels = {r.id: self.level(r) for r in rulebook_of(self.division).remedies}
        return Sum(
            sum(r.count for r in refused),
            sum((r.cost * r.count for r in refused), Decimal(0)),
            sum((levels[r.remedy] * r.count for r in refused), Decimal(0)),
        )

    @cached_property
    def _avoiding(self) -> set[int]:
        return Remedy.objects.avoiding_returns(self.division)

    @cached_property
    def _rules(self) -> dict[int, Rule]:
        return {rule.id: rule for rule in rulebook_of(self.division).rules}

    @cached_property
    def _series(self) -> dict[int, UUID]:
        """Of each rule in the rulebook: a refusal may be by an earlier version of it."""
        rules = Policy.objects.filter(division=self.division, pk__in=self._rules).order_by()
        return dict(rules.values_list("pk", "series"))

    @cached_property
    def _refused(self) -> list[Refused]:
        """What limits refused in the period, alike together."""
        gaps = AuthorityGap.objects.filter(self.refused_in, division=self.division)
        by_limits = gaps.filter(remedy__isnull=False, bound__in=_A_LIMIT).order_by()
        counted = by_limits.values_list(
            "tier", "remedy", "reason_code", "policy__series", "quantity", "face_value", "cost"
        ).annotate(count=Count("pk"))
        return [
            Refused(tier, remedy, reason, rule, measure_of(face, quantity), cost, count)
            for tier, remedy, reason, rule, quantity, face, cost, count in counted
        ]


def sensible(measure: Decimal, remedy: RemedyTerms) -> Decimal:
    """An amount rounded up to two figures, as one would set a limit: 8.40, 13, 20, 470."""
    if remedy.by_quantity or not measure:
        return measure
    rounded = measure.quantize(Decimal(1).scaleb(measure.adjusted() - 1), ROUND_UP)
    return quantize(rounded, remedy.currency)
