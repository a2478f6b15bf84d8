"""What was not told when a case was opened, and is told now.

What must stay true: what was told stays as it was told, as what was decided rests on it. A gap is
filled; nothing is changed.
"""

from collections.abc import Mapping
from typing import Any

from employees.money import money_text
from policies.facts import FactValue
from policies.rules import Rulebook
from resolutions.errors import InvalidCase
from resolutions.models import Case, Customer
from resolutions.problem import CustomerDetails, Details, Problem, Told, facts_of, stored_facts


def told_in(
    case: Case, later: Details, facts_now: Mapping[str, FactValue], rulebook: Rulebook
) -> Told:
    """The case's problem as it was told, with what is told now, and was checked.

    Its `customer` is who is told now. Raises InvalidCase for what was told differently before.
    """
    reason = rulebook.reason_of(case.reason_code_id)
    facts_before = facts_of(reason, case.facts)
    # What was told of a fact that has another kind by now is not known any more, and stays.
    before = _told(case, case.customer, {**case.facts, **facts_before})
    now = _told(later, later.customer, facts_now)
    changed = [name for name in now if name in before and before[name] != now[name]]
    if changed:
        stays = {name: _in_words(name, before[name], rulebook.currency) for name in changed}
        raise InvalidCase(
            {
                name: [f"This was told already, and stays as it was told: {stays[name]}."]
                for name in changed
            }
        )
    together = now | before
    problem = Problem(
        reason_code=reason.code,
        channel=case.channel,
        note=case.note,
        customer=later.customer,
        order_reference=together.get("order_reference", ""),
        order_value=together.get("order_value"),
        order_date=together.get("order_date"),
    )
    return Told(problem, reason, {**facts_now, **facts_before})


def fill_in(
    case: Case, told: Told, *, customer: Customer | None, second_failure: bool
) -> list[str]:
    """Put what was told later into the case, unsaved; returns the names of the columns it fills."""
    problem = told.problem
    filled = {
        "customer": customer,
        "order_reference": problem.order_reference,
        "order_value": problem.order_value,
        "order_date": problem.order_date,
        "facts": {**stored_facts(told.facts), **case.facts},
        "second_failure": second_failure,
    }
    names = [name for name, value in filled.items() if getattr(case, name) != value]
    for name, value in filled.items():  # the customer too, who may have an address since
        setattr(case, name, value)
    return names


def _told(
    told: Case | Details, customer: Customer | CustomerDetails | None, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What is known, by the names that errors have."""
    order = {
        "customer.reference": customer and customer.reference.strip(),
        "order_reference": told.order_reference.strip() or None,
        "order_value": told.order_value,
        "order_date": told.order_date,
    }
    known = {name: value for name, value in order.items() if value is not None}
    return known | {f"facts.{key}": value for key, value in facts.items()}


def _in_words(name: str, value: Any, currency: str) -> str:
    words = {True: "yes", False: "no"}
    if isinstance(value, bool):
        return words[value]
    return money_text(value, currency) if name == "order_value" else str(value)
