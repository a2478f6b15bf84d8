"""The handbook: what one person may give and the rules for them, each with why and words to say.

The rulebook tells which rules those are and from when to when; their rows tell what they say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from employees.models import Employee
from policies.acknowledge import read_at
from policies.how_far import HowFar, how_far
from policies.models import Effect, Policy, Remedy
from policies.news import News, news_for, something_happened
from policies.rules import ReasonTerms, Rule, Rulebook
from policies.sentences import costing_words, rule_sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule in words; `starts_at` stands where it is still to come, `ends_at` where it ends.

    `read_at` is when this person confirmed it, if it is a hard rule and they have.
    """

    policy: Policy
    sentence: str
    starts_at: datetime | None
    ends_at: datetime | None
    news: tuple[News, ...] = ()
    read_at: datetime | None = None

    @property
    def to_read(self) -> bool:
        """Whether it asks to be confirmed."""
        return self.policy.effect == Effect.FORBID and self.read_at is None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rules of a kind."""

    key: str
    title: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class RemedyEntry:
    """A remedy in words, and how far one's word goes with it."""

    remedy: Remedy
    costs: str
    how_far: HowFar


@dataclass(frozen=True, slots=True)
class Handbook:
    """What the page shows."""

    news: Sequence[News]
    hard: Chapter | None
    remedies: Sequence[RemedyEntry]
    chapters: Sequence[Chapter]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.hard or self.remedies or self.chapters)


def rules_to_come(rulebook: Rulebook, employee: Employee, *, at: datetime) -> list[Rule]:
    """The rules about this person that start after this moment, the next first."""
    coming = [rule for rule in _rules_for(rulebook, employee, at) if rule.starts_at > at]
    return sorted(coming, key=lambda rule: rule.starts_at)


def open_handbook(
    employee: Employee,
    rulebook: Rulebook,
    *,
    at: datetime,
    since: datetime | None = None,
    words: str = "",
    reason: ReasonTerms | None = None,
) -> Handbook:
    """The rules in force and to come, and what can be given now.

    With `words`, only what holds them all; with `reason`, only what is about it, or about all;
    with `since`, what changed from then on is marked.
    """
    rules = {rule.id: rule for rule in _rules_for(rulebook, employee, at)}
    rows = _rows(employee, rules, since, at)
    news = news_for(rows.values(), employee, since=since, at=at) if since else []
    read = read_at(employee, (i for i, rule in rules.items() if rule.effect == Effect.FORBID))
    reason_id = reason.id if reason else None
    entries = [
        _entry(row, rules[row.pk], at, news, read.get(row.pk))
        for row in rows.values()
        if row.pk in rules and rules[row.pk].is_after(reason_id)
    ]
    found = [entry for entry in entries if _holds(words, _texts(entry))]
    hard, *others = (
        Chapter("hard", "What nobody may do", _of(found, Effect.FORBID)),
        Chapter("owed", "What the customer is owed", _of(found, Effect.GRANT, owed=True)),
        Chapter("grants", "Where your word goes further", _of(found, Effect.GRANT)),
        Chapter("limits", "How much at most", _of(found, Effect.RESTRICT)),
    )
    reaches = how_far(employee, rulebook, rows, at=at, reason_id=reason_id)
    return Handbook(
        news=news,
        hard=hard if hard.entries else None,
        remedies=_remedies(employee, reaches, words),
        chapters=[chapter for chapter in others if chapter.entries],
    )


def _rules_for(rulebook: Rulebook, employee: Employee, at: datetime) -> list[Rule]:
    """The rules about this person that hold or are to come."""
    return [
        rule
        for rule in rulebook.rules
        if rule.concerns(employee.tier_id, employee.team_id)
        and (rule.ends_at is None or rule.ends_at > max(at, rule.starts_at))
    ]


def _rows(
    employee: Employee, rules: Iterable[int], since: datetime | None, at: datetime
) -> dict[int, Policy]:
    """The rows of these rules, by title, and all versions of those that changed since."""
    wanted = Q(pk__in=list(rules))
    published = Policy.objects.visible_to(employee).filter(status="published")
    if since:
        changed = published.filter(something_happened(since, at))
        wanted |= Q(series__in=changed.values("series"))
    rows = published.filter(wanted).readable().with_successor().order_by("title", "pk")
    return {row.pk: row for row in rows}


def _remedies(
    employee: Employee, reaches: Mapping[int, HowFar], words: str
) -> Sequence[RemedyEntry]:
    """What can be given, and last what can't."""
    rows = Remedy.objects.visible_to(employee).filter(pk__in=reaches).select_related("division")
    found = [
        RemedyEntry(row, costing_words(row), reaches[row.pk])
        for row in rows
        if _holds(words, (row.name, row.rationale, row.customer_wording))
    ]
    return sorted(found, key=lambda entry: entry.how_far.is_never)


def _entry(
    row: Policy, rule: Rule, at: datetime, news: Iterable[News], read: datetime | None
) -> Entry:
    return Entry(
        policy=row,
        sentence=rule_sentence(row),
        starts_at=rule.starts_at if rule.starts_at > at else None,
        ends_at=rule.ends_at,
        news=tuple(n for n in news if n.policy.pk == row.pk),
        read_at=read,
    )


def _of(entries: Iterable[Entry], effect: str, *, owed: bool = False) -> list[Entry]:
    return [e for e in entries if e.policy.effect == effect and e.policy.entitlement == owed]


def _texts(entry: Entry) -> tuple[str, ...]:
    policy = entry.policy
    return policy.title, entry.sentence, policy.rationale, policy.customer_wording


def _holds(words: str, texts: Iterable[str]) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())
