"""The rulebook: read in a fixed number of queries, kept, and fresh after any change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from employees.models import Division
from policies.authority import options
from policies.complete import refuse_incomplete
from policies.errors import IncompleteRule
from policies.matrix.codes import Codes
from policies.matrix.conditions import read_conditions
from policies.models import AskedFact, Policy, ReasonCode, Remedy, Status
from policies.publish import new_version, publish, withdraw
from policies.question import Question
from policies.rulebook import draft_rule as draft_rule_terms
from policies.rulebook import load_rulebook, rulebook_of
from policies.rules import Rulebook
from tests.cast import LONG_AGO, Cast, draft_rule
from tests.queries import assert_queries
from tests.raw_sql import execute

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


def as_another_process_sees_it(company: Cast) -> Division:
    """The division's row, read anew."""
    return Division.objects.get(pk=company.division.pk)


# --- Queries ---------------------------------------------------------------------------------

NINE_QUERIES = [
    "select policies_reasoncode",
    "select policies_askedfact",
    "select policies_remedy",
    "select policies_policy",
    "select policies_reasoncode",  # the rules' scopes
    "select policies_remedy",
    "select employees_authoritytier",
    "select employees_team",
    "select policies_condition",
]


def test_a_rulebook_is_read_in_nine_queries_however_many_rules_there_are(forno: Cast) -> None:
    for _ in range(4):
        forno.rule(
            value="1.00",
            reasons=["late"],
            remedies=["money-off"],
            tiers=["Driver"],
            teams=["Queens"],
            conditions=[("minutes_late", "ge", "30")],
        )
        with assert_queries(NINE_QUERIES):
            load_rulebook(forno.division)


def test_a_warm_rulebook_costs_no_query_and_neither_does_a_decision(forno: Cast) -> None:
    forno.rule(value="10.00")
    warm = rulebook_of(forno.division)
    question = Question(at=NOW, limit=Decimal("25.00"))
    with assert_queries([]):
        assert rulebook_of(forno.division) is warm
        assert [option.limit for option in options(warm, question)] == [0, 1, 10, 10]


def test_each_division_has_its_own(forno: Cast, orchard: Cast) -> None:
    forno.rule("Theirs", value="10.00")
    assert [r.title for r in rulebook_of(forno.division).rules] == ["Theirs"]
    book = rulebook_of(orchard.division)
    assert (book.currency, book.rules) == ("GBP", ())
    assert {remedy.code for remedy in book.remedies} == set(orchard.remedies)


# --- Fresh at once -----------------------------------------------------------------------------


def _retire_a_remedy(company: Cast) -> None:
    execute(
        "UPDATE policies_remedy SET is_active = false WHERE id = %s", company.remedies["voucher"].pk
    )


def _drop_a_remedy(company: Cast) -> None:
    execute("DELETE FROM policies_remedy WHERE id = %s", company.remedies["voucher"].pk)


def _add_a_remedy(company: Cast) -> None:
    Remedy.objects.bulk_create(
        [Remedy(division=company.division, code="song", name="Song", rationale="Joy.")]
    )


def _rename_a_reason(company: Cast) -> None:
    execute(
        "UPDATE policies_reasoncode SET name = 'Tardy' WHERE id = %s", company.reasons["late"].pk
    )


def _drop_a_reason(company: Cast) -> None:
    execute("DELETE FROM policies_reasoncode WHERE id = %s", company.reasons["cold"].pk)


def _add_a_reason(company: Cast) -> None:
    ReasonCode.objects.bulk_create([ReasonCode(division=company.division, code="wet", name="Wet")])


def _ask_more(company: Cast) -> None:
    fact = AskedFact(reason_code=company.reasons["cold"], key="degrees", kind="number")
    AskedFact.objects.bulk_create([fact])


def _ask_less(company: Cast) -> None:
    execute("DELETE FROM policies_askedfact WHERE reason_code_id = %s", company.reasons["late"].pk)


def _ask_otherwise(company: Cast) -> None:
    execute(
        "UPDATE policies_askedfact SET unit = 'min' WHERE reason_code_id = %s",
        company.reasons["late"].pk,
    )


def _publish_a_rule(company: Cast) -> None:
    publish(draft_rule(company, value="1.00"), published_by=None, starts_at=LONG_AGO, at=LONG_AGO)


def _insert_a_published_rule(company: Cast) -> None:
    Policy.objects.bulk_create([a_version(company.division, uuid4(), 1, LONG_AGO)])


