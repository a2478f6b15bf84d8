"""What was changed lately, for the admin's first page: limits, people, remedies and rules.

Read from the histories and from the versions of rules, and only from rows that the reader sees.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from employees.models import AuthorityTier, Division, Employee, Team
from policies.models import Policy, ReasonCode, Remedy, Status
from resolutions.models import Incident

_WITH_HISTORY: tuple[Any, ...] = (
    AuthorityTier,
    Employee,
    Remedy,
    ReasonCode,
    Team,
    Division,
    Incident,
)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Lately:
    """One change: what, by whom, when and why."""

    at: datetime
    what: str
    who: Employee
    verb: str
    why: str
    where: str


def lately_changed(reader: Employee) -> list[Lately]:
    """The last changes that people made, the newest first; not what was set up by itself."""
    found = [change for model in _WITH_HISTORY for change in _of_rows(reader, model)]
    found += _of_rules(reader)
    return sorted(found, key=lambda change: change.at, reverse=True)[:_SHOWN]


def _of_rows(reader: Employee, model: Any) -> Iterator[Lately]:
    if not reader.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
        return
    records = model.history.filter(
        id__in=model.objects.visible_to(reader).values("pk"), history_user__isnull=False
    )
    for record in records.select_related("history_user")[:_SHOWN]:
        yield Lately(
            at=record.history_date,
            what=str(record.instance),
            who=record.history_user,
            verb="made" if record.history_type == "+" else "changed",
            why=record.history_change_reason or "",
            where=_page(model, record.id, "history"),
        )


def _of_rules(reader: Employee) -> Iterator[Lately]:
    rules = Policy.objects.visible_to(reader).filter(
        status=Status.PUBLISHED, published_by__isnull=False
    )
    for rule in rules.select_related("published_by").order_by("-published_at")[:_SHOWN]:
        if rule.published_at and rule.published_by:
            verb = "withdrawn" if rule.withdrawn else "changed"
            yield Lately(
                at=rule.published_at,
                what=rule.title,
                who=rule.published_by,
                verb=verb if (rule.version or 1) > 1 else "published",
                why=rule.change_reason or (rule.rationale if rule.version == 1 else ""),
                where=_page(Policy, rule.pk, "change"),
            )


def _page(model: Any, pk: int, page: str) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=[pk])
