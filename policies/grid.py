"""The grid: how far each tier goes with each remedy, what makes it so, and what will change it.

Pure, as `authority.py` is, which weighs every cell. What must stay true: a cell says what would be
decided on the first remedy of a case of which only the reason is known, with all of the month left.
A rule that depends on more than that is told beside the limit and is not in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from policies.authority import options
from policies.decision import Bound, Decision
from policies.question import Question
from policies.rules import ReasonTerms, RemedyTerms, Rule, Rulebook


@dataclass(frozen=True, slots=True)
class TierTerms:
    """A tier: how far it goes in one case, at cost, and how far beyond that."""

    id: int
    name: str
    limit_per_case: Decimal
    grace_percent: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Coming:
    """From a moment on the limit is another one, or another rule is behind it."""

    at: datetime
    limit: Decimal
    binding: Bound


@dataclass(frozen=True, slots=True)
class Cell:
    """How far a tier goes with a remedy: the limit in the remedy's measure, and what binds.

    `also` are the rules, in force or to come, that hold only in some cases.
    """

    tier: TierTerms
    limit: Decimal
    binding: Bound
    also: tuple[Rule, ...]
    coming: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A remedy after these reasons, or, without any, after whatever has no row of its own."""

    remedy: RemedyTerms
    reasons: tuple[ReasonTerms, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of each remedy in use, *any reason* first, with a cell for each of the tiers."""

    tiers: tuple[TierTerms, ...]
    remedies: tuple[tuple[Row, ...], ...]

    @property
    def rules(self) -> set[int]:
        """The ids of all rules that are told of in it."""
        cells = [cell for rows in self.remedies for row in rows for cell in row.cells]
        bounds = [b for cell in cells for b in (cell.binding, *(c.binding for c in cell.coming))]
        behind = {bound.policy_id for bound in bounds if bound.policy_id is not None}
        return behind | {rule.id for cell in cells for rule in cell.also}


def grid_of(
    rulebook: Rulebook, tiers: Sequence[TierTerms], *, at: datetime, reason: int | None = None
) -> Grid:
    """The grid at this moment; with `reason`, one row a remedy: as it is after that reason.

    A reason has a row under *any reason* where one of its cells differs; reasons with equal cells
    share it.
    """
    return Grid(
        tuple(tiers),
        tuple(
            _rows(rulebook, remedy, tiers, at, reason)
            for remedy in rulebook.remedies
            if remedy.is_active
        ),
    )


def decision_of(
    rulebook: Rulebook, remedy: RemedyTerms, tier: TierTerms, reason: int | None, at: datetime
) -> Decision:
    """What is decided on the remedy in every case alike: the limit of one cell, and what binds."""
    always = replace(
        rulebook,
        remedies=(replace(remedy, is_active=True),),
        rules=tuple(r for r in rulebook.rules if r.covers(remedy.id) and holds_always(r)),
    )
    return _weighed(always, tier, reason, at)


def holds_always(rule: Rule) -> bool:
    """Whether it says the same in all cases of its remedies, reason codes and tiers."""
    if rule.conditions or rule.channels or rule.teams:
        return False
    if rule.effect == "forbid":
        return True
    return rule.per == "case" and rule.measure in ("amount", "quantity")


def is_about(rule: Rule, remedy: int, tier: int, reason: int | None) -> bool:
    """Whether the remedy, the tier and the reason are in its scope."""
    return (
        rule.covers(remedy)
        and (not rule.tiers or tier in rule.tiers)
        and (not rule.reason_codes or reason in rule.reason_codes)
    )


def _weighed(always: Rulebook, tier: TierTerms, reason: int | None, at: datetime) -> Decision:
    """The decision on the only remedy of a rulebook, whose rules hold always."""
    about = Question(
        at=at,
        limit=tier.limit_per_case,
        grace_percent=tier.grace_percent,
        tier_id=tier.id,
        reason_id=reason,
    )
    (decision,) = options(always, about)
    return decision


def _rows(
    rulebook: Rulebook,
    remedy: RemedyTerms,
    tiers: Sequence[TierTerms],
    at: datetime,
    only: int | None,
) -> tuple[Row, ...]:
    """A remedy's rows. A reason that no rule names goes as any reason does, and is not asked."""
    rules = [r for r in rulebook.rules if r.covers(remedy.id) and _matters(r, at)]
    of_remedy = replace(rulebook, remedies=(remedy,), rules=tuple(rules))
    if only is not None:
        cells = _cells(of_remedy, tiers, only, at)
        return (Row(remedy, tuple(r for r in rulebook.reasons if r.id == only), cells),)
    named = {reason for rule in rules for reason in rule.reason_codes}
    rows = [Row(remedy, (), _cells(of_remedy, tiers, None, at))]
    for reason in rulebook.reasons:
        if reason.is_active and reason.id in named:
            cells = _cells(of_remedy, tiers, reason.id, at)
            same = next((i for i, row in enumerate(rows) if row.cells == cells), None)
            if same is None:
                rows.append(Row(remedy, (reason,), cells))
            elif same:
                rows[same] = replace(rows[same], reasons=(*rows[same].reasons, reason))
    return tuple(rows)


def _cells(
    of_remedy: Rulebook, tiers: Iterable[TierTerms], reason: int | None, at: datetime
) -> tuple[Cell, ...]:
    (remedy,) = of_remedy.remedies
    always = replace(of_remedy, rules=tuple(r for r in of_remedy.rules if holds_always(r)))
    sometimes = [r for r in of_remedy.rules if not holds_always(r)]
    cells = []
    for tier in tiers:
        now = _weighed(always, tier, reason, at)
        cells.append(
            Cell(
                tier,
                now.limit,
                now.binding,
                also=tuple(r for r in sometimes if is_about(r, remedy.id, tier.id, reason)),
                coming=_coming(always, tier, reason, now, at),
            )
        )
    return tuple(cells)


def _coming(
    always: Rulebook, tier: TierTerms, reason: int | None, now: Decision, at: datetime
) -> tuple[Coming, ...]:
    """What changes when one of the rules starts or ends, in the order of time."""
    dates = {date for rule in always.rules for date in (rule.starts_at, rule.ends_at)}
    coming, before = [], now
    for date in sorted(date for date in dates if date is not None and date > at):
        then = _weighed(always, tier, reason, date)
        if _says(then) != _says(before):
            coming.append(Coming(date, then.limit, then.binding))
        before = then
    return tuple(coming)


def _says(decision: Decision) -> tuple[Decimal, int | None]:
    return decision.limit, decision.binding.policy_id


def _matters(rule: Rule, at: datetime) -> bool:
    """Whether it is in force or to come; a version that never comes into force is neither."""
    return rule.ends_at is None or rule.ends_at > max(at, rule.starts_at)
