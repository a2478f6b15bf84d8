"""Answering gaps: a manager tells those who could not do something what came of it.

What must stay true: a gap has one answer, the first; nobody answers their own. Two managers at the
same moment do not answer the same gap: the second finds nothing left of it.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from employees.models import Division, Employee, Role
from policies.models import Policy, Status
from resolutions.checks import checked_words
from resolutions.errors import InvalidCase, NothingToAnswer, NotTheirsToAnswer
from resolutions.gap_querysets import AuthorityGapQuerySet
from resolutions.models import AnswerKind, AuthorityGap, GapAnswer

_MISSING = "Write it in your own words: those who had the gap read them."


def may_answer(gap: AuthorityGap, employee: Employee) -> bool:
    """Whether someone may: a manager of the division, when it is not their own gap."""
    manages = employee.is_active and employee.role == Role.MANAGER
    own_division = employee.division_id == gap.division_id
    return manages and own_division and gap.employee_id != employee.pk


def answer_gaps(
    gaps: AuthorityGapQuerySet,
    *,
    kind: str,
    words: str,
    answered_by: Employee,
    policy: Policy | None = None,
    at: datetime | None = None,
) -> int:
    """Answer all of these gaps that have no answer yet and are not the manager's own.

    Returns how many; the number of queries does not depend on it. Raises NotTheirsToAnswer,
    InvalidCase without words, and NothingToAnswer, with nothing written.
    """
    if not answered_by.is_active or answered_by.role != Role.MANAGER or not answered_by.division_id:
        raise NotTheirsToAnswer
    said = _checked(kind, words, policy, answered_by)
    waiting = gaps.answerable_by(answered_by).order_by()
    with transaction.atomic():
        _one_at_a_time(answered_by.division_id)
        answer = GapAnswer.objects.create(
            division_id=answered_by.division_id,
            kind=kind,
            words=said,
            policy=policy,
            answered_by=answered_by,
            at=at or timezone.now(),
        )
        answered = AuthorityGap.objects.filter(pk__in=waiting.values("pk"), answer__isnull=True)
        number = answered.update(answer=answer)
        if not number:
            raise NothingToAnswer
    return number


def _checked(kind: str, words: str, policy: Policy | None, answered_by: Employee) -> str:
    """The words, without blanks around. Raises InvalidCase by field."""
    if kind not in AnswerKind.values:
        raise InvalidCase({"kind": ["Say whether it was changed, or why not."]})
    if policy is not None and (
        policy.division_id != answered_by.division_id or policy.status != Status.PUBLISHED
    ):
        raise InvalidCase({"policy": ["Pick a rule of your division."]})
    return checked_words("words", words, missing=_MISSING)


def _one_at_a_time(division: int) -> None:
    """Lock before looking: who comes second sees what the first has answered, and waits for it.

    Two updates of many rows could also wait for each other, each in an order of its own.
    """
    Division.objects.select_for_update(no_key=True).order_by("pk").get(pk=division)