@pytest.mark.parametrize(
    "change",
    [
        _retire_a_remedy,
        _drop_a_remedy,
        _add_a_remedy,
        _rename_a_reason,
        _drop_a_reason,
        _add_a_reason,
        _ask_more,
        _ask_less,
        _ask_otherwise,
        _publish_a_rule,
        _insert_a_published_rule,
    ],
)
def test_what_another_process_changes_is_seen_at_once(
    forno: Cast, orchard: Cast, change: Callable[[Cast], None]
) -> None:
    kept, others = rulebook_of(forno.division), rulebook_of(orchard.division)
    change(forno)
    fresh = rulebook_of(as_another_process_sees_it(forno))
    assert fresh != kept
    assert fresh == load_rulebook(as_another_process_sees_it(forno))
    assert rulebook_of(as_another_process_sees_it(orchard)) is others


def test_a_draft_changes_nothing_for_anyone(forno: Cast) -> None:
    kept = rulebook_of(forno.division)
    draft = draft_rule(forno, value="1.00", conditions=[("order_value", "ge", "10")])
    draft.title = "Better words"
    draft.save()
    draft.conditions.all().delete()
    draft.delete()
    assert rulebook_of(as_another_process_sees_it(forno)) is kept


def test_a_change_of_limits_leaves_the_rulebook_as_it_is(forno: Cast) -> None:
    kept = rulebook_of(forno.division)
    tier = forno.tiers["Driver"]
    tier.limit_per_case = Decimal("40.00")
    tier.save()
    assert rulebook_of(as_another_process_sees_it(forno)) is kept


# --- Rows as terms --------------------------------------------------------------------------


def test_a_rule_is_read_as_it_was_written(forno: Cast) -> None:
    published = forno.rule(
        "Late",
        effect="grant",
        value="15.00",
        per="customer",
        window_days=90,
        entitlement=True,
        review_afterwards=True,
        reasons=["late"],
        remedies=["money-off"],
        tiers=["Driver"],
        teams=["Queens"],
        channels=["doorstep"],
        ends_at=NOW,
        conditions=[("minutes_late", "in", "30, 45"), ("earlier_value", "le", "20", 60)],
    )
    (rule,) = load_rulebook(forno.division).rules
    assert (rule.id, rule.version, rule.title) == (published.pk, 1, "Late")
    assert (rule.effect, rule.measure, rule.value) == ("grant", "amount", 15)
    assert (rule.per, rule.window_days) == ("customer", 90)
    assert (rule.entitlement, rule.review_afterwards, rule.allows_grace) == (True, True, False)
    assert rule.rationale == "Late: that is fair to everyone."
    assert rule.customer_wording == "Late: here is what I can do."
    assert (rule.starts_at, rule.ends_at) == (LONG_AGO, NOW)
    assert rule.reason_codes == {forno.reasons["late"].pk}
    assert rule.remedies == {forno.remedies["money-off"].pk}
    assert rule.tiers == {forno.tiers["Driver"].pk}
    assert rule.teams == {forno.teams["Queens"].pk}
    assert rule.channels == {"doorstep"}
    late, earlier = rule.conditions
    assert (late.operator, late.value) == ("in", {Decimal(30), Decimal(45)})
    assert (earlier.operator, earlier.value, earlier.window_days) == ("le", 20, 60)


def test_a_hard_rule_needs_no_figure(forno: Cast) -> None:
    forno.rule("Never", effect="forbid")
    (rule,) = load_rulebook(forno.division).rules
    assert (rule.effect, rule.measure, rule.value) == ("forbid", "", 0)


def test_each_remedy_is_costed_as_its_row_says(forno: Cast, orchard: Cast) -> None:
    book = load_rulebook(forno.division)
    terms = {remedy.code: remedy for remedy in book.remedies}
    assert list(terms) == ["free-pizza", "reorder", "money-off", "voucher"]
    pizza, reorder = terms["free-pizza"], terms["reorder"]
    assert (pizza.cost_of(Decimal(1)), pizza.face_value_of(Decimal(1))) == (5, 15)
    assert (reorder.cost_of(Decimal(1)), reorder.face_value_of(Decimal(1))) == (4, 4)
    assert (pizza.most_in_a_case, pizza.unit, pizza.unit_plural) == (2, "pizza", "pizzas")
    assert terms["money-off"].cost_of(Decimal("10.00")) == 10
    assert terms["voucher"].cost_of(Decimal("10.00")) == 6
    keep = load_rulebook(orchard.division).remedy("keep-item")
    assert keep
    assert (keep.by_quantity, keep.cost_of(Decimal(3)), keep.face_value_of(Decimal(3))) == (
        True,
        0,
        0,
    )


def test_figures_of_another_costing_are_left_aside(forno: Cast) -> None:
    columns = {"cost_per_unit": Decimal("5.00"), "cost_share_percent": 40, "max_quantity": 2}
    Remedy.objects.filter(pk=forno.remedies["money-off"].pk).update(**columns)
    money_off = load_rulebook(forno.division).remedy("money-off")
    assert money_off
    assert not money_off.by_quantity
    assert money_off.cost_of(Decimal("10.00")) == 10
    assert not money_off.most_in_a_case.is_finite()


