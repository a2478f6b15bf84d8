"""Who has read a hard rule, beside its page: of the version in force, and of those before it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from employees.admin.base import actor
from employees.models import Employee
from policies.admin.policies import PolicyAdmin
from policies.models import Acknowledgement, Effect, Policy, Status
from policies.versions import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Readers:
    """Who confirmed a version and when; of one that holds, or is to, also who has not."""

    version: Policy
    read: list[Acknowledgement] = field(default_factory=list)
    unread: list[Employee] = field(default_factory=list)
    is_past: bool = False

    @property
    def everyone(self) -> int:
        """How many work by it now: those who have not read it, and those who have."""
        return len(self.unread) + len(self.read)


def readers_beside(request: HttpRequest, rule: Policy) -> str:
    """The panel, for a published rule that forbids something; nothing for others."""
    if rule.status == Status.DRAFT or rule.effect != Effect.FORBID:
        return ""
    people = list(Policy.objects.readers_of(rule))
    confirmed = _by_version(request, rule)
    is_past = rule.withdrawn or standing_of(rule, timezone.now()) == Standing.PAST
    read = confirmed.pop(rule.pk, [])
    who = {row.employee_id for row in read}
    working = {person.pk for person in people}
    shown = Readers(
        rule,
        read if is_past else [row for row in read if row.employee_id in working],
        [] if is_past else [person for person in people if person.pk not in who],
        is_past,
    )
    context = {
        "shown": shown,
        "left": [row for row in read if row.employee_id not in working] if not is_past else [],
        "others": [Readers(rows[0].policy, rows, is_past=True) for rows in confirmed.values()],
    }
    return render_to_string("admin/policies/readers_beside.html", context, request)


def _by_version(request: HttpRequest, rule: Policy) -> dict[int, list[Acknowledgement]]:
    """Who confirmed which version of the rule, the newest version first."""
    rows = Acknowledgement.objects.visible_to(actor(request)).filter(policy__series=rule.series)
    found: defaultdict[int, list[Acknowledgement]] = defaultdict(list)
    for row in rows.select_related("employee", "policy").order_by("-policy__version", "at", "id"):
        found[row.policy_id].append(row)
    return dict(found)


PolicyAdmin.panels.append(readers_beside)
