"""The same request arriving twice has one effect, and the second answer equals the first.

A double tap, a retry after a lost connection: each request carries an id. What it did and what it
was answered is written in the same transaction as its effect, under a unique key. The same id
with other contents is refused.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from budgets.errors import BudgetsError
from employees.models import Employee
from resolutions.errors import OutsideAuthority, RequestConflict, ResolutionsError
from resolutions.models import Case, Submission


@dataclass(frozen=True, slots=True)
class Answer:
    """What an act did: the answer to give, now and again, and whether it was a refusal."""

    body: dict[str, Any]
    case: Case | None = None
    refused: str = ""


def once(
    act: Callable[[], Answer],
    *,
    acting_employee: Employee,
    request_id: UUID,
    contents: Mapping[str, Any],
) -> dict[str, Any]:
    """Carry the act out, or give the answer it got the first time.

    Raises RequestConflict for the same id with other contents, OutsideAuthority for a refusal
    (the first and each time again), and whatever the act raises, with nothing written.
    """
    fingerprint = _fingerprint(contents)
    submission = _earlier(acting_employee, request_id)
    if submission is None:
        try:
            with transaction.atomic():
                answer = act()
                submission = Submission.objects.create(
                    employee=acting_employee,
                    request_id=request_id,
                    fingerprint=fingerprint,
                    case=answer.case,
                    refused=answer.refused,
                    answer=answer.body,
                )
        except (IntegrityError, ResolutionsError, BudgetsError):
            # The same request may have been carried out at this moment, and be why ours was in
            # the way of itself: all of ours is undone, and its answer is ours.
            submission = _earlier(acting_employee, request_id)
            if submission is None:
                raise
    if submission.fingerprint != fingerprint:
        raise RequestConflict
    if submission.refused:
        raise OutsideAuthority(submission.answer)
    answered: dict[str, Any] = submission.answer
    return answered


def _earlier(employee: Employee, request_id: UUID) -> Submission | None:
    return Submission.objects.filter(employee=employee, request_id=request_id).first()


def _fingerprint(contents: Mapping[str, Any]) -> str:
    plain = json.dumps(contents, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
