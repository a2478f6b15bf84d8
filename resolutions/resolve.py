"""Putting a case right: decide, spend, write, tell. All of it, or nothing.

What must stay true: a case with two remedies gets both or neither; the same request has one
effect; what was refused is recorded as an authority gap; nobody resolves their own case. What
becomes scarcer is locked before it is looked at, see `locks.py`. A mass incident's fund pays
before the month does, see `incidents.py`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from django.utils import timezone

from budgets import months
from budgets.errors import BudgetExhausted
from employees.models import Employee
from policies.decision import Verdict
from resolutions.ask import question_about, rulebook_for
from resolutions.carry_out import Acting, Overtaken, known_customer, spend_for, write_given
from resolutions.checks import check_details, check_gives, check_problem
from resolutions.errors import InvalidCase
from resolutions.gaps import record_gaps
from resolutions.incidents import incident_of, incident_of_case, is_apart
from resolutions.locks import line_up_at_order, lock_case, lock_customer
from resolutions.models import Case, CaseState
from resolutions.once import Answer, once
from resolutions.own_case import refuse_giver_as_customer, refuse_own_case
from resolutions.payers import Payers
from resolutions.problem import (
    NO_DETAILS,
    Details,
    Give,
    Problem,
    contents,
    local_day,
    stored_facts,
)
from resolutions.receipt import budget_json, case_json
from resolutions.told_later import fill_in, told_in


def resolve_case(
    problem: Problem,
    *,
    gives: Sequence[Give],
    acting_employee: Employee,
    request_id: UUID,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Open a case and put it right in one go; with no gives, the case stays open.

    Returns the receipt: the case as `case_json`, and what is left of the month. Raises
    InvalidCase, NoAuthority, OwnCase or RequestConflict with nothing written, and
    OutsideAuthority with nothing given and the gap recorded.
    """
    at = at or timezone.now()
    acting = Acting(acting_employee, request_id, at)

    def act(*, lock_month: bool) -> Answer:
        rulebook = rulebook_for(acting_employee)
        told = check_problem(rulebook, problem, today=local_day(at, acting_employee.zone))
        asks = check_gives(rulebook, gives)
        customer = lock_customer(acting_employee, problem.customer)
        refuse_own_case(acting_employee, customer, problem.customer)
        line_up_at_order(problem.order_reference, rulebook)
        budget = months.open_month(acting_employee, at=at, lock=lock_month)
        incident = (
            None
            if problem.apart_from_incident
            else incident_of(told.reason.id, acting_employee, at=at, lock=lock_month)
        )
        question = question_about(
            told, customer, acting_employee=acting_employee, budget=budget, at=at
        )
        decisions, payer = Payers(budget, incident).decide(rulebook, question, asks)
        if any(d.verdict == Verdict.OUTSIDE for d in decisions):
            return record_gaps(
                decisions,
                division=budget.division,
                acting_employee=acting_employee,
                question=question,
                customer=customer,
                request_id=request_id,
                at=at,
            )
        entries = spend_for(decisions, payer, acting)
        case = Case.objects.create(
            division=budget.division,
            team=acting_employee.team,
            tier=acting_employee.tier,
            customer=known_customer(budget.division, problem.customer, customer),
            reason_code_id=told.reason.id,
            incident=incident,
            apart_from_incident=bool(problem.apart_from_incident),
            channel=problem.channel,
            order_reference=problem.order_reference.strip(),
            order_value=problem.order_value,
            order_date=problem.order_date,
            facts=stored_facts(told.facts),
            note=problem.note.strip(),
            second_failure=bool(question.second_failure),
            opened_by=acting_employee,
            opened_at=at,
            state=CaseState.PUT_RIGHT if decisions else CaseState.OPEN,
            ended_at=at if decisions else None,
        )
        given = write_given(case, decisions, entries, gives, acting)
        body = case_json(case, given, reason_code=told.reason.code)
        return Answer({**body, "budget": budget_json(budget)}, case=case)

    return _once_and_again(
        act,
        acting=acting,
        said={"act": "resolve", **contents(problem, gives)},
    )


def give_more(
    case: Case,
    *,
    gives: Sequence[Give],
    later: Details = NO_DETAILS,
    acting_employee: Employee,
    request_id: UUID,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Give something (more) in a case that is there already, by the same or another employee.

    What was given in it before, by anyone, counts on the limit for the case. `later` is what was
    not told when it was opened; it is kept with the case once something is given. Returns the
    receipt. Raises as `resolve_case` does, and Case.DoesNotExist for a case of another division.
    """
    at = at or timezone.now()
    acting = Acting(acting_employee, request_id, at)

    def act(*, lock_month: bool) -> Answer:
        rulebook = rulebook_for(acting_employee)
        asks = check_gives(rulebook, gives)
        if not asks:
            raise InvalidCase({"gives": ["Pick at least one thing to give."]})
        if case.division_id != acting_employee.division_id:
            raise Case.DoesNotExist
        today = local_day(at, acting_employee.zone)
        facts = check_details(rulebook, case.reason_code_id, later, today=today)
        locked, customer = lock_case(case, acting_employee, later.customer)
        told = told_in(locked, later, facts, rulebook)
        refuse_own_case(acting_employee, customer, later.customer)
        refuse_giver_as_customer(locked, customer, later.customer)
        line_up_at_order(told.problem.order_reference, rulebook)
        budget = months.open_month(acting_employee, at=at, lock=lock_month)
        apart = is_apart(locked, later)
        incident = None if apart else incident_of_case(locked, acting_employee, lock=lock_month)
        question = question_about(
            told,
            customer,
            acting_employee=acting_employee,
            budget=budget,
            at=at,
            case=locked,
        )
        decisions, payer = Payers(budget, incident).decide(rulebook, question, asks)
        if any(d.verdict == Verdict.OUTSIDE for d in decisions):
            return record_gaps(
                decisions,
                division=budget.division,
                acting_employee=acting_employee,
                question=question,
                customer=customer,
                request_id=request_id,
                at=at,
                case=locked,
            )
        entries = spend_for(decisions, payer, acting)
        filled = fill_in(
            locked,
            told,
            customer=known_customer(budget.division, later.customer, customer),
            second_failure=bool(question.second_failure),
        )
        again = locked.state != CaseState.PUT_RIGHT
        locked.state = CaseState.PUT_RIGHT
        locked.ended_at = at
        locked.incident, locked.apart_from_incident = locked.incident or incident, apart
        how_it_is_paid = ["incident", "apart_from_incident"]
        locked.save(update_fields=["state", "ended_at", *how_it_is_paid, *filled])
        write_given(locked, decisions, entries, gives, acting, again=again)
        body = case_json(locked, locked.resolutions.with_give_back())
        return Answer({**body, "budget": budget_json(budget)}, case=locked)

    return _once_and_again(
        act,
        acting=acting,
        said={"act": "give-more", "case": case.pk, **contents(later, gives)},
    )


class _Attempt(Protocol):
    """One attempt at the act; with `lock_month`, nobody else spends from the month meanwhile."""

    def __call__(self, *, lock_month: bool) -> Answer: ...


def _once_and_again(act: _Attempt, *, acting: Acting, said: dict[str, Any]) -> dict[str, Any]:
    """Carry it out once; when someone else came first, once more with the month locked."""
    for lock_month in (False, True, True):
        try:
            return once(
                partial(act, lock_month=lock_month),
                acting_employee=acting.employee,
                request_id=acting.request_id,
                contents=said,
            )
        except (BudgetExhausted, Overtaken) as error:
            overtaken: Exception = error
    raise overtaken.__cause__ or overtaken
