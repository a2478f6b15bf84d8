"""A case and what was given in it, as plain values: what acts answer and the API shows.

Money is text in the currency's own places, times are ISO 8601 in UTC, codes stand for reason and
remedy.
"""

from collections.abc import Iterable
from typing import Any

from budgets.models import Budget
from employees.money import money_text
from resolutions.models import Case, Resolution


def case_json(
    case: Case,
    resolutions: Iterable[Resolution],
    *,
    reason_code: str | None = None,
    personal: bool = True,
) -> dict[str, Any]:
    """The case as a program reads it.

    `personal` False leaves empty what may tell who the customer is: the name, and all that people
    wrote in their own words; the reference stays. Whoever knows the reason code's code already
    saves the query for it.
    """
    currency = case.division.currency
    customer = case.customer
    return {
        "id": case.pk,
        "number": case.number,
        "division": case.division.code,
        "state": case.state,
        "reason_code": reason_code or case.reason_code.code,
        "channel": case.channel,
        "customer": customer
        and (
            {"reference": customer.reference, "name": customer.name}
            if personal
            else {"reference": customer.reference}
        ),
        "incident": case.incident and {"id": case.incident.pk, "name": case.incident.name},
        "order_reference": case.order_reference,
        "order_value": None if case.order_value is None else money_text(case.order_value, currency),
        "order_date": case.order_date and case.order_date.isoformat(),
        "currency": currency,
        "facts": case.facts,
        "note": case.note if personal else "",
        "second_failure": case.second_failure,
        "opened_at": case.opened_at.isoformat(),
        "ended_at": case.ended_at and case.ended_at.isoformat(),
        "outcome_note": case.outcome_note if personal else "",
        "handed_over_to": case.handed_over_to,
        "resolutions": [resolution_json(r, currency, personal=personal) for r in resolutions],
    }


def resolution_json(
    resolution: Resolution, currency: str, *, personal: bool = True
) -> dict[str, Any]:
    """One remedy given, with the decision as it was; see `case_json` for `personal`."""
    return {
        "id": resolution.pk,
        "remedy": resolution.decision["remedy"],
        "amount": money_text(resolution.face_value, currency),
        "quantity": resolution.quantity,
        "cost": money_text(resolution.cost, currency),
        "description": resolution.description if personal else "",
        "verdict": resolution.verdict,
        "owed": resolution.owed,
        "charged_to": resolution.entry.budget.kind,
        "review_afterwards": resolution.review_afterwards,
        "given_by": resolution.given_by.username,
        "at": resolution.at.isoformat(),
        "given_back": give_back_json(resolution, currency, personal=personal),
        "decision": resolution.decision,
    }


def give_back_json(
    resolution: Resolution, currency: str, *, personal: bool = True
) -> dict[str, Any] | None:
    """Why, when and by whom its money was given back, all of it; None for what stands."""
    back = resolution.give_back
    if back is None:
        return None
    return {
        "at": back.at.isoformat(),
        "by": back.actor and back.actor.username,
        "reason": back.note if personal else "",
        "amount": money_text(resolution.cost, currency),
    }


def budget_json(budget: Budget) -> dict[str, Any]:
    """What is left of the employee's month."""
    currency = budget.division.currency
    return {
        "month": budget.month and budget.month.isoformat(),
        "allotted": money_text(budget.allotted, currency),
        "spent": money_text(budget.spent, currency),
        "left": money_text(budget.left, currency),
        "currency": currency,
    }
