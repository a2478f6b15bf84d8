"""What counts together: all remedies of a case by everyone, and rules per order and customer."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from budgets.models import Budget
from resolutions.errors import OutsideAuthority, OwnCase
from resolutions.models import Customer, Resolution
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.putting_right import (
    NOW,
    give_also,
    given,
    put_right,
    rows_written,
    so_many,
    so_much,
)


def test_the_limit_counts_all_remedies_of_the_case_at_cost(forno: Cast) -> None:
    receipt = put_right(
        forno.agent,
        so_much("money-off", "15.00"),
        so_much("voucher", "10.00"),  # costs 6.00
        so_many("reorder"),
    )
    assert given(receipt) == [("money-off", "15.00"), ("voucher", "6.00"), ("reorder", "4.00")]

    with pytest.raises(OutsideAuthority):
        put_right(
            forno.agent,
            so_much("money-off", "15.01"),
            so_much("voucher", "10.00"),
            so_many("reorder"),
        )


def test_what_a_colleague_gave_in_the_case_counts_on_its_limit(forno: Cast) -> None:
    case = put_right(forno.agent, so_much("money-off", "20.00"))
    give_also(case, forno.colleague, so_many("free-pizza"))

    with pytest.raises(OutsideAuthority):
        give_also(case, forno.people["forno.driver3"], so_much("money-off", "0.01"))
    receipt = give_also(case, forno.lead, so_much("voucher", "91.65"))  # costs 54.99 of 55.00 left

    assert given(receipt)[2] == ("voucher", "54.99")
    with pytest.raises(OutsideAuthority):
        give_also(case, forno.lead, so_much("money-off", "0.02"))
    left = dict(Budget.objects.values_list("employee__username", "spent"))
    assert left == {
        "forno.driver1": Decimal("20.00"),
        "forno.driver2": Decimal("5.00"),
        "forno.driver3": Decimal(0),
        "forno.lead1": Decimal("54.99"),
    }


def test_what_a_grant_covers_does_not_use_up_the_limit(forno: Cast) -> None:
    forno.rule(effect="grant", measure="times", value="1", remedies=["free-pizza"])
    case = put_right(forno.agent, so_many("free-pizza"), so_much("money-off", "25.00"))

    assert [row.against_limit for row in Resolution.objects.order_by("entry_id")] == [
        Decimal(0),
        Decimal("25.00"),
    ]
    with pytest.raises(OutsideAuthority):
        give_also(case, forno.agent, so_many("free-pizza"))


def test_once_per_customer_counts_what_every_colleague_gave(forno: Cast) -> None:
    forno.rule(measure="times", value="1", per="customer", remedies=["free-pizza"])
    put_right(forno.agent, so_many("free-pizza"), customer="C-1")

    for employee in (forno.agent, forno.colleague, forno.lead):
        with pytest.raises(OutsideAuthority):
            put_right(employee, so_many("free-pizza"), customer="C-1")
    put_right(forno.colleague, so_many("reorder"), customer="C-1")
    put_right(forno.colleague, so_many("free-pizza"), customer="C-2")


def test_once_per_customer_in_ninety_days_can_be_given_again_on_the_ninetieth(
    forno: Cast,
) -> None:
    forno.rule(measure="times", value="1", per="customer", window_days=90, remedies=["free-pizza"])
    put_right(forno.agent, so_many("free-pizza"), customer="C-1")

    with pytest.raises(OutsideAuthority):
        put_right(
            forno.agent,
            so_many("free-pizza"),
            customer="C-1",
            at=NOW + timedelta(days=89, hours=23),
        )
    put_right(forno.agent, so_many("free-pizza"), customer="C-1", at=NOW + timedelta(days=90))


def test_what_a_customer_has_bought_so_far_widens_what_they_are_given(forno: Cast) -> None:
    worth_keeping = [("lifetime_value", "gt", "500"), ("earlier_same", "eq", "0", 90)]
    forno.rule(effect="grant", value="60.00", remedies=["money-off"], conditions=worth_keeping)
    put_right(forno.agent, customer="C-1")
    with pytest.raises(OutsideAuthority):
        put_right(forno.agent, so_much("money-off", "60.00"), customer="C-1")

    Customer.objects.filter(reference="C-1").update(lifetime_value="500.01")

    put_right(forno.agent, so_many("free-pizza"), customer="C-1")  # of another kind
    put_right(forno.agent, so_much("money-off", "60.00"), customer="C-1")
    with pytest.raises(OutsideAuthority):
        put_right(forno.agent, so_much("money-off", "60.00"), customer="C-1")


def test_no_more_than_the_order_counts_all_cases_of_the_order(forno: Cast) -> None:
    forno.rule(measure="percent", value="100", per="order", remedies=["money-off"])
    order: dict[str, Any] = {"order_reference": "A-77", "order_value": "23.50"}
    put_right(forno.agent, so_much("money-off", "20.00"), **order)

    with pytest.raises(OutsideAuthority):
        put_right(forno.colleague, so_much("money-off", "3.51"), **order)
    put_right(forno.colleague, so_much("money-off", "3.50"), **order)
    put_right(
        forno.colleague, so_much("money-off", "3.51"), order_value="23.50", order_reference="B"
    )


def test_the_same_order_of_another_division_does_not_count(forno: Cast, orchard: Cast) -> None:
    for company in (forno, orchard):
        company.rule(measure="times", value="1", per="order", remedies=["money-off"])
    put_right(forno.agent, so_much("money-off", "5.00"), order_reference="A-77")
    put_right(orchard.agent, so_much("money-off", "5.00"), order_reference="A-77")

    assert Resolution.objects.count() == 2


def test_a_rule_published_now_decides_the_next_case(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"))
    forno.rule(value="10.00", remedies=["money-off"])

    with pytest.raises(OutsideAuthority):
        put_right(forno.agent, so_much("money-off", "10.01"))
    receipt = put_right(forno.agent, so_much("money-off", "10.00"))

    bound = receipt["resolutions"][0]["decision"]["binding"]
    assert (bound["kind"], bound["title"], bound["version"]) == ("restriction", "A rule", 1)


@pytest.mark.parametrize(
    ("known_as", "told"),
    [
        ({"customer_reference": "C-1"}, CustomerDetails("C-1")),
        ({"customer_reference": "C-1"}, CustomerDetails("  C-1 ")),
        ({"email": "Kim@Example.com"}, CustomerDetails("C-9", email="kim@example.COM")),
    ],
)
def test_nobody_resolves_a_case_in_which_they_are_the_customer(
    forno: Cast, known_as: dict[str, str], told: CustomerDetails
) -> None:
    case = put_right(forno.colleague, customer=told)
    for name, value in known_as.items():
        setattr(forno.agent, name, value)
    before = rows_written()

    with pytest.raises(OwnCase):
        put_right(forno.agent, so_many("reorder"), customer=told)
    with pytest.raises(OwnCase):
        give_also(case, forno.agent, so_many("reorder"))

    assert rows_written() == before
    give_also(case, forno.colleague, so_many("reorder"))


def test_a_new_customer_with_ones_own_address_is_oneself(forno: Cast) -> None:
    before = rows_written()
    with pytest.raises(OwnCase):
        put_right(
            forno.agent,
            so_many("reorder"),
            customer=CustomerDetails("NEW", email="FORNO.driver1@example.com"),
        )
    assert rows_written() == before
    assert not Customer.objects.exists()


def test_people_without_an_address_are_not_taken_for_each_other(forno: Cast) -> None:
    forno.agent.email = ""
    put_right(forno.agent, so_many("reorder"), customer=CustomerDetails("C-1", email=""))
