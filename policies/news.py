"""What changed in the rules since someone last looked: what is new, changed, or no longer there.

Told of each rule once, from what it said then to what it says now, whatever lies between; with
the reasons of every change. A version that came and went meanwhile is no news.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from django.db.models import Q

from employees.models import Employee
from policies.models import Policy
from policies.versions import Difference, Standing, differences, end_of, standing_of


class Mark(StrEnum):
    """What is said of a rule that is not as it was."""

    NEW = "New"
    CHANGED = "Changed"
    GONE = "No longer"


@dataclass(frozen=True, slots=True)
class News:
    """One thing that changed: the version that it is about, from when on, and why.

    What is no longer there is told by the version that held; `differences` are from what the rule
    said at the last visit.
    """

    mark: Mark
    policy: Policy
    at: datetime
    reasons: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


def something_happened(since: datetime, at: datetime) -> Q:
    """The filter for versions that were published, came into force or ended between the two."""
    return (
        Q(published_at__gt=since)
        | Q(starts_at__gt=since, starts_at__lte=at)
        | Q(ends_at__gt=since, ends_at__lte=at)
    )


def news_for(
    rows: Iterable[Policy], employee: Employee, *, since: datetime, at: datetime
) -> list[News]:
    """What is news to this person, the latest first.

    `rows` are published versions, whole series of them, read with `readable` and
    `with_successor`.
    """
    by_series: defaultdict[object, list[Policy]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.version or 0):
        by_series[row.series].append(row)
    found = [
        news
        for versions in by_series.values()
        for news in _Series(versions, employee, since, at).news()
    ]
    return sorted(found, key=lambda news: news.at, reverse=True)


@dataclass(frozen=True, slots=True)
class _Series:
    """The published versions of one rule, the first one first."""

    versions: Sequence[Policy]
    employee: Employee
    since: datetime
    at: datetime

    def news(self) -> list[News]:
        """What there is to tell of it."""
        return [*self._holds_now(), *self._is_coming()] or list(self._was_called_off())

    def _holds_now(self) -> Iterator[News]:
        """What took over, or ended, since."""
        known, now = self._holding(self.since), self._holding(self.at)
        if now is not None and now is not known:
            yield self._became(now, known)
        if known is not None and now is None:
            instead = [v for v in self._after(known) if _starts(v) <= self.at]
            yield News(Mark.GONE, known, end_of(known) or self.at, _why(instead))

    def _is_coming(self) -> Iterator[News]:
        """What was announced since, each next to what will hold until then."""
        before = self._holding(self.at)
        for version in self.versions:
            if standing_of(version, self.at) != Standing.SCHEDULED:
                continue
            mine = not version.withdrawn and version.is_about(self.employee)
            if _published(version) > self.since:
                if mine:
                    yield self._became(version, before)
                elif before is not None:
                    yield News(Mark.GONE, before, _starts(version), _why([version]))
            before = version if mine else None

    def _was_called_off(self) -> Iterator[News]:
        """What was to come, as things stood at the last visit, and will not."""
        for version in self.versions:
            later = self._after(version)
            was_to_come = (
                version.is_about(self.employee)
                and not version.withdrawn
                and _published(version) <= self.since
                and _starts(version) > self.at
                and not any(_published(v) <= self.since for v in later)
            )
            if was_to_come and standing_of(version, self.at) == Standing.PAST:
                yield News(Mark.GONE, version, _published(later[0]), _why(later))

    def _became(self, version: Policy, before: Policy | None) -> News:
        """The version as news: next to the one before it, if there was one."""
        if before is None:
            reasons = _why([version])
            return News(Mark.NEW, version, _starts(version), reasons)
        between = [v for v in self._after(before) if (v.version or 0) <= (version.version or 0)]
        changed = tuple(differences(before, version))
        return News(Mark.CHANGED, version, _starts(version), _why(between), changed)

    def _holding(self, moment: datetime) -> Policy | None:
        """The version that held at a moment, if it is about this person."""
        for version in self.versions:
            if standing_of(version, moment) == Standing.IN_FORCE:
                return version if version.is_about(self.employee) else None
        return None

    def _after(self, version: Policy) -> list[Policy]:
        return [v for v in self.versions if (v.version or 0) > (version.version or 0)]


def _why(versions: Iterable[Policy]) -> tuple[str, ...]:
    return tuple(v.change_reason for v in versions if v.change_reason)


def _starts(version: Policy) -> datetime:
    return cast("datetime", version.starts_at)  # the database keeps a published version dated


def _published(version: Policy) -> datetime:
    return cast("datetime", version.published_at)
