"""Starting a trial of a draft, of another figure of a rule, or of another limit of a tier.

What must stay true: a trial is about rows of its own division, and its managers start it. Small
ones run while someone waits; others wait for a runner, see `runner.py`.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee, Role
from employees.money import refuse_too_many_places
from policies.complete import refuse_contradictions
from policies.models import Effect, Policy, Status
from policies.publish import new_version
from policies.rulebook import load_rulebook
from policies.versions import end_to_keep, may_be_changed
from resolutions.errors import ResolutionsError
from resolutions.models import Trial
from resolutions.trying.runner import past_of, run_trial
from resolutions.trying.words import change_words

RUNS_AT_ONCE = 20_000  # rows that are replayed while someone waits: some two seconds
LONGEST = timedelta(days=366)


class NotYoursToTry(ResolutionsError):
    """Only those who may change the division's rules and limits try them."""

    code = "not-yours-to-try"


class NothingToTry(ResolutionsError):
    """It is no draft, or the stretch of time is none."""

    code = "nothing-to-try"


def try_rule(draft: Policy, *, since: datetime, until: datetime, asked_by: Employee) -> Trial:
    """Try a draft on what was asked from `since` until before `until`, as if it held all along.

    It stands in place of the other versions of its rule. Raises NotYoursToTry or NothingToTry.
    """
    if draft.status != Status.DRAFT:
        raise NothingToTry("A published rule holds already: save your change as a draft first.")
    return _start(
        Trial(policy=draft, division=draft.division),
        since=since,
        until=until,
        asked_by=asked_by,
    )


def try_figure(
    rule: Policy, *, value: Decimal, since: datetime, until: datetime, asked_by: Employee
) -> Trial:
    """Try a published rule with another figure, as `try_rule` does.

    It is kept as a draft of the rule's next version, which ends when the rule was to end; nothing
    is where it is refused. Raises NotYoursToTry, NothingToTry, or ValidationError for a figure
    that the rule can't have.
    """
    _refuse(rule.division, since, until, asked_by)
    at = timezone.now()
    if not figure_may_be_tried(rule, at):
        raise NothingToTry("This version is past: try the one that came after it.")
    Policy._meta.get_field("value").run_validators(value)
    with transaction.atomic():
        draft = new_version(rule)
        draft.value, draft.ends_at = value, end_to_keep(rule, at)
        draft.clean()
        refuse_contradictions(draft)
        draft.save(update_fields=["value", "ends_at"])
    return try_rule(draft, since=since, until=until, asked_by=asked_by)


def try_limit(
    tier: AuthorityTier,
    *,
    limit_per_case: Decimal,
    grace_percent: int | None = None,
    since: datetime,
    until: datetime,
    asked_by: Employee,
) -> Trial:
    """Try another limit per case, at cost, and perhaps another grace, for all who have the tier.

    Who has a limit of their own keeps it. Raises NotYoursToTry, NothingToTry, or ValidationError
    for what can't be a limit.
    """
    Trial._meta.get_field("limit_per_case").run_validators(limit_per_case)
    refuse_too_many_places(limit_per_case, tier.division.currency)
    grace = tier.grace_percent if grace_percent is None else grace_percent
    return _start(
        Trial(
            tier=tier,
            division=tier.division,
            limit_per_case=limit_per_case,
            grace_percent=grace,
        ),
        since=since,
        until=until,
        asked_by=asked_by,
    )


def may_try(employee: Employee, division: Division) -> bool:
    """Whether someone may try changes of this division's rules: its managers may."""
    return (
        employee.is_active and employee.role == Role.MANAGER and employee.division_id == division.pk
    )


def figure_may_be_tried(rule: Policy, at: datetime) -> bool:
    """Whether a published version may be tried with another figure: if it may be changed so."""
    return rule.effect != Effect.FORBID and not rule.withdrawn and may_be_changed(rule, at)


def _refuse(division: Division, since: datetime, until: datetime, asked_by: Employee) -> None:
    if not may_try(asked_by, division):
        raise NotYoursToTry("Rules and limits are tried by the division's managers.")
    if not since < until or until - since > LONGEST:
        raise NothingToTry("Choose a first and a last day, at most a year apart.")


def _start(trial: Trial, *, since: datetime, until: datetime, asked_by: Employee) -> Trial:
    _refuse(trial.division, since, until, asked_by)
    trial.since, trial.until, trial.asked_by = since, until, asked_by
    trial.change = change_words(trial)
    trial.total = past_of(trial, load_rulebook(trial.division)).count()
    trial.save()
    if trial.total <= RUNS_AT_ONCE:
        run_trial(trial)
    return trial
