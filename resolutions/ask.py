"""Asks authority about a case: gathers what is known, in a fixed number of queries.

Read-only. `resolve.py` asks with rows locked and then acts; the case form and `POST authority/`
ask with nothing locked and nothing written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from budgets import months
from budgets.models import Budget
from employees.models import Employee, Role
from policies.authority import Ask
from policies.decision import Decision
from policies.question import Given, Question
from policies.rulebook import rulebook_of
from policies.rules import Rulebook
from resolutions.checks import check_details, check_gives, check_problem
from resolutions.errors import NoAuthority
from resolutions.incidents import incident_of, incident_of_case, is_apart
from resolutions.measure import measure_of
from resolutions.models import Case, Customer, Incident, Resolution
from resolutions.payers import Payers
from resolutions.problem import NO_DETAILS, CustomerDetails, Details, Give, Problem, Told, local_day
from resolutions.told_later import told_in

SECOND_FAILURE_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Answered:
    """What can be given now: a decision for every remedy, and one for each that is chosen.

    `budget` is the employee's month, `payer` pays for what is chosen: the month, or the fund of
    the `incident` that the case is one of. `of_fund` has the codes of what the fund would pay for.
    """

    options: tuple[Decision, ...]
    chosen: tuple[Decision, ...]
    budget: Budget
    payer: Budget
    customer: Customer | None
    incident: Incident | None = None
    of_fund: frozenset[str] = frozenset()


def what_can_be_given(
    problem: Problem,
    *,
    acting_employee: Employee,
    chosen: Sequence[Give] = (),
    at: datetime | None = None,
) -> Answered:
    """What the employee may give for this problem, next to what is chosen already.

    Raises NoAuthority, or InvalidCase. Writes nothing.
    """
    at = at or timezone.now()
    rulebook = rulebook_for(acting_employee)
    told = check_problem(
        rulebook, problem, today=local_day(at, acting_employee.zone), complete=False
    )
    asks = check_gives(rulebook, chosen)
    customer = find_customer(acting_employee, problem.customer)
    return _answered(
        rulebook,
        told,
        customer,
        asks,
        acting_employee=acting_employee,
        at=at,
        apart=bool(problem.apart_from_incident),
    )


def what_more_can_be_given(
    case: Case,
    *,
    acting_employee: Employee,
    later: Details = NO_DETAILS,
    chosen: Sequence[Give] = (),
    at: datetime | None = None,
) -> Answered:
    """The same for a case that is there already: what was given in it counts.

    `later` is what was not told when it was opened, and is told now.
    """
    at = at or timezone.now()
    rulebook = rulebook_for(acting_employee)
    today = local_day(at, acting_employee.zone)
    facts = check_details(rulebook, case.reason_code_id, later, today=today)
    told = told_in(case, later, facts, rulebook)
    asks = check_gives(rulebook, chosen)
    customer = case.customer or find_customer(acting_employee, later.customer)
    return _answered(
        rulebook,
        told,
        customer,
        asks,
        acting_employee=acting_employee,
        at=at,
        apart=is_apart(case, later),
        case=case,
    )


def _answered(
    rulebook: Rulebook,
    told: Told,
    customer: Customer | None,
    asks: Sequence[Ask],
    *,
    acting_employee: Employee,
    at: datetime,
    apart: bool,
    case: Case | None = None,
) -> Answered:
    budget = months.month_as_it_stands(acting_employee, at=at)
    incident = (
        incident_of(told.reason.id, acting_employee, at=at)
        if case is None
        else incident_of_case(case, acting_employee)
    )
    question = question_about(
        told, customer, acting_employee=acting_employee, budget=budget, at=at, case=case
    )
    payers = Payers(budget, None if apart else incident)
    chosen, payer = payers.decide(rulebook, question, asks)
    offered, of_fund = payers.options(rulebook, question, asks)
    return Answered(
        options=offered,
        chosen=chosen,
        budget=budget,
        payer=payer,
        customer=customer,
        incident=incident,
        of_fund=of_fund,
    )


def rulebook_for(employee: Employee) -> Rulebook:
    """The rulebook of the employee's division.

    Raises NoAuthority without a tier or division, and for roles that put no cases right.
    """
    serves = employee.is_active and employee.role not in (Role.FINANCE, Role.ADMINISTRATOR)
    if not serves or employee.division is None or employee.tier is None:
        raise NoAuthority
    return rulebook_of(employee.division)


def find_customer(employee: Employee, told: CustomerDetails | None) -> Customer | None:
    """The customer with the reference that was told, in the employee's division."""
    if told is None:
        return None
    return Customer.objects.known_by(told.reference, employee).first()


