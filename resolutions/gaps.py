"""Authority gaps: what someone wanted to do for a customer and was not allowed to.

Whenever the rules refuse something, that is recorded: who, what, how much, which rule. It is how
managers learn where a rule is too tight; it is no violation.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from employees.models import Division, Employee
from policies.decision import Decision, Verdict
from policies.question import Question
from resolutions.checks import checked_words
from resolutions.errors import NoAuthority, OutsideAuthority
from resolutions.models import AuthorityGap, Case, Customer
from resolutions.once import Answer, once
from resolutions.problem import stored_facts


def record_gaps(
    decisions: Sequence[Decision],
    *,
    division: Division,
    acting_employee: Employee,
    question: Question,
    customer: Customer | None,
    request_id: UUID,
    at: datetime,
    case: Case | None = None,
) -> Answer:
    """Record each refused decision, and answer with all of them: what may be given instead."""
    told = told_json(question, beside=decisions)
    AuthorityGap.objects.bulk_create(
        AuthorityGap(
            division=division,
            employee=acting_employee,
            team=acting_employee.team,
            tier=acting_employee.tier,
            case=case,
            customer=customer,
            reason_code_id=question.reason_id,
            remedy_id=decision.remedy.id,
            policy_id=decision.binding.policy_id,
            bound=decision.binding.kind,
            quantity=int(decision.asked or 0) if decision.remedy.by_quantity else None,
            face_value=decision.face_value,
            cost=decision.cost,
            decision=decision.as_json(),
            told=told,
            request_id=request_id,
            at=at,
        )
        for decision in decisions
        if decision.verdict == Verdict.OUTSIDE
    )
    body = {"decisions": [decision.as_json() for decision in decisions]}
    return Answer(body, case=case, refused=OutsideAuthority.code)


def told_json(question: Question, *, beside: Sequence[Decision]) -> dict[str, Any]:
    """What was told when something was refused, as plain values, amounts as text.

    Who, when, what and whose is in columns of the gap. Of the decisions `beside` it in one go,
    those that were not refused have no gap: what was asked is kept here, as it counts with it.
    """
    value, day = question.order_value, question.order_date
    return {
        "channel": question.channel,
        "order_reference": question.order_reference,
        "order_value": None if value is None else str(value),
        "order_date": None if day is None else day.isoformat(),
        "facts": stored_facts(question.facts),
        "customer_known": question.customer_known,
        "second_failure": question.second_failure,
        "beside": [
            {"remedy": decision.remedy.id, "measure": str(decision.asked or 0)}
            for decision in beside
            if decision.verdict != Verdict.OUTSIDE
        ],
    }


def say_what_could_not_be_done(
    words: str,
    *,
    acting_employee: Employee,
    case: Case | None = None,
    request_id: UUID | None = None,
) -> AuthorityGap:
    """Record, in the agent's own words, what they could not do for a customer; a request once.

    Raises NoAuthority, RequestConflict, or InvalidCase for no words or too many.
    """
    if acting_employee.division is None:
        raise NoAuthority
    division, request_id = acting_employee.division, request_id or uuid4()
    said = checked_words("words", words, missing="Write what you could not do for the customer.")

    def act() -> Answer:
        gap = AuthorityGap.objects.create(
            division=division,
            employee=acting_employee,
            team=acting_employee.team,
            tier=acting_employee.tier,
            case=case,
            customer=case.customer if case else None,
            reason_code=case.reason_code if case else None,
            words=said,
            request_id=request_id,
        )
        return Answer({"gap": gap.pk}, case=case)

    contents = {"act": "could-not", "case": case and case.pk, "words": said}
    answer = once(act, acting_employee=acting_employee, request_id=request_id, contents=contents)
    return AuthorityGap.objects.get(pk=answer["gap"])
