"""The versions of a rule: where each stands, and what changed from one to the next.

Published versions never change, so that their row is their history.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Min
from django.utils import timezone

from policies import sentences
from policies.models import Policy, Status


class Standing(models.TextChoices):
    """Where a version stands at a moment."""

    IN_FORCE = "in-force", "In force"
    SCHEDULED = "scheduled", "Scheduled"
    PAST = "past", "Past"
    DRAFT = "draft", "Draft"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a version says differently from the version before it."""

    what: str
    before: str
    after: str


def end_of(policy: Policy) -> datetime | None:
    """When it ends: by its own date or by its successor's start, whichever comes first.

    Reads `taken_over_at`, which `PolicyQuerySet.with_successor` gives each row.
    """
    return _first_of(policy.ends_at, getattr(policy, "taken_over_at", None))


def end_to_keep(policy: Policy, at: datetime) -> datetime | None:
    """When the rule is to end, whatever a version from `at` on says of it instead.

    By its own date, or by a withdrawal to come. A version to come ends nothing: it is replaced.
    """
    scheduled = Policy.objects.scheduled(at).filter(series=policy.series, withdrawn=True)
    return _first_of(policy.ends_at, scheduled.aggregate(first=Min("starts_at"))["first"])


def _first_of(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)


def has_one_to_come(versions: Collection[int], at: datetime) -> bool:
    """Whether one of these rules is to say something else from a later moment on."""
    series = Policy.objects.filter(pk__in=versions).values("series")
    return Policy.objects.scheduled(at).filter(series__in=series, withdrawn=False).exists()


def standing_of(policy: Policy, at: datetime) -> Standing:
    """Where a version, read with its successor, stands at this moment."""
    if policy.status == Status.DRAFT or policy.starts_at is None:
        return Standing.DRAFT
    end = end_of(policy)
    if end is not None and end <= max(at, policy.starts_at):
        return Standing.PAST
    if policy.starts_at > at:
        return Standing.SCHEDULED
    return Standing.PAST if policy.withdrawn else Standing.IN_FORCE


def versions_of(policy: Policy) -> list[Policy]:
    """All versions of the rule's series, the newest first, drafts before them; readable."""
    rows = Policy.objects.filter(series=policy.series, division=policy.division_id)
    return sorted(
        rows.readable().with_successor().select_related("published_by"),
        key=lambda row: (row.version is None, row.version or row.pk),
        reverse=True,
    )


def differences(before: Policy, after: Policy) -> list[Difference]:
    """What the later version says differently, in words, both read with `readable`."""
    if after.withdrawn:
        return [Difference("Rule", "in force", "withdrawn")]
    return [
        Difference(what, old, new)
        for (what, old), (_, new) in zip(_lines(before), _lines(after), strict=True)
        if old != new
    ]


def with_differences(versions: Sequence[Policy]) -> list[tuple[Policy, list[Difference]]]:
    """Each version, newest first, with what it changed; drafts compare with the last published."""
    pairs = []
    for i, version in enumerate(versions):
        earlier = next((v for v in versions[i + 1 :] if v.status == Status.PUBLISHED), None)
        pairs.append((version, differences(earlier, version) if earlier else []))
    return pairs


def _lines(policy: Policy) -> list[tuple[str, str]]:
    """Everything a version says, line by line."""
    return [
        ("Title", policy.title),
        ("Effect", sentences.effect_words(policy)),
        ("How much", sentences.how_much(policy) or "not at all"),
        ("Covers", sentences.scope_words(policy)),
        ("Only if", sentences.conditions_words(policy) or "always"),
        ("Also", "; ".join(sentences.notes(policy)) or "nothing more"),
        ("Why", policy.rationale),
        ("Words to the customer", policy.customer_wording),
        ("Ends", _moment(policy.ends_at) if policy.ends_at else "open"),
    ]


def _moment(moment: datetime) -> str:
    """As whoever reads it has the time of day."""
    return f"{timezone.localtime(moment):%-d %B %Y, %H:%M}"


def may_be_changed(policy: Policy, at: datetime) -> bool:
    """Whether a change starts from this version: what holds, is to hold, or was the last word.

    Of a version that is past, and has successors, there is nothing to change.
    """
    if policy.status == Status.DRAFT:
        return True
    row = Policy.objects.with_successor().get(pk=policy.pk)
    if standing_of(row, at) in (Standing.IN_FORCE, Standing.SCHEDULED):
        return True
    newer = Policy.objects.filter(series=policy.series, status=Status.PUBLISHED)
    return not newer.filter(version__gt=policy.version or 0).exists()
