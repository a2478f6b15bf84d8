"""Agents, customers and cases cross in every order: nobody waits for each other in a circle."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from budgets.check import problems
from policies.publish import publish
from resolutions.conclude import close_without_remedy, hand_over, take_up_again
from resolutions.errors import CaseEnded, OutsideAuthority
from resolutions.gaps import say_what_could_not_be_done
from resolutions.models import Case
from tests.cast import Cast, draft_rule
from tests.putting_right import give_also, put_right, so_many, so_much
from tests.races.together import raised, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CUSTOMERS = ["C-1", "C-2", "C-3", "new-1", "new-2"]
ORDERS = ["A-1", "A-2", ""]


def test_no_deadlock_when_everything_crosses(forno: Cast) -> None:
    forno.rule(measure="times", value="9", per="order", remedies=["money-off"])
    forno.rule(effect="grant", value="4.00", entitlement=True, remedies=["reorder"])
    cases = [put_right(forno.agent, customer=customer) for customer in CUSTOMERS[:3] * 2]
    random = Random(20261121)  # the same order every time

    def a_shift() -> Callable[[], list[Exception]]:
        acts = [an_act(forno, cases, random) for _ in range(8)]
        return lambda: [refusal for act in acts if (refusal := refused(act))]

    outcomes = together([a_shift() for _ in range(16)])

    assert raised(outcomes) == []
    refusals = [refusal for outcome in outcomes for refusal in outcome]
    assert {type(refusal) for refusal in refusals} <= {OutsideAuthority, CaseEnded}
    assert len(refusals) < 16 * 8
    assert list(problems()) == []


def an_act(company: Cast, cases: list[dict[str, Any]], random: Random) -> Callable[[], Any]:
    """One of all that people do, by anyone, for any customer, in any case."""
    person = random.choice([p for p in company.people.values() if p.tier])
    case = random.choice(cases)
    row = Case(pk=case["id"], customer_id=Case.objects.get(pk=case["id"]).customer_id)
    acts: list[Callable[[], Any]] = [
        partial(
            put_right,
            person,
            so_much("money-off", "0.50"),
            so_many("reorder"),
            customer=random.choice(CUSTOMERS),
            order_reference=random.choice(ORDERS),
        ),
        partial(give_also, case, person, so_much("voucher", "0.50")),
        partial(close_without_remedy, row, said="Sorry.", **by(person)),
        partial(hand_over, row, to="The shop", reason="They asked for it.", **by(person)),
        partial(take_up_again, row, channel="phone", **by(person)),
        partial(words, case, person),
        partial(publish_a_rule, company, uuid4().hex),
    ]
    return random.choice(acts)


def by(person: Any) -> dict[str, Any]:
    return {"acting_employee": person, "request_id": uuid4()}


def words(case: dict[str, Any], person: Any) -> None:
    say_what_could_not_be_done(
        "Flowers.", acting_employee=person, case=Case.objects.get(pk=case["id"])
    )


def publish_a_rule(company: Cast, title: str) -> None:
    publish(draft_rule(company, title, value="50.00"), published_by=company.manager)


def refused(act: Callable[[], Any]) -> Exception | None:
    """Carry it out; give the refusal, if it is one that can be."""
    try:
        act()
    except (OutsideAuthority, CaseEnded) as refusal:
        return refusal
    return None
