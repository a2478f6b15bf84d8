"""Publishing rules: drafts become versions, and versions are never edited.

Saving a change publishes a new version from a date on, with the reason for the change; the
version before it ends there by itself. What must stay true: a published row never changes, no
rule starts before the moment it is published, and every version after the first says why.
"""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from employees.models import Division, Employee
from policies.facts import (
    BUILT_IN,
    ORDER_OPERATORS,
    ORDERED,
    FactTerms,
    Operator,
    read_value,
    read_values,
)
from policies.models import AskedFact, Condition, Effect, Measure, Policy, Status
from policies.rulebook import fact_terms

LONGEST_WINDOW = 36_500  # days
SCOPES = ("reason_codes", "remedies", "tiers", "teams")


class PolicyError(Exception):
    """Something about a rule was refused."""

    code = "policy"


class AlreadyPublished(PolicyError):
    """A published version can't be published again or changed."""

    code = "already-published"


class StartsInThePast(PolicyError):
    """A rule can't start before it is published: decisions made until then stay as they were."""

    code = "starts-in-the-past"


class ReasonMissing(PolicyError):
    """A change of a rule needs a reason."""

    code = "reason-missing"


class IncompleteRule(PolicyError):
    """The rule says too little, or something that can't be meant; `errors` says what and where."""

    code = "incomplete-rule"

    def __init__(self, error: ValidationError) -> None:
        self.error = error
        super().__init__("; ".join(error.messages))


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

    Raises AlreadyPublished, StartsInThePast, ReasonMissing or IncompleteRule; nothing is changed
    then.
    """
    at = at or timezone.now()
    if draft.status != Status.DRAFT:
        raise AlreadyPublished(f"“{draft.title}” is published; change it with a new version.")
    starts_at = starts_at or draft.starts_at or at
    if starts_at < at:
        raise StartsInThePast("A rule starts now or later, never in the past.")
    draft.starts_at = starts_at
    if not draft.withdrawn:  # a rule that could no longer be written can still be ended
        refuse_incomplete(draft)
    # Two managers may publish versions of one series together: the division's row lines them up.
    Division.objects.select_for_update(no_key=True).get(pk=draft.division_id)
    if not Policy.objects.drafts().filter(pk=draft.pk).exists():
        raise AlreadyPublished(f"Someone else has just published “{draft.title}”.")
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

    Raises StartsInThePast or ReasonMissing.
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


def refuse_incomplete(policy: Policy) -> None:
    """Raise IncompleteRule unless the rule, its scopes and its conditions can be meant so."""
    try:
        policy.full_clean(exclude=["series", "published_by"])
        _refuse_other_divisions(policy)
        _refuse_unbounded(policy)
        _refuse_uncountable(policy)
        _refuse_never_told(policy)
        for condition in policy.conditions.all():
            refuse_bad_condition(policy, condition)
    except ValidationError as error:
        raise IncompleteRule(error) from error


def refuse_bad_condition(policy: Policy, condition: Condition) -> None:
    """Raise ValidationError unless the condition compares a fact that exists with a fit value."""
    fact = known_facts(policy.division_id).get(condition.fact)
    if fact is None:
        raise ValidationError(f"Nothing asks for a fact called “{condition.fact}”.")
    if condition.operator in ORDER_OPERATORS and fact.kind not in ORDERED:
        raise ValidationError(f"{fact.label.capitalize()} can't be compared as more or less.")
    if condition.window_days is not None and not fact.windowed:
        raise ValidationError(f"{fact.label.capitalize()} is not counted within days.")
    _refuse_odd_window(condition.window_days)
    read = read_values if condition.operator == Operator.IN else read_value
    read(fact, condition.value)


def known_facts(division_id: int) -> dict[str, FactTerms]:
    """Every fact a condition of this division can compare, by its key."""
    asked = AskedFact.objects.filter(reason_code__division=division_id)
    return BUILT_IN | {fact.key: fact_terms(fact) for fact in asked}


def _refuse_other_divisions(policy: Policy) -> None:
    for name in SCOPES:
        for row in getattr(policy, name).all():
            if row.division_id != policy.division_id:
                raise ValidationError(f"“{row}” belongs to another division.")


def _refuse_unbounded(policy: Policy) -> None:
    """A quantity, or a grant of a number of times, only says how much for remedies with units."""
    counted = policy.measure == Measure.QUANTITY or (
        policy.measure == Measure.TIMES and policy.effect == Effect.GRANT
    )
    if policy.effect == Effect.FORBID or not counted:
        return
    remedies = list(policy.remedies.all())
    if not remedies or any(remedy.costing != "per_unit" for remedy in remedies):
        raise ValidationError(
            "Name the remedies, and only ones given by quantity: for amounts of money, "
            "a number alone does not say how much."
        )


def _refuse_uncountable(policy: Policy) -> None:
    """Times and quantities are whole, and a window has a day in it."""
    counted = policy.measure in (Measure.TIMES, Measure.QUANTITY)
    if counted and policy.value is not None and policy.value % 1:
        raise ValidationError({"value": "Write a whole number."})
    _refuse_odd_window(policy.window_days)


def _refuse_never_told(policy: Policy) -> None:
    """A fact that a reason code does not ask for is never known there.

    A grant simply does not apply then; but a restriction would always hold, and nobody could tell
    what would lift it.
    """
    own = [c.fact for c in policy.conditions.all() if c.fact not in BUILT_IN]
    if policy.effect == Effect.GRANT or not own:
        return
    asked = [
        {fact.key for fact in reason.asked_facts.all()}
        for reason in policy.reason_codes.prefetch_related("asked_facts")
    ]
    if not asked or any(key not in keys for key in own for keys in asked):
        raise ValidationError(
            {
                "reason_codes": "Name the reason codes, and only ones that ask for what the "
                "conditions compare: elsewhere nobody could tell it, and the rule would always "
                "hold."
            }
        )


def _refuse_odd_window(days: int | None) -> None:
    if days is not None and not 1 <= days <= LONGEST_WINDOW:
        raise ValidationError(
            {"window_days": f"Count from 1 to {LONGEST_WINDOW:,} days; empty means ever."}
        )


def _latest_version(series: uuid.UUID) -> int:
    published = Policy.objects.filter(series=series, status=Status.PUBLISHED)
    return published.aggregate(latest=Max("version"))["latest"] or 0
