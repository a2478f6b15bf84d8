"""Ending a case without a remedy, handing it over, and the customer coming back.

Each is one act, carried out once however often the request arrives. What was said is kept.
Each raises OwnCase, RequestConflict, or Case.DoesNotExist for a case of another division.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from employees.models import Employee
from policies.models import Channel
from resolutions.ask import rulebook_for
from resolutions.checks import checked_words
from resolutions.errors import CaseEnded, InvalidCase
from resolutions.locks import lock_case_alone
from resolutions.models import Case, CaseState, Conclusion, Contact
from resolutions.once import Answer, once
from resolutions.own_case import refuse_own_case
from resolutions.receipt import case_json


def close_without_remedy(
    case: Case,
    *,
    said: str,
    acting_employee: Employee,
    request_id: UUID,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Close an open case: an explanation or an apology was enough. What was said is kept.

    Raises InvalidCase without words, and CaseEnded unless the case is open.
    """
    said = checked_words("said", said, missing="Write what you said to the customer, in a line.")

    def act(locked: Case) -> None:
        _end(locked, CaseState.CLOSED, acting_employee, at or timezone.now(), words=said)

    return _on_case(case, act, acting_employee, request_id, {"act": "close", "said": said})


def hand_over(
    case: Case,
    *,
    to: str,
    reason: str,
    acting_employee: Employee,
    request_id: UUID,
    at: datetime | None = None,
) -> dict[str, Any]:
    """The customer is handed over to someone else after all: an escalation, counted with why.

    Raises InvalidCase without a name and a reason, and CaseEnded unless the case is open.
    """
    to = checked_words("to", to, missing="Write to whom.", longest=120, lines=False)
    reason = checked_words(
        "reason", reason, missing="Write why; it shows where more authority would help."
    )

    def act(locked: Case) -> None:
        moment = at or timezone.now()
        _end(locked, CaseState.HANDED_OVER, acting_employee, moment, words=reason, to=to)

    said = {"act": "hand-over", "to": to, "reason": reason}
    return _on_case(case, act, acting_employee, request_id, said)


def take_up_again(
    case: Case,
    *,
    channel: str,
    note: str = "",
    acting_employee: Employee,
    request_id: UUID,
    at: datetime | None = None,
) -> dict[str, Any]:
    """The customer came back: a new contact on the same case, which is open again.

    Whoever takes it up, in the same division, can give something in it from then on. Raises
    InvalidCase for a channel that there is not.
    """
    if channel not in Channel.values:
        raise InvalidCase({"channel": [f"Say where: one of {', '.join(Channel.values)}."]})
    if note.strip():
        note = checked_words("note", note, missing="")

    def act(locked: Case) -> None:
        Contact.objects.create(
            case=locked,
            employee=acting_employee,
            channel=channel,
            note=note,
            at=at or timezone.now(),
        )
        locked.state = CaseState.OPEN
        locked.ended_at = None
        locked.save(update_fields=["state", "ended_at"])

    said = {"act": "take-up", "channel": channel, "note": note}
    return _on_case(case, act, acting_employee, request_id, said)


def _on_case(
    case: Case,
    act: Callable[[Case], None],
    acting_employee: Employee,
    request_id: UUID,
    said: dict[str, Any],
) -> dict[str, Any]:
    def act_on_locked() -> Answer:
        rulebook_for(acting_employee)  # whoever ends a case could have put it right
        locked = lock_case_alone(case, acting_employee)
        refuse_own_case(acting_employee, locked.customer)
        act(locked)
        return Answer(case_json(locked, locked.resolutions.with_give_back()), case=locked)

    return once(
        act_on_locked,
        acting_employee=acting_employee,
        request_id=request_id,
        contents={"case": case.pk, **said},
    )


def _end(
    case: Case, state: CaseState, employee: Employee, at: datetime, *, words: str, to: str = ""
) -> None:
    """End an open case; how it ended stays, also when it is taken up again."""
    if case.state != CaseState.OPEN:
        raise CaseEnded(f"Case {case.number} is not open: {case.get_state_display().lower()}.")
    Conclusion.objects.create(
        case=case, employee=employee, state=state, words=words, handed_over_to=to, at=at
    )
    case.state, case.ended_at = state, at
    case.outcome_note, case.handed_over_to = words, to
    case.save(update_fields=["state", "ended_at", "outcome_note", "handed_over_to"])
