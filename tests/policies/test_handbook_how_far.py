"""What I may give: per remedy how far one's word goes, and the rules that widen or narrow it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from employees.models import Employee
from policies.handbook import open_handbook
from policies.models import Policy
from policies.rulebook import rulebook_of
from tests.cast import Cast
from tests.pages import client_of, words
from tests.putting_right import NOW


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def told(
    company: Cast, employee: Employee | None = None, reason: str = ""
) -> dict[str, tuple[str, list[str]]]:
    """What the handbook says of each remedy: how far, and the rules in a few words."""
    company.refresh()
    rulebook = rulebook_of(company.division)
    book = open_handbook(
        employee or company.agent, rulebook, at=NOW, reason=rulebook.reason(reason)
    )
    return {
        entry.remedy.code: (entry.how_far.figure, [rule.words for rule in entry.how_far.rules])
        for entry in book.remedies
    }


@pytest.mark.once
def test_without_rules_it_is_the_limit_in_the_remedys_own_measure(forno: Cast) -> None:
    assert told(forno) == {
        "free-pizza": ("up to 2 pizzas", []),  # at most two in a case
        "reorder": ("up to 1 reorder", []),
        "money-off": ("up to $25.00", []),
        "voucher": ("up to $41.66", []),  # it costs 60 %
    }


def test_a_personal_limit_stands_instead_of_the_tiers(forno: Cast) -> None:
    Employee.objects.filter(pk=forno.agent.pk).update(personal_limit=Decimal("7.50"))
    driver = Employee.objects.with_authority().get(pk=forno.agent.pk)
    assert told(forno, driver)["money-off"] == ("up to $7.50", [])
    assert told(forno, driver)["free-pizza"] == ("up to 1 pizza", [])
    assert told(forno, forno.lead)["money-off"] == ("up to $80.00", [])


@pytest.mark.once
def test_what_holds_in_every_case_is_in_the_figure(forno: Cast) -> None:
    forno.rule("More", effect="grant", value="40.00", remedies=["money-off"])
    forno.rule("Less", value="30.00", remedies=["money-off"])
    forno.rule("Per customer", value="10.00", per="customer", remedies=["voucher"])
    assert told(forno)["money-off"] == (
        "up to $30.00",
        ["up to $40.00 per case", "at most $30.00 per case"],
    )
    assert told(forno)["voucher"] == ("up to $10.00", ["at most $10.00 per customer"])


@pytest.mark.once
def test_a_percentage_of_an_order_that_nobody_knows_is_said_and_is_not_0(forno: Cast) -> None:
    forno.rule("Order", measure="percent", value="100", per="order", remedies=["money-off"])
    assert told(forno)["money-off"] == ("up to $25.00", ["at most 100 % of the order"])


@pytest.mark.once
def test_what_depends_on_the_case_is_said_and_not_counted(forno: Cast) -> None:
    forno.rule(
        "Very late", effect="grant", value="60.00", remedies=["money-off"], reasons=["late"],
        conditions=[("minutes_late", "ge", "60")], entitlement=True,
    )  # fmt: skip
    forno.rule("By phone", value="5.00", channels=["phone", "chat"], remedies=["money-off"])
    forno.rule(
        "Small", value="3.00", conditions=[("order_value", "lt", "10")], remedies=["money-off"]
    )
    figure, rules = told(forno)["money-off"]
    assert figure == "up to $25.00"
    assert rules == [
        "owed $60.00 per case after Late, when minutes late is at least 60",
        "at most $5.00 per case (phone or chat)",
        "at most $3.00 per case, when order value is less than $10.00",
    ]


@pytest.mark.once
def test_for_a_reason_code_its_own_rules_count_and_those_of_others_do_not(forno: Cast) -> None:
    forno.rule("Late", effect="grant", value="40.00", remedies=["money-off"], reasons=["late"])
    forno.rule("Cold", value="4.00", remedies=["money-off"], reasons=["cold"])
    assert told(forno)["money-off"] == (
        "up to $25.00",
        ["up to $40.00 per case after Late", "at most $4.00 per case after Cold food"],
    )
    assert told(forno, reason="late")["money-off"] == ("up to $40.00", ["up to $40.00 per case"])
    assert told(forno, reason="cold")["money-off"] == ("up to $4.00", ["at most $4.00 per case"])


@pytest.mark.once
def test_what_is_forbidden_stands_last_and_says_never(forno: Cast) -> None:
    forno.rule("No pizza", effect="forbid", remedies=["free-pizza"])
    forno.rule("Not cold", effect="forbid", remedies=["reorder"], reasons=["cold"])
    assert list(told(forno)) == ["reorder", "money-off", "voucher", "free-pizza"]
    assert told(forno)["free-pizza"] == ("never", ["never"])
    assert told(forno)["reorder"] == ("up to 1 reorder", ["never after Cold food"])
    assert told(forno, reason="cold")["reorder"] == ("never", ["never"])


@pytest.mark.once
def test_what_costs_more_than_the_limit_is_not_told_as_0(forno: Cast, scm: Cast) -> None:
    Employee.objects.filter(pk=forno.agent.pk).update(personal_limit=Decimal("4.50"))
    driver = Employee.objects.with_authority().get(pk=forno.agent.pk)
    assert told(forno, driver)["free-pizza"] == ("only where a rule says so", [])
    Employee.objects.filter(pk=scm.agent.pk).update(personal_limit=Decimal("0"))
    rep = Employee.objects.with_authority().get(pk=scm.agent.pk)
    assert told(scm, rep)["bill-credit"] == ("only where a rule says so", [])


def test_rules_of_others_and_rules_to_come_say_nothing(forno: Cast, scm: Cast) -> None:
    forno.rule("Leads", value="1.00", tiers=["Shift lead"])
    forno.rule("Queens", value="1.00", teams=["Queens"])
    forno.rule("Soon", value="1.00", starts_at=NOW + timedelta(days=1))
    forno.rule("Over", value="1.00", ends_at=NOW)
    assert told(forno)["money-off"] == ("up to $25.00", [])


def test_each_is_linked_to_the_rule_on_the_page(forno: Cast) -> None:
    forno.rule("Order", measure="percent", value="100", per="order", remedies=["money-off"])
    page = client_of(forno.agent).get("/handbook/")
    rule = Policy.objects.get()
    assert "Money off the bill up to $25.00 At most 100 % of the order: Order" in words(page)
    assert f'<a href="#rule-{rule.pk}">Order</a>' in page.content.decode()
    assert f'id="rule-{rule.pk}"' in page.content.decode()
