"""What rules count and compare is not taken from under them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from policies.authority import options
from policies.models import Policy, Remedy
from policies.publish import new_version, publish, withdraw
from policies.question import Question
from policies.rulebook import load_rulebook
from tests.admin.desk import Desk, errors, problems
from tests.cast import LONG_AGO, Cast
from tests.raw_sql import execute, guards_down, refused

A_DAY = timedelta(days=1)
ONCE = {"effect": "grant", "measure": "times", "value": "1", "per": "customer"}
TWO = {"measure": "quantity", "value": "2"}
BY_AMOUNT = "UPDATE policies_remedy SET costing = 'entered' WHERE id = %s"


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def counting_rule(forno: Cast, title: str = "Pizza on us", **how: Any) -> Policy:
    """A rule that counts free pizzas, one per customer unless it says otherwise."""
    return forno.rule(title, remedies=["free-pizza"], **(how or ONCE))


def how_far(forno: Cast) -> Decimal:
    """How much of the free pizza can be given to a customer who never got one."""
    question = Question(at=timezone.now(), limit=Decimal("25.00"), customer_known=True)
    book = load_rulebook(forno.division)
    return next(o.limit for o in options(book, question) if o.remedy.code == "free-pizza")


@pytest.mark.parametrize("how", [ONCE, TWO, TWO | {"effect": "grant"}])
def test_what_rules_count_is_not_given_by_amount(
    desk: Desk, forno: Cast, how: dict[str, Any]
) -> None:
    pizza = forno.remedies["free-pizza"]
    counting_rule(forno, **how)
    answer = desk.change(pizza, costing="entered", change_reason="Simpler.")
    assert "“Pizza on us”" in errors(answer)["costing"][0]
    file = "code,costing\nfree-pizza,entered\n"
    ((line, column, words),) = problems(desk.bring_in(Remedy, file, reason="Simpler."))
    assert (line, column) == (2, "costing")
    assert "“Pizza on us”" in words
    with refused("Rules count this remedy by the piece"):
        execute(BY_AMOUNT, pizza.pk)
    assert Remedy.objects.get(pk=pizza.pk).costing == "per_unit"


def test_a_rule_that_is_to_come_keeps_its_pieces_too_and_is_named_once(
    desk: Desk, forno: Cast
) -> None:
    pizza = forno.remedies["free-pizza"]
    next_version = new_version(counting_rule(forno))
    soon = timezone.now() + A_DAY
    publish(next_version, published_by=None, change_reason="Clearer.", starts_at=soon)
    counting_rule(forno, "Later", starts_at=soon, **TWO)
    answer = desk.change(pizza, costing="entered", change_reason="Simpler.")
    assert "“Later”, “Pizza on us”." in errors(answer)["costing"][0]


def test_the_database_keeps_the_pieces_of_a_rule_that_is_to_come(forno: Cast) -> None:
    counting_rule(forno, starts_at=timezone.now() + A_DAY, **ONCE)
    with refused("Rules count this remedy by the piece"):
        execute(BY_AMOUNT, forno.remedies["free-pizza"].pk)


def test_even_so_a_number_never_becomes_money(forno: Cast) -> None:
    counting_rule(forno)
    assert how_far(forno) == 2
    with guards_down("policies_remedy"):
        execute(BY_AMOUNT, forno.remedies["free-pizza"].pk)
    assert how_far(forno) == 25


def test_what_no_rule_counts_any_more_or_counts_in_times_only_is_given_as_one_likes(
    desk: Desk, forno: Cast
) -> None:
    counting_rule(forno, "At most once", measure="times", value="1", per="customer")
    forno.rule("About reorders", remedies=["reorder"], **ONCE)
    over = counting_rule(forno, "Over", ends_at=LONG_AGO + A_DAY, **TWO)
    withdrawn = counting_rule(forno)
    withdraw(withdrawn, withdrawn_by=None, change_reason="Enough.", at=LONG_AGO + A_DAY)
    for rule in (over, withdrawn):
        assert not Policy.objects.current(timezone.now()).filter(pk=rule.pk).exists()
    pizza = forno.remedies["free-pizza"]
    answer = desk.change(pizza, costing="entered", change_reason="Simpler.")
    assert answer.status_code == 302
    assert Remedy.objects.get(pk=pizza.pk).costing == "entered"


def test_what_a_counted_piece_costs_is_changed_as_ever(desk: Desk, forno: Cast) -> None:
    counting_rule(forno)
    pizza = forno.remedies["free-pizza"]
    assert desk.change(pizza, cost_per_unit="6", change_reason="Cheese.").status_code == 302


# --- Choices of a fact --------------------------------------------------------------------------


def offer(company: Cast, choices: str, reason: str = "slow-data", **more: str) -> Any:
    """Offer other choices of the plan, as its manager."""
    fields = {"asked_facts-0-choices": choices, **more}
    return Desk(company.manager).change(company.reasons[reason], **fields)


def offered(company: Cast, reason: str = "slow-data") -> tuple[str, ...]:
    """The choices as they are."""
    return company.reasons[reason].asked_facts.get().offered


@pytest.mark.parametrize(
    ("operator", "compared", "named"),
    [("eq", "basic", "basic"), ("ne", "plus", "plus"), ("in", "max, plus, basic", "basic or plus")],
)
def test_a_choice_that_rules_compare_is_not_taken_away(
    scm: Cast, operator: str, compared: str, named: str
) -> None:
    plan = {"reasons": ["slow-data"], "conditions": [("plan", operator, compared)]}
    scm.rule("By plan", value="10", **plan)
    page = offer(scm, "starter, max").content.decode()
    assert f"Rules compare plan with {named}: “By plan”. Change them first." in page
    assert offered(scm) == ("basic", "plus", "max")


def test_choices_are_added_ordered_and_taken_away_where_no_rule_compares_them(scm: Cast) -> None:
    plan = {"reasons": ["slow-data"], "conditions": [("plan", "eq", "basic")]}
    scm.rule("By plan", value="10", **plan)
    scm.rule("Over", value="10", ends_at=LONG_AGO + A_DAY, reasons=["slow-data"],
             conditions=[("plan", "eq", "max")])  # fmt: skip
    assert offer(scm, "starter, plus, basic").status_code == 302
    assert offered(scm) == ("starter", "plus", "basic")


def test_what_is_asked_after_another_reason_is_not_what_a_rule_compares(scm: Cast) -> None:
    scm.reasons["roaming"].asked_facts.create(
        key="plan", label="plan", kind="choice", choices="basic, gold"
    )
    plan = {"reasons": ["slow-data"], "conditions": [("plan", "eq", "basic")]}
    scm.rule("By plan", value="10", **plan)
    assert offer(scm, "gold", "roaming").status_code == 302
    assert offer(scm, "gold", "roaming", **{"asked_facts-0-DELETE": "on"}).status_code == 302
    assert offer(scm, "max").status_code == 200
    scm.rule("Wherever", effect="grant", value="10", conditions=[("plan", "eq", "basic")])
    page = offer(scm, "max").content.decode()
    assert "“By plan”, “Wherever”" in page
