"""Reading a hard rule, and saying so: whoever works by it confirms each version once.

What must stay true: a confirmation names the version that was read and stays as it is. A missing
one keeps nobody from anything: it is a line on the desk and a name on the rule's page.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from employees.models import Employee
from policies.errors import NothingToConfirm
from policies.models import Acknowledgement, Effect, Policy
from policies.rules import Rule, Rulebook
from policies.versions import Standing, standing_of


@transaction.atomic
def acknowledge(
    policy: Policy, *, acting_employee: Employee, at: datetime | None = None
) -> Acknowledgement:
    """Confirm that one has read this version of a hard rule; a second time changes nothing.

    Raises NothingToConfirm.
    """
    at = at or timezone.now()
    already = Acknowledgement.objects.filter(employee=acting_employee, policy=policy).first()
    if already is not None:
        return already
    _refuse_what_is_not_theirs(policy, acting_employee, at)
    # A double tap: whichever comes second finds the row of the first.
    done, _ = Acknowledgement.objects.get_or_create(
        employee=acting_employee, policy=policy, defaults={"at": at}
    )
    return done


def to_read(employee: Employee, rulebook: Rulebook, *, at: datetime) -> list[Rule]:
    """The hard rules in force for this person that they have not confirmed, the newest first.

    One query; none where no hard rule is about them.
    """
    hard = [
        rule
        for rule in rulebook.in_force(at)
        if rule.effect == Effect.FORBID and rule.concerns(employee.tier_id, employee.team_id)
    ]
    read = read_at(employee, (rule.id for rule in hard))
    unread = [rule for rule in hard if rule.id not in read]
    return sorted(unread, key=lambda rule: rule.starts_at, reverse=True)


def read_at(employee: Employee, policies: Iterable[int]) -> dict[int, datetime]:
    """When this person confirmed each of these versions, by its id."""
    rows = Acknowledgement.objects.filter(employee=employee, policy__in=list(policies))
    return dict(rows.values_list("policy", "at"))


def _refuse_what_is_not_theirs(policy: Policy, employee: Employee, at: datetime) -> None:
    rule = Policy.objects.with_successor().get(pk=policy.pk)
    standing = standing_of(rule, at)
    if standing == Standing.DRAFT:
        raise NothingToConfirm(f"“{rule.title}” is a draft: there is nothing to confirm yet.")
    if standing == Standing.PAST or rule.withdrawn:
        raise NothingToConfirm(f"“{rule.title}” no longer says what you read. Read it once more.")
    if rule.effect != Effect.FORBID:
        raise NothingToConfirm(f"“{rule.title}” forbids nothing, so nobody needs to confirm it.")
    if not Policy.objects.readers_of(rule).filter(pk=employee.pk).exists():
        raise NothingToConfirm(f"“{rule.title}” is not about what you do.")
