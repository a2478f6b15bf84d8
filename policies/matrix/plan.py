"""What a file would do: for each of its rows the rule that is meant, and what would change.

Nothing is written or locked here, and nothing is asked of the database for a single row.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.core.exceptions import ValidationError

from employees.models import Employee
from policies.matrix.checks import add, check, refuse_more_for_oneself
from policies.matrix.codes import Codes
from policies.matrix.columns import BY_NAME, KEY, Column
from policies.matrix.current import Current
from policies.matrix.reading import Errors, read_cells
from policies.matrix.rows import cells_of, moment_text
from policies.matrix.sketch import sketch_of
from policies.matrix.table import Line, Table
from policies.models import Policy, Status
from policies.publish import new_series


class What(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """A column that a row would change: its label, and what it says before and after."""

    label: str
    before: str
    after: str

    @classmethod
    def of(cls, column: Column, before: str, after: str) -> Self:
        """The change of a cell; an empty one is told as what it means."""
        return cls(column.label, before or column.empty, after or column.empty)


@dataclass(slots=True)
class Planned:
    """A row with the rule that it changes, if there is one, and the rule as it would be."""

    line: int
    base: Policy | None
    rule: Policy
    what: What
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)

    @property
    def of_draft(self) -> bool:
        """Whether it changes a draft of a rule that was never published."""
        return self.base is not None and self.base.status == Status.DRAFT

    def holds_from(self, at: datetime) -> datetime:
        """When it would start to hold, published at this moment."""
        return max(self.rule.starts_at or at, at)


@dataclass
class Planner:
    """Plans the rows of one file. `publisher` is who would publish them; None for drafts."""

    codes: Codes
    current: Current
    at: datetime
    publisher: Employee | None
    _met: dict[object, int] = field(default_factory=dict)
    _series: defaultdict[uuid.UUID, uuid.UUID] = field(
        default_factory=lambda: defaultdict(new_series)
    )

    def plan(self, table: Table) -> list[Planned]:
        """Every row of the file, in its order, with what it would do."""
        planned = [self._plan_line(line) for line in table.lines]
        if self.publisher is not None:
            self._keep_what_comes_later(planned)
        return planned

    def _plan_line(self, line: Line) -> Planned:
        notes: list[str] = []
        errors = {name: list(found) for name, found in line.errors.items()}
        base, foreign = self._meant_by(line, errors)
        rule = sketch_of(base, self.codes, line.number)
        if foreign is not None:
            notes.append("No rule here has this rule id: the title says which one is meant.")
            if base is None:
                rule.series = self._series[foreign]
        said = cells_of(base, self.codes) if base is not None else {}
        cells = {name: text for name, text in line.cells.items() if name not in line.errors}
        for name, found in read_cells(rule, cells, self.codes, said=said).items():
            errors.setdefault(name, []).extend(found)
        past = self._take_past_start_for_now(rule, base)
        says = cells_of(rule, self.codes) if not errors else {}
        changes = [
            Change.of(BY_NAME[name], said.get(name, ""), text)
            for name, text in says.items()
            if name != "rule_id" and text != said.get(name, "")
        ]
        planned = Planned(line.number, base, rule, What.NEW, changes, notes, errors)
        planned.what = what = self._what_becomes_of(planned)
        if what == What.CHANGED and planned.of_draft:
            how = "is published as this row says" if self.publisher else "is changed"
            notes.append(f"This title is that of a draft, which {how}.")
        if what != What.SAME or errors:
            if past and line.cells.get("starts_at"):
                notes.append("Its start is past: it holds from the moment it is published.")
            self._check(planned)
        return planned

    def _what_becomes_of(self, planned: Planned) -> What:
        """A draft that is published becomes a rule, also where the row says what it says."""
        if planned.base is None:
            return What.NEW
        is_published = planned.of_draft and self.publisher is not None
        return What.CHANGED if planned.changes or is_published else What.SAME

    def _meant_by(self, line: Line, errors: Errors) -> tuple[Policy | None, uuid.UUID | None]:
        """The rule that the row is about, and its rule id where it is none of ours."""
        try:
            base, foreign = self.current.meant_by(line.cells)
        except ValidationError as error:
            add(errors, error)
            return None, None
        title = line.cells.get(KEY, "")
        starts = line.cells.get("starts_at") if foreign else ""
        key: object = base.pk if base else (title.lower(), foreign, starts)
        first = self._met.setdefault(key, line.number)
        if first != line.number and (title or base):
            column = "rule_id" if line.cells.get("rule_id") else KEY
            words = f"Line {first} is about the same rule. Leave one of them."
            errors.setdefault(column, []).append(words)
        return base, foreign

    def _take_past_start_for_now(self, rule: Policy, base: Policy | None) -> bool:
        """A past or empty start means now; of a rule that holds, it stays. Whether it was past."""
        past = rule.starts_at is not None and rule.starts_at <= self.at
        if past or rule.starts_at is None:
            started = base.starts_at if base is not None and base.status != Status.DRAFT else None
            rule.starts_at = started if started is not None and started <= self.at else None
        return past

    def _check(self, planned: Planned) -> None:
        rule = planned.rule
        holds_from, facts = planned.holds_from(self.at), self.codes.facts
        check(rule, planned.errors, holds_from=holds_from, facts=facts)
        if self.publisher is not None and not planned.errors:
            versions = self.current.versions(rule.series)
            refuse_more_for_oneself(rule, versions, self.publisher, planned.errors)

    def _keep_what_comes_later(self, planned: Sequence[Planned]) -> None:
        """What starts now overtakes the versions that are to come: they are published again.

        A file that does not have them would drop them unseen, and is refused.
        """
        by_base = {row.base.pk: row for row in planned if row.base is not None}
        for row in planned:
            if row.base is None or row.what != What.CHANGED or row.errors:
                continue
            for version in self.current.versions(row.base.series):
                starts = version.starts_at
                if version == row.base or starts is None or starts < row.holds_from(self.at):
                    continue
                if (later := by_base.get(version.pk)) is None:
                    row.errors.setdefault(KEY, []).append(
                        f"From {moment_text(starts)} on another version of this rule is to hold, "
                        "which this file does not have. Export the rules again, and start there."
                    )
                elif later.what == What.SAME:
                    later.what = What.CHANGED
                    later.notes.append("Published again, so that it still follows the row before.")
