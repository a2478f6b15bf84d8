"""Publishing rules: drafts become versions, and versions are never edited.

Saving a change publishes a new version from a date on, with the reason for the change; the
version before it ends there by itself. What must stay true: a published row never changes, no
rule starts before the moment it is published, every version after the first says why, and nobody
publishes what would let themselves give more.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from employees.models import Division, Employee
from policies.complete import SCOPES, refuse_incomplete
from policies.errors import AlreadyPublished, ReasonMissing, StartsInThePast
from policies.models import Condition, Policy, Status
from policies.own_rules import refuse_more_for_oneself


@transaction.atomic
def publish(
    draft: Policy,
    *,
    published_by: Employee | None,
    change_reason: str = "",
    starts_at: datetime | None = None,
    at: datetime | None = None,
) -> Policy:
    """Publish a draft as the next version of its series, from `starts_at` on (default: now).

    Raises AlreadyPublished, StartsInThePast, ReasonMissing, IncompleteRule or OwnRule; nothing is
    changed then.
    """
    if draft.status != Status.DRAFT:
        raise AlreadyPublished(f"“{draft.title}” is published; change it with a new version.")
    line_up(draft.division_id)
    at = at or timezone.now()
    starts_at = starts_at or draft.starts_at or at
    refuse_past(starts_at, at=at, ends=draft.withdrawn)
    draft.starts_at = starts_at
    if not draft.withdrawn:  # a rule that could no longer be written can still be ended
        refuse_incomplete(draft)
    if not Policy.objects.drafts().filter(pk=draft.pk).exists():
        raise AlreadyPublished(f"Someone else has just published “{draft.title}”.")
    refuse_more_for_oneself(draft, published_by, at=at)
    latest = _latest_version(draft.series)
    change_reason = (change_reason or draft.change_reason).strip()
    if latest and not change_reason:
        raise ReasonMissing("Say why the rule changes; the people who work by it will read it.")
    draft.version = latest + 1
    draft.status = Status.PUBLISHED
    draft.change_reason = change_reason
    draft.published_at = at
    draft.published_by = published_by
    draft.save()
    return draft


def line_up(division_id: int) -> Division:
    """The division, once nobody else publishes in it; until the transaction ends nobody will.

    Read the clock after this: a colleague's version may have begun while we waited, and one that
    began before it would erase it unseen.
    """
    return Division.objects.select_for_update(no_key=True).get(pk=division_id)


def refuse_past(starts_at: datetime, *, at: datetime, ends: bool = False) -> None:
    """Raise StartsInThePast for a moment before now; `ends` where a rule is to end then."""
    if starts_at < at:
        verb = "ends" if ends else "starts"
        raise StartsInThePast(f"A rule {verb} now or later, never in the past.")


@transaction.atomic
def new_version(published: Policy) -> Policy:
    """A draft that starts as a copy of a published version, scopes and conditions included."""
    draft = Policy.objects.get(pk=published.pk)
    conditions = list(draft.conditions.all())
    scopes = {name: list(getattr(draft, name).all()) for name in SCOPES}
    draft.pk = None
    draft._state.adding = True
    draft.status = Status.DRAFT
    draft.version = None
    draft.starts_at = draft.ends_at = draft.published_at = draft.published_by = None
    draft.change_reason = ""
    draft.withdrawn = False
    draft.save()
    for name, rows in scopes.items():
        getattr(draft, name).set(rows)
    for condition in conditions:
        condition.pk = None
        condition.policy = draft
    Condition.objects.bulk_create(conditions)
    return draft


@transaction.atomic
def withdraw(
    published: Policy,
    *,
    withdrawn_by: Employee | None,
    change_reason: str,
    starts_at: datetime | None = None,
    at: datetime | None = None,
) -> Policy:
    """End a rule from `starts_at` on (default: now), by a last version that withdraws it.

    Raises StartsInThePast, ReasonMissing or OwnRule.
    """
    last = new_version(published)
    last.withdrawn = True
    return publish(
        last,
        published_by=withdrawn_by,
        change_reason=change_reason,
        starts_at=starts_at,
        at=at,
    )


def new_series() -> uuid.UUID:
    """The name under which the versions of a new rule belong together."""
    return uuid.uuid4()


def _latest_version(series: uuid.UUID) -> int:
    published = Policy.objects.filter(series=series, status=Status.PUBLISHED)
    return published.aggregate(latest=Max("version"))["latest"] or 0
