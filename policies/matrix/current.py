"""The rules that an export writes, and that the rows of a file are compared with.

A row is about a published rule first. Only a title that none of them has can be that of a draft,
of a rule that was never published: bringing the same file in twice makes no second one.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError

from employees.models import Division, Employee
from policies.matrix.columns import KEY
from policies.matrix.reading import read_moment
from policies.matrix.rows import moment_text, plain
from policies.models import Policy, Status


class Titles:
    """Rules by their titles: as they are written, else however they are capitalised."""

    def __init__(self) -> None:
        self._series: defaultdict[str, set[uuid.UUID]] = defaultdict(set)
        self._in_any_case: defaultdict[str, set[uuid.UUID]] = defaultdict(set)

    def add(self, rule: Policy) -> None:
        """Take a version in."""
        title = plain(rule.title)
        self._series[title].add(rule.series)
        self._in_any_case[title.lower()].add(rule.series)

    def find(self, title: str, *, several: str) -> uuid.UUID | None:
        """The series of the rule with this title. Raises ValidationError where it is of several."""
        found = self._series.get(title) or self._in_any_case.get(title.lower()) or set()
        if len(found) > 1:
            raise ValidationError({KEY: several})
        return next(iter(found), None)


class Current:
    """A division's rules in force and scheduled, with the days on which some are to end; drafts."""

    def __init__(self, versions: list[Policy], drafts: list[Policy]) -> None:
        self.rules = [version for version in versions if not version.withdrawn]
        self._by_series: defaultdict[uuid.UUID, list[Policy]] = defaultdict(list)
        self._drafts: defaultdict[uuid.UUID, list[Policy]] = defaultdict(list)
        self._called, self._drafts_called = Titles(), Titles()
        ends = {v.series: v.starts_at for v in versions if v.withdrawn}
        for rule in self.rules:
            withdrawn_at = ends.get(rule.series)
            if withdrawn_at and rule.starts_at and rule.starts_at < withdrawn_at:
                rule.ends_at = min(rule.ends_at or withdrawn_at, withdrawn_at)
            self._by_series[rule.series].append(rule)
            self._called.add(rule)
        for draft in drafts:
            self._drafts[draft.series].append(draft)
            self._drafts_called.add(draft)

    @classmethod
    def of(cls, division: Division, *, seen_by: Employee, at: datetime) -> Self:
        """Read them, in a fixed number of queries."""
        rows = Policy.objects.visible_to(seen_by).filter(division=division)
        rows = rows.current(at) | rows.never_published()
        found = list(rows.readable().order_by("title", "series", "starts_at", "pk"))
        drafts = [row for row in found if row.status == Status.DRAFT]
        return cls(
            [row for row in found if row.status != Status.DRAFT],
            sorted(drafts, key=lambda draft: draft.starts_at is not None),
        )

    def versions(self, series: uuid.UUID) -> list[Policy]:
        """The versions of a rule that hold or are to hold, in the order of their starts."""
        return self._by_series.get(series, [])

    def meant_by(self, cells: Mapping[str, str]) -> tuple[Policy | None, uuid.UUID | None]:
        """The version or draft that a row is about, if there is one; and its rule id, if not ours.

        Raises ValidationError by column.
        """
        series, foreign = _series_in(cells.get("rule_id", "")), None
        if series is not None and series not in self._by_series:
            series, foreign = None, series
        if series is None:
            series = self._called_so(cells.get(KEY, ""))
        if series is None:
            return None, foreign
        versions = self.versions(series) or self._drafts[series]
        return _meant(versions, cells.get("starts_at", "")), foreign

    def _called_so(self, title: str) -> uuid.UUID | None:
        """The series of the rule with this title, or else of the draft."""
        return self._called.find(
            title, several="Several rules are called so. Export them, and keep their rule ids."
        ) or self._drafts_called.find(
            title, several="Several drafts are called so. Delete all but one, or rename them."
        )


def _meant(versions: list[Policy], starts: str) -> Policy:
    """Of several versions the one that starts then; else the last that holds by then."""
    written = [version for version in versions if moment_text(version.starts_at) == starts]
    if written:
        return written[0]
    try:
        moment = read_moment(starts)
    except (ValueError, ValidationError):
        moment = None
    begun = [v for v in versions if moment and v.starts_at and v.starts_at <= moment]
    return begun[-1] if begun else versions[0]


def _series_in(text: str) -> uuid.UUID | None:
    """The rule id in a cell. Raises ValidationError."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        words = (
            "This is no rule id. Leave it empty in a sheet of your own: the title names the rule."
        )
        raise ValidationError({"rule_id": words}) from error