def test_a_reason_code_tells_what_it_asks_for(scm: Cast) -> None:
    reason = load_rulebook(scm.division).reason("slow-data")
    assert reason
    (plan,) = reason.facts
    assert (plan.key, plan.kind, plan.choices) == ("plan", "choice", ("basic", "plus", "max"))


def late_pizza(company: Cast, **facts: Any) -> Question:
    """A pizza that came late, with what was told about it."""
    late = company.reasons["late"].pk
    return Question(at=NOW, limit=Decimal("25.00"), reason_id=late, facts=facts)


def money_off(book: Rulebook, question: Question) -> Decimal:
    """How much money off there can be."""
    return next(o.limit for o in options(book, question) if o.remedy.code == "money-off")


@pytest.mark.parametrize("kind", ["yes_no", "choice"])
def test_a_fact_whose_kind_changed_is_not_known_to_rules_about_it(forno: Cast, kind: str) -> None:
    late = {"reasons": ["late"], "conditions": [("minutes_late", "ge", "30")]}
    forno.rule("More when late", effect="grant", value="40.00", **late)
    forno.rule("Less when late", value="10.00", remedies=["voucher"], **late)
    forno.rule(
        "Less in time", value="5.00", conditions=[("minutes_late", "lt", "30")], reasons=["late"]
    )
    in_time = late_pizza(forno, minutes_late=Decimal(30))
    assert money_off(load_rulebook(forno.division), in_time) == 40
    AskedFact.objects.filter(key="minutes_late").update(kind=kind, choices="10, 30, 50")
    changed = load_rulebook(forno.division)
    for answer in ("30", "50", True):
        assert money_off(changed, late_pizza(forno, minutes_late=answer)) == 5


def test_a_fact_that_is_asked_no_more_is_not_known(forno: Cast) -> None:
    late = {"reasons": ["late"], "conditions": [("minutes_late", "lt", "30")]}
    forno.rule("Less in time", value="5.00", **late)
    forno.reasons["late"].asked_facts.all().delete()
    assert money_off(load_rulebook(forno.division), late_pizza(forno)) == 5


def ask_after_roaming(scm: Cast, choices: str) -> None:
    """Another reason code asks for the plan, too, with other choices; it comes last."""
    roaming = scm.reasons["roaming"]
    ReasonCode.objects.filter(pk=roaming.pk).update(position=99)
    AskedFact.objects.create(
        reason_code=roaming, key="plan", label="plan", kind="choice", choices=choices
    )


def bill_credit(scm: Cast, plan: str) -> Decimal:
    """How much bill credit there can be after slow data, on this plan."""
    slow = scm.reasons["slow-data"].pk
    question = Question(at=NOW, limit=Decimal("150.00"), reason_id=slow, facts={"plan": plan})
    book = load_rulebook(scm.division)
    return next(o.limit for o in options(book, question) if o.remedy.code == "bill-credit")


def test_choices_of_another_reason_code_change_no_rule(scm: Cast) -> None:
    basic = {"reasons": ["slow-data"], "conditions": [("plan", "eq", "basic")]}
    scm.rule("More on basic", effect="grant", value="200.00", **basic)
    assert (bill_credit(scm, "basic"), bill_credit(scm, "plus")) == (200, 150)
    ask_after_roaming(scm, "gold, silver")
    assert (bill_credit(scm, "basic"), bill_credit(scm, "plus")) == (200, 150)


def test_a_rule_may_compare_with_the_choices_of_any_reason_code(scm: Cast) -> None:
    ask_after_roaming(scm, "gold, silver")
    for plan in ("basic", "gold"):
        draft = draft_rule(scm, plan, effect="grant", value="9", conditions=[("plan", "eq", plan)])
        refuse_incomplete(draft)
        assert draft_rule_terms(draft, starts_at=NOW).conditions[0].value == plan
        facts = Codes.of(scm.division).facts
        (read,) = read_conditions(f"plan = {plan.upper()}", facts, "AUD")
        assert read.value == plan
    wrong = draft_rule(scm, effect="grant", value="9", conditions=[("plan", "eq", "platinum")])
    with pytest.raises(IncompleteRule, match="choose one of basic, plus, max, gold, silver"):
        refuse_incomplete(wrong)


def test_a_rule_about_a_choice_that_is_offered_no_more_does_not_reach_the_others(
    scm: Cast,
) -> None:
    how = {"reasons": ["slow-data"], "conditions": [("plan", "in", "basic, plus")]}
    scm.rule("At most ten on basic and plus", value="10.00", **how)
    AskedFact.objects.filter(key="plan").update(choices="starter, plus, max")
    limits = [bill_credit(scm, plan) for plan in ("basic", "plus", "starter", "max")]
    assert limits == [10, 10, 150, 150]


