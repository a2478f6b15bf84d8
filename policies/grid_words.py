"""The grid in words: what stands in a cell, and what is told on a click or below, on paper.

The grid tells which rules those are; their rows, read with `readable`, tell what they say.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from employees.models import AuthorityTier
from policies.decision import Bound, BoundKind
from policies.grid import Cell, Grid, Row
from policies.models import Effect, Policy
from policies.rules import RemedyTerms, Rule
from policies.sentences import by_channel, conditions_words, how_much, rule_sentence
from policies.words import any_of, measured, names

# Each origin by a colour and a word.
_MARKS = {
    BoundKind.TIER: ("plain", "tier"),
    BoundKind.GRANT: ("go", "grant"),
    BoundKind.RESTRICTION: ("edge", "restriction"),
    BoundKind.FORBIDDEN: ("stop", "forbidden"),
    BoundKind.REMEDY: ("plain", "remedy"),
}
_BEGINS = {Effect.GRANT: "up to", Effect.RESTRICT: "and at most", Effect.FORBID: "but never"}


@dataclass(frozen=True, slots=True)
class Note:
    """What is behind a limit, and why; numbered, for paper. `policy` is the rule's id, if any."""

    number: int
    title: str
    says: str = ""
    why: str = ""
    words: str = ""
    policy: int | None = None


@dataclass(frozen=True, slots=True)
class LimitWords:
    """A limit, with the colour and the word for where it comes from."""

    figure: str
    colour: str
    origin: str
    note: Note
    at: datetime | None = None  # from when on, where it is still to come


@dataclass(frozen=True, slots=True)
class AlsoWords:
    """A rule that holds only in some cases, in a few words; `at` where it is still to come."""

    words: str
    note: Note
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CellWords:
    """A cell: its limit, what holds only in some cases, and what changes it."""

    tier: int
    tier_name: str
    limit: LimitWords
    also: tuple[AlsoWords, ...]
    coming: tuple[LimitWords, ...]


@dataclass(frozen=True, slots=True)
class RowWords:
    """A row: the remedy, and after which reasons; "any reason" for the first."""

    remedy: RemedyTerms
    after: str
    reasons: tuple[str, ...]  # their codes
    cells: tuple[CellWords, ...]


class GridWords:
    """The grid, row by row, and the notes that its cells refer to, in the order of reading."""

    def __init__(
        self,
        grid: Grid,
        *,
        rules: Mapping[int, Policy],
        tiers: Iterable[AuthorityTier],
        at: datetime,
    ) -> None:
        self._rules, self._at = rules, at
        self._tiers = {tier.pk: tier for tier in tiers}
        self._in_short: dict[int, str] = {}
        self._notes: dict[tuple[str, int], Note] = {}
        self.remedies = [[self._row(row) for row in rows] for rows in grid.remedies]

    @property
    def notes(self) -> list[Note]:
        """All of them, by their numbers."""
        return list(self._notes.values())

    def _row(self, row: Row) -> RowWords:
        return RowWords(
            row.remedy,
            f"after {any_of(names(r.name for r in row.reasons))}" if row.reasons else "any reason",
            tuple(reason.code for reason in row.reasons),
            tuple(self._cell(row.remedy, cell) for cell in row.cells),
        )

    def _cell(self, remedy: RemedyTerms, cell: Cell) -> CellWords:
        tier = self._tiers[cell.tier.id]
        return CellWords(
            tier.pk,
            tier.name,
            limit_words(remedy, cell.limit, cell.binding, self._behind(remedy, tier, cell.binding)),
            tuple(self._also(rule) for rule in cell.also if rule.id in self._rules),
            tuple(
                limit_words(remedy, c.limit, c.binding, self._behind(remedy, tier, c.binding), c.at)
                for c in cell.coming
            ),
        )

    def _also(self, rule: Rule) -> AlsoWords:
        if rule.id not in self._in_short:
            self._in_short[rule.id] = also_words(self._rules[rule.id])
        starts = rule.starts_at if rule.starts_at > self._at else None
        return AlsoWords(self._in_short[rule.id], self._of_rule(rule.id), starts)

    def _behind(self, remedy: RemedyTerms, tier: AuthorityTier, bound: Bound) -> Note:
        if bound.policy_id is not None:
            return self._of_rule(bound.policy_id)
        if bound.kind == BoundKind.REMEDY:
            most = measured(remedy, remedy.most_in_a_case)
            told = {"title": remedy.name, "says": f"At most {most} in one case."}
            return self._note("remedy", remedy.id, lambda: told)
        told = {"title": f"The limit of {tier.name}", "why": tier.rationale}
        return self._note("tier", tier.pk, lambda: told)

    def _of_rule(self, version: int) -> Note:
        return self._note("rule", version, lambda: _rule_told(self._rules[version]))

    def _note(self, kind: str, key: int, told: Callable[[], dict[str, Any]]) -> Note:
        """The note, which is written once however many cells refer to it."""
        if (kind, key) not in self._notes:
            self._notes[kind, key] = Note(len(self._notes) + 1, **told())
        return self._notes[kind, key]


def _rule_told(row: Policy) -> dict[str, Any]:
    return {
        "title": row.title,
        "says": rule_sentence(row),
        "why": row.rationale,
        "words": row.customer_wording,
        "policy": row.pk,
    }


def limit_words(
    remedy: RemedyTerms, limit: Decimal, bound: Bound, note: Note, at: datetime | None = None
) -> LimitWords:
    """A limit and its origin in words."""
    colour, origin = _MARKS.get(bound.kind, ("plain", ""))
    return LimitWords(measured(remedy, limit) if limit else "nothing", colour, origin, note, at)


def also_words(policy: Policy) -> str:
    """What a rule adds in some cases: "and at most 100 % of the order", "but never by phone"."""
    conditions, teams = conditions_words(policy), any_of(names(policy.teams.all()))
    parts = [
        _BEGINS[Effect(policy.effect)],
        how_much(policy),
        f"in {teams}" if teams else "",
        by_channel(policy),
        f"when {conditions}" if conditions else "",
    ]
    return " ".join(part for part in parts if part)
