"""Nobody publishes a rule that would let themselves give more (DESIGN.md §3.7).

The same rule stands in the database, in a trigger on published rules. Whoever has no tier gives
nothing, and may publish any rule of their division.
"""

from datetime import datetime

from django.db.models import Q

from employees.models import Employee
from policies.errors import OwnRule
from policies.models import Effect, Policy


def refuse_more_for_oneself(draft: Policy, employee: Employee | None, *, at: datetime) -> None:
    """Raise OwnRule when this version grants the employee more, or replaces what limits them.

    A first restriction, or withdrawing a grant, only ever leaves them less.
    """
    if employee is None or employee.tier_id is None or employee.division_id != draft.division_id:
        return
    about_them = Policy.objects.for_work_of(employee)
    grants = draft.effect == Effect.GRANT and not draft.withdrawn
    versions = Policy.objects.filter(series=draft.series).exclude(effect=Effect.GRANT)
    limits_them = versions.filter(
        Q(pk__in=versions.in_force(at)) | Q(pk__in=versions.scheduled(at), withdrawn=False)
    )
    if (grants and about_them.filter(pk=draft.pk).exists()) or about_them.filter(
        pk__in=limits_them
    ).exists():
        raise OwnRule
