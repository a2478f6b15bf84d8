"""The handbook: the rules in force for one person, each with its why and the words to say.

The rulebook tells which rules those are and from when to when; their rows tell what they say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from employees.models import Employee
from policies.models import Effect, Policy, Remedy
from policies.rules import Rule, Rulebook
from policies.sentences import costing_words, notes, rule_sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule in words; `starts_at` stands where it is still to come, `ends_at` where it ends."""

    policy: Policy
    sentence: str
    notes: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rules of a kind."""

    key: str
    title: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class RemedyEntry:
    """A remedy in words."""

    remedy: Remedy
    costs: str


def is_about(rule: Rule, employee: Employee) -> bool:
    """Whether the rule is about this person's tier and team."""
    return (not rule.tiers or employee.tier_id in rule.tiers) and (
        not rule.teams or employee.team_id in rule.teams
    )


def rules_to_come(rulebook: Rulebook, employee: Employee, *, at: datetime) -> list[Rule]:
    """The rules about this person that start after this moment, the next first."""
    coming = [r for r in rulebook.rules if r.starts_at > at and not _never_starts(r)]
    return sorted(
        (rule for rule in coming if is_about(rule, employee)), key=lambda rule: rule.starts_at
    )


def chapters_for(
    employee: Employee, rulebook: Rulebook, *, at: datetime, words: str = ""
) -> list[Chapter]:
    """The rules in force and to come, hard rules first; with `words`, those that hold them all."""
    rules = {
        rule.id: rule
        for rule in rulebook.rules
        if is_about(rule, employee)
        and not _never_starts(rule)
        and (rule.ends_at is None or rule.ends_at > at)
    }
    rows = Policy.objects.visible_to(employee).filter(pk__in=rules).readable()
    entries = [_entry(row, rules[row.pk], at) for row in rows.order_by("title", "pk")]
    found = [entry for entry in entries if _holds(words, _texts(entry))]
    chapters = [
        Chapter("hard", "What nobody may do", _of(found, Effect.FORBID)),
        Chapter("owed", "What the customer is owed", _of(found, Effect.GRANT, owed=True)),
        Chapter("grants", "Where your word goes further", _of(found, Effect.GRANT)),
        Chapter("limits", "How much at most", _of(found, Effect.RESTRICT)),
    ]
    return [chapter for chapter in chapters if chapter.entries]


def remedies_for(employee: Employee, *, words: str = "") -> list[RemedyEntry]:
    """What can be given, with what it costs; with `words`, those that hold them all."""
    rows = Remedy.objects.visible_to(employee).filter(is_active=True).select_related("division")
    return [
        RemedyEntry(row, costing_words(row))
        for row in rows
        if _holds(words, (row.name, row.rationale, row.customer_wording))
    ]


def _entry(row: Policy, rule: Rule, at: datetime) -> Entry:
    return Entry(
        policy=row,
        sentence=rule_sentence(row),
        notes=tuple(notes(row)),
        starts_at=rule.starts_at if rule.starts_at > at else None,
        ends_at=rule.ends_at,
    )


def _of(entries: Iterable[Entry], effect: str, *, owed: bool = False) -> list[Entry]:
    return [e for e in entries if e.policy.effect == effect and e.policy.entitlement == owed]


def _never_starts(rule: Rule) -> bool:
    """Whether a later version takes over before this one begins."""
    return rule.ends_at is not None and rule.ends_at <= rule.starts_at


def _texts(entry: Entry) -> tuple[str, ...]:
    policy = entry.policy
    return policy.title, entry.sentence, policy.rationale, policy.customer_wording


def _holds(words: str, texts: Iterable[str]) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())
