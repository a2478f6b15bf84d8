"""What was not told when a case was opened is told with something more, and counts from then on."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from policies.models import AskedFact
from resolutions.ask import what_more_can_be_given
from resolutions.errors import InvalidCase, OutsideAuthority, OwnCase, RequestConflict
from resolutions.models import AuthorityGap, Case, Customer, FollowUp, Resolution
from resolutions.problem import CustomerDetails, Details
from resolutions.resolve import give_more
from tests.cast import Cast
from tests.putting_right import (
    KIM_LEE,
    NOW,
    give_also,
    put_right,
    rows_written,
    so_many,
    so_much,
)

ALL = Details(
    customer=KIM_LEE,
    order_reference=" A-77 ",
    order_value=Decimal("23.50"),
    order_date=date(2026, 11, 20),
    facts={"minutes_late": "40"},
)


@pytest.fixture
def half_the_order(forno: Cast) -> None:
    """Money off the bill: at most half of the order."""
    forno.rule(measure="percent", value="50", per="order", remedies=["money-off"])


def limit_of(case: Case, forno: Cast, later: Details, remedy: str = "money-off") -> Decimal:
    answered = what_more_can_be_given(case, acting_employee=forno.agent, later=later, at=NOW)
    return next(d.limit for d in answered.options if d.remedy.code == remedy)


def case_of(receipt: Mapping[str, Any]) -> Case:
    return Case.objects.get(pk=receipt["id"])


@pytest.mark.usefixtures("half_the_order")
def test_a_rule_that_measures_the_order_opens_once_the_order_is_told(forno: Cast) -> None:
    opened = put_right(forno.agent)
    with pytest.raises(OutsideAuthority):
        give_also(opened, forno.agent, so_much("money-off", "10.00"))
    assert limit_of(case_of(opened), forno, Details()) == 0
    told = Details(order_reference="A-77", order_value=Decimal("23.50"))
    assert limit_of(case_of(opened), forno, told) == Decimal("11.75")

    give_also(opened, forno.agent, so_much("money-off", "11.75"), later=told)

    case = case_of(opened)
    assert (case.order_reference, case.order_value) == ("A-77", Decimal("23.50"))
    with pytest.raises(OutsideAuthority):
        give_also(opened, forno.agent, so_much("money-off", "0.01"))


def test_all_that_is_told_is_kept_with_the_case(forno: Cast) -> None:
    opened = put_right(forno.agent)
    receipt = give_also(opened, forno.agent, so_many("reorder"), later=ALL)

    case = case_of(opened)
    assert case.customer == Customer.objects.get(reference="555-0142", email="kim@example.com")
    assert (case.order_reference, case.order_date) == ("A-77", date(2026, 11, 20))
    assert case.facts == {"minutes_late": "40"}
    assert receipt["customer"] == {"reference": "555-0142", "name": "Kim Lee"}
    assert FollowUp.objects.get().case == case, "now there is an address to ask at"


def test_what_was_given_before_the_customer_was_told_counts_for_them(forno: Cast) -> None:
    forno.rule(measure="times", value="1", per="customer", remedies=["free-pizza"])
    other = put_right(forno.colleague, so_many("reorder"), customer="C-1")
    given = put_right(forno.agent, so_much("money-off", "5.00"))
    forno.rule(measure="times", value="1", per="customer", remedies=["money-off"])
    case = case_of(given)

    for who in ("C-1", "new here"):
        told = Details(customer=CustomerDetails(who))
        assert limit_of(case, forno, told) == 0
        assert limit_of(case, forno, told, "free-pizza") > 0
    assert Customer.objects.get().reference == case_of(other).customer.reference  # type: ignore[union-attr]


def test_a_second_failure_is_noticed_once_the_customer_is_told(forno: Cast) -> None:
    put_right(forno.colleague, customer="C-1", at=NOW - timedelta(days=20))
    put_right(forno.colleague, customer="C-2", at=NOW - timedelta(days=31))
    forno.rule(
        effect="grant",
        value="40.00",
        remedies=["money-off"],
        conditions=[("second_failure", "eq", "yes")],
    )
    for who, granted in (("C-1", True), ("C-2", False), ("C-3", False)):
        opened = put_right(forno.agent)
        told = Details(customer=CustomerDetails(who))
        assert (limit_of(case_of(opened), forno, told) == 40) is granted
        give_also(opened, forno.agent, so_many("reorder"), later=told)
        assert case_of(opened).second_failure is granted


def test_telling_the_same_again_is_no_change(forno: Cast) -> None:
    opened = put_right(
        forno.agent, customer="C-1", order_value="23.50", facts={"minutes_late": "40"}
    )
    same = Details(
        customer=CustomerDetails(" C-1 "),
        order_value=Decimal("23.5"),
        facts={"minutes_late": "40.0"},
    )
    give_also(opened, forno.agent, so_many("reorder"), later=same)
    assert case_of(opened).facts == {"minutes_late": "40"}


@pytest.mark.parametrize(
    ("later", "where", "said"),
    [
        (Details(order_value=Decimal("24.00")), "order_value", "told: 23.50."),
        (Details(order_reference="A-78"), "order_reference", "A-77"),
        (Details(order_date=date(2026, 11, 19)), "order_date", "2026-11-20"),
        (Details(facts={"minutes_late": "41"}), "facts.minutes_late", "40"),
        (Details(customer=CustomerDetails("C-9")), "customer.reference", "555-0142"),
    ],
)
def test_what_was_told_stays_as_it_was_told(
    forno: Cast, later: Details, where: str, said: str
) -> None:
    opened = put_right(
        forno.agent,
        customer=KIM_LEE,
        order_reference="A-77",
        order_value="23.50",
        order_date=date(2026, 11, 20),
        facts={"minutes_late": "40"},
    )
    before = rows_written()
    with pytest.raises(InvalidCase) as refusal:
        give_also(opened, forno.agent, so_many("reorder"), later=later)

    assert list(refusal.value.errors) == [where]
    assert said in refusal.value.errors[where][0]
    assert rows_written() == before


@pytest.mark.parametrize(
    ("later", "where"),
    [
        (Details(order_value=Decimal(-1)), "order_value"),
        (Details(order_value=Decimal("1.234")), "order_value"),
        (Details(order_value=Decimal("NaN")), "order_value"),
        (Details(order_date=date(1900, 1, 1)), "order_date"),
        (Details(order_date=date(2026, 11, 22)), "order_date"),
        (Details(order_reference="a\x00"), "order_reference"),
        (Details(customer=CustomerDetails("a\x00")), "customer.reference"),
        (Details(facts={"minutes_late": "soon"}), "facts.minutes_late"),
        (Details(facts={"plan": "max"}), "facts.plan"),
        (Details(customer=CustomerDetails(" ")), "customer.reference"),
        (Details(customer=CustomerDetails("C-1", email="kim@")), "customer.email"),
    ],
)
def test_what_can_not_be_meant_so_is_named(forno: Cast, later: Details, where: str) -> None:
    opened = put_right(forno.agent)
    before = rows_written()
    with pytest.raises(InvalidCase) as refusal:
        give_also(opened, forno.agent, so_many("reorder"), later=later)
    assert list(refusal.value.errors) == [where]
    assert rows_written() == before


@pytest.mark.parametrize(
    ("stored", "kind", "told"),
    [("007", "number", None), ("yes", "yes_no", None), ("40.50", "choice", "long")],
)
def test_what_was_told_stays_though_its_fact_has_another_kind_by_now(
    forno: Cast, stored: str, kind: str, told: str | None
) -> None:
    opened = put_right(forno.agent)
    Case.objects.update(facts={"minutes_late": stored})
    AskedFact.objects.update(kind=kind, choices="short, long")
    forno.refresh()
    forno.agent.division = forno.division
    if told is None:
        give_also(opened, forno.agent, so_many("reorder"))
    else:
        later = Details(facts={"minutes_late": told})
        with pytest.raises(InvalidCase, match=stored):
            give_also(opened, forno.agent, so_many("reorder"), later=later)
    assert case_of(opened).facts == {"minutes_late": stored}


def test_an_address_told_later_is_asked_at(forno: Cast) -> None:
    opened = put_right(forno.agent, customer="C-1")
    later = Details(customer=CustomerDetails("C-1", email="kim@example.com"))
    give_also(opened, forno.agent, so_many("reorder"), later=later)
    assert FollowUp.objects.get().case.customer.email == "kim@example.com"  # type: ignore[union-attr]


def test_what_is_refused_leaves_the_case_as_it_was(forno: Cast) -> None:
    opened = put_right(forno.agent)
    with pytest.raises(OutsideAuthority):
        give_also(opened, forno.agent, so_much("money-off", "26.00"), later=ALL)
    case = case_of(opened)
    assert (case.customer, case.order_value, case.facts) == (None, None, {})
    assert AuthorityGap.objects.get().case == case
    assert not Customer.objects.exists()


def test_nobody_gives_more_to_themselves(forno: Cast) -> None:
    opened = put_right(forno.colleague)
    forno.agent.customer_reference = "C-1"
    forno.agent.save()
    with pytest.raises(OwnCase):
        give_also(
            opened,
            forno.agent,
            so_many("reorder"),
            later=Details(customer=CustomerDetails("C-1")),
        )
    assert not Resolution.objects.exists()


def test_who_gave_something_is_not_told_to_be_the_customer_by_their_address(forno: Cast) -> None:
    given = put_right(forno.agent, so_many("reorder"), customer="C-1")
    later = Details(customer=CustomerDetails("C-1", email=forno.agent.email))
    with pytest.raises(InvalidCase, match="gave something"):
        give_also(given, forno.colleague, so_many("free-pizza"), later=later)


@pytest.mark.parametrize("is_known", [True, False])
def test_who_gave_something_does_not_become_the_customer(forno: Cast, is_known: bool) -> None:
    given = put_right(forno.agent, so_many("reorder"))
    forno.agent.customer_reference = "C-1"
    forno.agent.save()
    if is_known:
        Customer.objects.create(division=forno.division, reference="C-1")
    before = rows_written()
    with pytest.raises(InvalidCase, match="gave something"):
        give_also(
            given,
            forno.colleague,
            so_many("free-pizza"),
            later=Details(customer=CustomerDetails("C-1")),
        )
    assert rows_written() == before


def test_the_same_request_with_something_else_told_is_refused(forno: Cast) -> None:
    opened, request_id = put_right(forno.agent), uuid4()

    def give(later: Details, request_id: UUID = request_id) -> dict[str, Any]:
        return give_more(
            case_of(opened),
            gives=[so_many("reorder")],
            later=later,
            acting_employee=forno.agent,
            request_id=request_id,
        )

    first = give(ALL)
    assert give(ALL) == first
    with pytest.raises(RequestConflict):
        give(Details(order_value=Decimal("23.50")))
    assert Resolution.objects.count() == 1
