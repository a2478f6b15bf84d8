"""Bringing in what was planned: all of it in one transaction, as drafts or published.

Rules are published by `policies/publish.py` alone, as by hand.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from employees.models import Employee
from policies.complete import SAID, SCOPES
from policies.matrix.plan import Planned, What
from policies.matrix.sketch import set_related
from policies.models import Condition, Policy
from policies.publish import new_version, publish


@transaction.atomic
def bring_in(
    planned: Sequence[Planned],
    *,
    brought_in_by: Employee,
    publishing: bool,
    change_reason: str,
    at: datetime,
) -> None:
    """Write every row that is new or changed. Raises PolicyError; nothing is written then."""
    for row in sorted(planned, key=lambda row: row.holds_from(at)):  # versions in their order
        if row.what == What.SAME:
            continue
        draft = _draft_of(row, at)
        draft.change_reason = change_reason or draft.change_reason
        if publishing:
            publish(draft, published_by=brought_in_by, at=at)
        else:
            draft.save(update_fields=["change_reason"])


def _draft_of(row: Planned, at: datetime) -> Policy:
    """A draft that says what the row says."""
    if row.base is None:
        draft = Policy(division=row.rule.division, series=row.rule.series)
    elif row.of_draft:
        draft = Policy.objects.get(pk=row.base.pk)
    else:
        draft = new_version(row.base)
    for name in SAID:
        setattr(draft, name, getattr(row.rule, name))
    draft.starts_at = row.rule.starts_at if row.holds_from(at) > at else None
    draft.save()
    for name in SCOPES:
        rows = set(getattr(row.rule, name).all())
        if rows != (set(getattr(row.base, name).all()) if row.base is not None else set()):
            getattr(draft, name).set(rows)
    _write_conditions(draft, row)
    for name in (*SCOPES, "conditions"):  # publishing reads what was just written from here
        set_related(draft, name, list(getattr(row.rule, name).all()))
    return draft


def _write_conditions(draft: Policy, row: Planned) -> None:
    """The conditions of the row, where they are not those that the draft was copied with."""
    wanted = list(row.rule.conditions.all())
    if row.base is not None:
        if wanted == list(row.base.conditions.all()):
            return
        draft.conditions.all().delete()
    for condition in wanted:
        condition.policy = draft
    Condition.objects.bulk_create(wanted)
