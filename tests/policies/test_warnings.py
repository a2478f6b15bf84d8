"""What a manager should know of a rule before it is published, and that it is true."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employees.models import AuthorityTier
from policies.authority import judge, options
from policies.decision import Verdict
from policies.rules import ReasonTerms, Rule, Rulebook
from policies.warnings import Kind, warnings_about
from tests.policies.builders import A_DAY, ASKED, NOW, rule, rulebook, when
from tests.policies.examples.shop import free_pizza, keep_item, money_off, reorder, voucher
from tests.policies.strategies import law, situations

LATE = ReasonTerms(1, "late", "Late", (ASKED["minutes_late"],))
COLD = ReasonTerms(2, "cold", "Cold")
OLD = ReasonTerms(3, "old", "Old", is_active=False)
SHOP = replace(
    rulebook([money_off, free_pizza, voucher, replace(reorder, is_active=False)]),
    reasons=(LATE, COLD, OLD),
)
DRIVER = AuthorityTier(pk=1, name="Driver", limit_per_case=Decimal("25.00"))
LEAD = AuthorityTier(pk=2, name="Shift lead", limit_per_case=Decimal("80.00"))


def warned(about: Rule, *others: Rule, shop: Rulebook = SHOP) -> list[tuple[str, str]]:
    """Kinds and words, next to these other rules."""
    numbered = [replace(other, id=n) for n, other in enumerate(others, start=1)]
    found = warnings_about(replace(about, id=99), numbered, shop, [DRIVER, LEAD])
    return [(str(w.kind), w.words) for w in found]


def kinds(about: Rule, *others: Rule) -> list[str]:
    return [kind for kind, _ in warned(about, *others)]


ABOVE = "90.00"  # what no tier may give by itself
SAME = when("earlier_same", "le", "2", 30)


def test_of_a_rule_that_does_what_it_says_there_is_nothing_to_know() -> None:
    assert warned(rule("grant", ABOVE, conditions=[when("minutes_late", "ge", "30")])) == []
    assert warned(rule("restrict", "10.00", remedies=[voucher])) == []
    assert warned(rule("forbid", remedies=[voucher])) == []


# --- Never ----------------------------------------------------------------------------------------


def test_conditions_that_exclude_each_other() -> None:
    both = [when("order_value", "lt", "10"), when("order_value", "gt", "20")]
    assert warned(rule("grant", ABOVE, conditions=both)) == [
        ("never", "It can never apply: what it asks of order value is never all so.")
    ]
    ((kind, words),) = warned(rule("restrict", "5.00", remedies=[voucher], conditions=both))
    assert (kind, words.split(": ")[1]) == ("contradicts", "it holds only where that is not told.")


def test_a_channel_that_it_leaves_out_itself() -> None:
    by_chat = [when("channel", "eq", "chat")]
    assert kinds(rule("forbid", channels=["phone"], remedies=[voucher], conditions=by_chat)) == [
        "never"
    ]


def test_what_is_out_of_use() -> None:
    assert warned(rule("grant", ABOVE, remedies=[reorder])) == [
        ("never", "It applies to nothing now: reorder is out of use.")
    ]
    assert kinds(rule("grant", ABOVE, remedies=[reorder, voucher])) == []
    assert kinds(rule("grant", ABOVE, reason_codes=[3])) == ["never"]


def test_a_grant_by_what_nobody_asks() -> None:
    late = when("minutes_late", "ge", "30")
    assert warned(rule("grant", ABOVE, reason_codes=[2], conditions=[late])) == [
        ("never", "It can never apply: none of its reason codes asks for minutes late.")
    ]
    assert kinds(rule("grant", ABOVE, reason_codes=[1, 2], conditions=[late])) == []


# --- Hidden ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "other", "words"),
    [
        (
            rule("grant", ABOVE, remedies=[voucher], reason_codes=[1]),
            rule("forbid", remedies=[voucher], title="No vouchers"),
            "“No vouchers” forbids this already, whatever this rule says.",
        ),
        (
            rule("restrict", "10.00", remedies=[voucher]),
            rule("restrict", "10.00", title="Ten at most"),
            "“Ten at most” allows no more than this already.",
        ),
        (
            rule("grant", ABOVE, conditions=[when("minutes_late", "ge", "60")]),
            rule("grant", ABOVE, conditions=[when("minutes_late", "ge", "30")], title="Late"),
            "“Late” grants at least as much already.",
        ),
    ],
)
def test_a_rule_that_another_hides(about: Rule, other: Rule, words: str) -> None:
    assert ("hidden", words) in warned(about, other)


@pytest.mark.parametrize(
    ("about", "other"),
    [
        (rule("restrict", "9.99"), rule("restrict", "10.00")),
        (rule("restrict", "10.00"), rule("restrict", "10.00", remedies=[voucher])),
        (rule("restrict", "10.00"), rule("restrict", "5.00", tiers=[1])),
        (rule("restrict", "10.00"), rule("restrict", "5.00", allows_grace=True)),
        (rule("restrict", "10.00"), rule("restrict", "5.00", ends_at=NOW + A_DAY)),
        (rule("restrict", "10.00", starts_at=NOW), rule("restrict", "5.00", starts_at=NOW + A_DAY)),
        (rule("restrict", "10.00"), rule("restrict", "5.00", per="order")),
        (rule("grant", ABOVE, entitlement=True), rule("grant", ABOVE)),
        (rule("grant", ABOVE, remedies=[voucher]), rule("grant", ABOVE)),
        (rule("grant", ABOVE, review_afterwards=True), rule("grant", ABOVE)),
        (rule("grant", ABOVE), rule("grant", ABOVE, review_afterwards=True)),
        (rule("grant", ABOVE), rule("forbid", conditions=[when("order_value", "gt", "1")])),
        # Each counts its own remedies: three vouchers are no three refunds.
        (
            rule("restrict", "10.00", remedies=[voucher], conditions=[SAME]),
            rule("restrict", "5.00", conditions=[SAME]),
        ),
        (
            rule("restrict", "10.00", remedies=[voucher], conditions=[SAME]),
            rule("restrict", "5.00", remedies=[money_off, voucher], conditions=[SAME]),
        ),
    ],
)
def test_a_rule_that_another_leaves_as_it_is(about: Rule, other: Rule) -> None:
    assert "hidden" not in kinds(about, other)


def test_a_grant_that_a_restriction_holds_down() -> None:
    twenty = rule("restrict", "20.00", title="Twenty at most")
    assert ("held-down", "“Twenty at most” holds it down to $20.00.") in warned(
        rule("grant", ABOVE), twenty
    )


# --- The tier, and what is left -------------------------------------------------------------------


def test_a_grant_of_what_the_tiers_may_give_already() -> None:
    assert warned(rule("grant", "25.00")) == [
        (
            "no-more",
            (
                "It gives no more than the tier gives already: Driver may give $25.00 for a case. "
                "It only leaves that for other remedies."
            ),
        )
    ]
    assert kinds(rule("grant", "25.01")) == []
    assert kinds(rule("grant", "80.00", tiers=[2])) == ["no-more"]
    assert kinds(rule("grant", "25.00", entitlement=True)) == []
    assert kinds(rule("grant", "5", measure="quantity", remedies=[free_pizza])) == ["no-more"]
    assert kinds(rule("grant", "6", measure="quantity", remedies=[free_pizza])) == []


@pytest.mark.parametrize("closing", [{"effect": "forbid"}, {"effect": "restrict", "value": "0"}])
def test_a_rule_that_leaves_nothing_to_give(closing: dict[str, Any]) -> None:
    everything = warned(rule(**closing, reason_codes=[1]))
    assert everything == [
        (
            "nothing-left",
            "It leaves nothing to give for Late: whoever it is about could only say no.",
        )
    ]
    assert "nothing to give for Late or Cold:" in warned(rule(**closing))[0][1]
    last = rule(**closing, remedies=[voucher])
    others = rule("forbid", remedies=[money_off, free_pizza, keep_item], reason_codes=[1])
    assert warned(replace(last, reason_codes=frozenset([1])), others) == everything
    assert kinds(last, others) == []


def test_a_remedy_that_is_worth_nothing_is_still_given_where_amounts_are_nothing() -> None:
    shop = replace(rulebook([keep_item]), reasons=(LATE,))
    assert warned(rule("restrict", "0"), shop=shop) == []
    assert warned(rule("restrict", "0", measure="percent"), shop=shop) == []
    ((kind, _),) = warned(rule("restrict", "0", measure="times"), shop=shop)
    assert kind == "nothing-left"


# --- It is true -----------------------------------------------------------------------------------


@st.composite
def siblings(draw: st.DrawFn) -> Any:
    """A situation in which each rule has a sibling that differs from it in one thing, or none."""
    book, question, asks = draw(situations(most_rules=3))
    counted = ("quantity", "times")  # which name their remedies
    likewise = []
    for one in book.rules:
        other = draw(st.sampled_from(book.rules))
        column = draw(st.sampled_from(["review_afterwards", "conditions", "remedies", "tiers"]))
        fits = column != "remedies" or one.measure not in counted
        changed: dict[str, Any] = {column: getattr(other, column)} if fits else {}
        if column == "review_afterwards":
            changed = {column: not one.review_afterwards}
        likewise.append(replace(one, id=one.id + 10, **changed))
    return replace(book, rules=(*book.rules, *likewise)), question, asks


@law
@given(situations() | siblings())
def test_what_is_said_to_be_idle_changes_nothing_when_it_is_left_out(situation: Any) -> None:
    for tried, others, book, question, asks in each_rule_of(situation):
        found = {w.kind for w in warnings_about(tried, others, book, [])}
        if found & {Kind.NEVER, Kind.HIDDEN}:
            left_out = replace(book, rules=others)
            for with_it, without in zip(
                (*options(book, question), *judge(book, question, asks)),
                (*options(left_out, question), *judge(left_out, question, asks)),
                strict=True,
            ):
                assert (with_it.limit, with_it.reach) == (without.limit, without.reach), found
                assert with_it.verdict == without.verdict
                if with_it.verdict != Verdict.OUTSIDE:
                    assert (with_it.owed, with_it.review) == (without.owed, without.review), found


@law
@given(situations() | siblings())
def test_where_nothing_is_said_to_be_left_nothing_is_given(situation: Any) -> None:
    for tried, others, book, question, _ in each_rule_of(situation):
        found = {w.kind for w in warnings_about(tried, others, book, [])}
        answers = options(book, question)
        holds = any(bound.policy_id == tried.id for one in answers for bound in one.bounds)
        if holds and Kind.NOTHING_LEFT in found:
            assert {(one.limit, one.reach) for one in answers} == {(0, 0)}


def each_rule_of(situation: Any) -> Iterator[Any]:
    """Each rule with the others, and the rulebook whose reason codes ask all that they compare."""
    book, question, asks = situation
    asking = ReasonTerms(1, "one", "One", tuple(ASKED.values()))
    book = replace(book, reasons=(asking, ReasonTerms(2, "two", "Two")))
    if question.reason_id == 2:
        question = replace(question, facts={})
    asks = tuple(ask for ask in asks if ask.remedy.is_active)
    for tried in book.rules:
        others = tuple(other for other in book.rules if other is not tried)
        yield tried, others, book, question, asks