# --- What is not published yet ----------------------------------------------------------------


def test_a_draft_can_be_asked_as_if_it_held_from_a_moment_on(forno: Cast) -> None:
    first = forno.rule("Ten", value="10.00")
    draft = new_version(first)
    draft.value = Decimal("12.00")
    draft.save()
    book = load_rulebook(forno.division)

    tried = book.with_rule(draft_rule_terms(draft, starts_at=NOW), instead_of=[first.pk])

    before, limit = Question(at=NOW - A_DAY, limit=Decimal("25.00")), Decimal("25.00")
    assert money_off(tried, before) == 10
    assert money_off(tried, Question(at=NOW, limit=limit)) == 12
    assert money_off(book, Question(at=NOW, limit=limit)) == 10


def test_a_version_that_was_still_to_come_never_comes_once_another_takes_its_place(
    forno: Cast,
) -> None:
    first = forno.rule("Ten", value="10.00")
    later = new_version(first)
    later.value = Decimal("20.00")
    publish(later, published_by=None, change_reason="More.", starts_at=NOW + A_DAY, at=NOW)
    draft = new_version(first)
    book = load_rulebook(forno.division)

    rule = draft_rule_terms(draft, starts_at=NOW)
    tried = book.with_rule(rule, instead_of=[first.pk, later.pk])

    assert {r.id for r in tried.in_force(NOW + 2 * A_DAY)} == {draft.pk}


# --- Versions --------------------------------------------------------------------------------


def test_a_scheduled_version_takes_over_at_its_moment_with_nothing_to_reload(forno: Cast) -> None:
    first = forno.rule("Ten", value="10.00")
    draft = new_version(first)
    draft.value = Decimal("12.00")
    publish(draft, published_by=None, change_reason="More.", starts_at=NOW + A_DAY, at=NOW)
    withdraw(
        first,
        withdrawn_by=None,
        change_reason="Enough.",
        starts_at=NOW + 2 * A_DAY,
        at=NOW,
    )
    book = load_rulebook(forno.division)
    moment = timedelta(microseconds=1)
    for at, limit in (
        (NOW, 10),
        (NOW + A_DAY - moment, 10),
        (NOW + A_DAY, 12),
        (NOW + 2 * A_DAY - moment, 12),
        (NOW + 2 * A_DAY, 25),
    ):
        assert money_off(book, Question(at=at, limit=Decimal("25.00"))) == limit


def a_version(
    division: Division,
    series: Any,
    number: int,
    starts_at: datetime,
    *,
    ends_at: datetime | None = None,
    withdrawn: bool = False,
) -> Policy:
    """A published version, as `publish` would have written it."""
    return Policy(
        division=division,
        series=series,
        version=number,
        status=Status.PUBLISHED,
        title=f"Version {number}",
        effect="restrict",
        measure="amount",
        value=Decimal("10.00"),
        rationale="Fair.",
        customer_wording="Here is what I can do.",
        starts_at=starts_at,
        ends_at=ends_at,
        published_at=starts_at,
        withdrawn=withdrawn,
    )


days = st.integers(0, 4)
chains = st.lists(st.tuples(days, st.none() | st.integers(1, 3), st.booleans()), max_size=4)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(chains, max_size=2))
def test_pages_and_decisions_agree_on_what_is_in_force(
    forno: Cast, series: list[list[tuple[int, int | None, bool]]]
) -> None:
    with transaction.atomic():
        Policy.objects.bulk_create(
            a_version(
                forno.division,
                name,
                number,
                NOW + start * A_DAY,
                ends_at=None if length is None else NOW + (start + length) * A_DAY,
                withdrawn=withdrawn,
            )
            for chain in series
            for name in [uuid4()]
            for number, (start, length, withdrawn) in enumerate(chain, start=1)
        )
        draft_rule(forno, value="1.00", starts_at=NOW)
        book = load_rulebook(forno.division)
        published = Policy.objects.filter(status=Status.PUBLISHED)
        for day in range(-1, 8):
            at = NOW + day * A_DAY
            in_force = {policy.pk for policy in Policy.objects.in_force(at)}
            scheduled = {policy.pk for policy in Policy.objects.scheduled(at)}
            past = {policy.pk for policy in Policy.objects.past(at)}
            assert in_force == {rule.id for rule in book.in_force(at)}
            assert in_force | scheduled | past == {policy.pk for policy in published}
            assert len(in_force) + len(scheduled) + len(past) == len(published)
        transaction.set_rollback(True)