def question_about(
    told: Told,
    customer: Customer | None,
    *,
    acting_employee: Employee,
    budget: Budget,
    at: datetime,
    case: Case | None = None,
) -> Question:
    """The question to authority. A customer who is told but new here is known, without history."""
    problem = told.problem
    known = customer is not None or problem.customer is not None
    tier = acting_employee.tier
    if case is not None and case.customer_id is not None:
        second_failure: bool | None = case.second_failure
    elif customer is not None:
        second_failure = failed_before(
            customer, told.reason.id, at=case.opened_at if case is not None else at
        )
    else:
        second_failure = False if known else None
    return Question(
        at=at,
        today=local_day(at, acting_employee.zone),
        limit=acting_employee.limit_per_case,
        grace_percent=Decimal(tier.grace_percent if tier else 0),
        tier_id=acting_employee.tier_id,
        team_id=acting_employee.team_id,
        reason_id=told.reason.id,
        channel=problem.channel,
        order_value=problem.order_value,
        order_date=problem.order_date,
        order_reference=problem.order_reference.strip(),
        facts=told.facts,
        customer_known=known,
        customer_segment=customer.segment if customer else None,
        customer_since=customer.customer_since if customer else None,
        lifetime_value=customer.lifetime_value if customer else None,
        second_failure=second_failure,
        given=_given(customer, problem, acting_employee, case),
        budget_left=budget.left,
        budget_reach=budget.reach,
    )


def failed_before(customer: Customer, reason_id: int, *, at: datetime) -> bool:
    """Whether the same went wrong for this customer within the last 30 days already."""
    return Case.objects.filter(
        customer=customer,
        reason_code=reason_id,
        opened_at__gt=at - SECOND_FAILURE_WITHIN,
        opened_at__lte=at,
    ).exists()


def _given(
    customer: Customer | None, problem: Problem, employee: Employee, case: Case | None
) -> tuple[Given, ...]:
    """What was given in this case, on this order and to this customer, and stands, in one query.

    What was given in the case before its order or its customer was told counts for them, too.
    """
    order = problem.order_reference.strip()
    case_id = case and case.pk
    related = Q(pk__in=[])
    if case is not None:
        related |= Q(pk=case.pk)
    if customer is not None:
        related |= Q(customer=customer)
    if order:
        related |= Q(division=employee.division_id, order_reference=order)
    if case is None and customer is None and not order:
        return ()
    # The cases first, each way by its index: an OR over two tables would read all there ever was.
    cases = Case.objects.filter(related)
    given = Resolution.objects.standing().filter(case__in=cases).order_by()
    rows = given.values_list(
        "remedy",
        "quantity",
        "face_value",
        "cost",
        "against_limit",
        "at",
        "case",
        "case__customer",
        "case__order_reference",
    )
    return tuple(
        Given(
            remedy_id=remedy,
            measure=measure_of(face_value, quantity),
            face_value=face_value,
            cost=cost,
            against_limit=against_limit,
            at=at,
            this_case=in_case == case_id,
            this_order=bool(order) and (in_case == case_id or on_order == order),
            this_customer=in_case == case_id or (customer is not None and to == customer.pk),
        )
        for remedy, quantity, face_value, cost, against_limit, at, in_case, to, on_order in rows
    )
