"""Setting a limit in the grid: the rule behind the cell is published, or nothing is written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.cell_change import now_at
from policies.errors import (
    AlreadyPublished,
    IncompleteRule,
    PolicyError,
    ReasonMissing,
    StartsInThePast,
)
from policies.look_once_more import LookOnceMore
from policies.models import Effect, Policy
from policies.publish import publish, withdraw
from policies.rulebook import load_rulebook
from policies.set_limit import AlreadyThatLimit, StandsInTheWay, place_of, set_limit, tier_terms
from tests.cast import Cast, draft_rule
from tests.policies.strategies import law
from tests.policies.test_cell_change import Where, assert_moved_only, cells_of, limits_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
WORDS: dict[str, Any] = {
    "rationale": "Forty is what three pizzas cost.",
    "customer_wording": "Let me take that off your bill.",
}


def set_to(
    company: Cast,
    limit: str,
    *,
    tier: str = "Driver",
    remedy: str = "money-off",
    after: tuple[str, ...] = (),
    **how: Any,
) -> Policy:
    """Set a limit on the first of March."""
    told = {"change_reason": "Prices rose.", "published_by": company.manager, "at": NOW, **WORDS}
    return set_limit(
        tier=company.tiers[tier],
        remedy=company.remedies[remedy],
        reasons=[company.reasons[code] for code in after],
        limit=Decimal(limit),
        **{**told, **how},
    )


def limit_of(
    company: Cast,
    tier: str = "Driver",
    remedy: str = "money-off",
    after: tuple[str, ...] = (),
    at: datetime = NOW,
) -> Decimal:
    """What the cell says at a moment, read anew."""
    book = load_rulebook(company.division)
    reasons = [company.reasons[code] for code in after]
    place = place_of(book, company.tiers[tier], company.remedies[remedy], reasons)
    return now_at(book, place, at).limit


def written() -> list[tuple[int, str]]:
    """Every version there is."""
    return list(Policy.objects.values_list("pk", "status"))


# --- What is published ----------------------------------------------------------------------


def test_more_is_granted_to_one_tier_by_a_new_rule(forno: Cast) -> None:
    rule = set_to(forno, "40.00")
    assert (rule.status, rule.version, rule.effect, rule.value) == ("published", 1, "grant", 40)
    assert rule.title == "Driver: Money off the bill"
    assert (rule.rationale, rule.change_reason) == (WORDS["rationale"], "Prices rose.")
    assert rule.published_by == forno.manager
    assert limit_of(forno) == 40
    assert limit_of(forno, "Shift lead") == 80
    assert limit_of(forno, remedy="voucher") == Decimal("41.66")


def test_after_one_reason_only_that_reason_s_row_changes(forno: Cast) -> None:
    rule = set_to(forno, "10.00", after=("late",))
    assert rule.title == "Driver: Money off the bill, after Late"
    assert list(rule.reason_codes.all()) == [forno.reasons["late"]]
    assert limit_of(forno, after=("late",)) == 10
    assert limit_of(forno) == limit_of(forno, after=("cold",)) == 25


def test_nothing_is_a_ban_with_its_why(forno: Cast) -> None:
    rule = set_to(forno, "0")
    assert (rule.effect, rule.measure, rule.value) == (Effect.FORBID, "", None)
    assert limit_of(forno) == 0


def test_the_cell_s_own_rule_gets_a_next_version_and_keeps_its_words(forno: Cast) -> None:
    first = set_to(forno, "40.00")
    second = set_to(forno, "30.00", rationale="", customer_wording=" ", at=NOW + A_DAY)
    assert (second.series, second.version) == (first.series, 2)
    assert (second.value, second.rationale) == (30, WORDS["rationale"])
    third = set_to(forno, "20.00", rationale="New words.", at=NOW + 2 * A_DAY)
    assert (third.version, third.effect, third.rationale) == (3, "restrict", "New words.")
    fourth = set_to(forno, "0", at=NOW + 3 * A_DAY)
    fifth = set_to(forno, "60.00", at=NOW + 4 * A_DAY)
    assert (fourth.effect, fifth.effect, fifth.version) == ("forbid", "grant", 5)
    limits = [limit_of(forno, at=NOW + days * A_DAY) for days in range(5)]
    assert limits == [40, 30, 20, 0, 60]


def test_a_rule_that_ends_by_itself_still_does(forno: Cast) -> None:
    until = NOW + 30 * A_DAY
    rule = {"effect": "grant", "value": "40.00", "remedies": ["money-off"], "tiers": ["Driver"]}
    forno.rule("For a month", ends_at=until, **rule)
    assert set_to(forno, "50.00").ends_at == until
    assert [limit_of(forno, at=at) for at in (NOW, until)] == [50, 25]


def test_a_withdrawal_that_is_to_come_still_comes(forno: Cast) -> None:
    first, soon = set_to(forno, "40.00"), NOW + 10 * A_DAY
    why = "Until summer."
    withdraw(first, withdrawn_by=forno.manager, change_reason=why, starts_at=soon, at=NOW)
    assert set_to(forno, "45.00", at=NOW + A_DAY).ends_at == soon
    limits = [limit_of(forno, at=at) for at in (NOW, NOW + A_DAY, soon)]
    assert limits == [40, 45, 25]


def test_what_is_scheduled_after_its_start_is_replaced_and_ends_nothing(forno: Cast) -> None:
    set_to(forno, "40.00")
    set_to(forno, "50.00", starts_at=NOW + 10 * A_DAY)
    assert set_to(forno, "30.00", at=NOW + A_DAY).ends_at is None
    assert limit_of(forno, at=NOW + 11 * A_DAY) == 30


def test_it_can_start_later_and_what_was_scheduled_before_that_still_comes(forno: Cast) -> None:
    set_to(forno, "40.00")
    set_to(forno, "50.00", starts_at=NOW + 2 * A_DAY)
    set_to(forno, "60.00", starts_at=NOW + 4 * A_DAY)
    limits = [limit_of(forno, at=NOW + days * A_DAY) for days in range(5)]
    assert limits == [40, 40, 50, 50, 60]


def test_for_all_it_covers_a_broader_rule_gets_a_next_version(forno: Cast) -> None:
    broad = forno.rule("Twenty at most", value="20.00", remedies=["money-off"])
    rule = set_to(forno, "22.00", for_all_of=broad.pk, rationale="", customer_wording="")
    assert (rule.series, rule.version, rule.rationale) == (broad.series, 2, broad.rationale)
    assert limit_of(forno) == limit_of(forno, "Shift lead") == 22


def test_as_a_draft_it_says_nothing_until_it_is_published(forno: Cast) -> None:
    next_month = NOW + 31 * A_DAY
    draft = set_to(forno, "40", as_draft=True, starts_at=next_month)
    assert draft in Policy.objects.drafts()
    assert (draft.change_reason, draft.starts_at) == ("Prices rose.", next_month)
    assert limit_of(forno, at=next_month) == 25
    publish(draft, published_by=forno.manager, at=NOW + A_DAY)
    assert (limit_of(forno, at=next_month - A_DAY), limit_of(forno, at=next_month)) == (25, 40)


def test_a_draft_without_a_date_holds_from_when_it_is_published(forno: Cast) -> None:
    draft = set_to(forno, "40", as_draft=True)
    publish(draft, published_by=forno.manager, at=NOW + A_DAY)
    assert draft.starts_at == NOW + A_DAY


def test_a_name_that_is_too_long_for_a_title_is_cut(forno: Cast) -> None:
    tier, remedy = forno.tiers["Driver"], forno.remedies["money-off"]
    tier.name, remedy.name = "D" * 80, "M" * 80
    tier.save(update_fields=["name"])
    remedy.save(update_fields=["name"])
    rule = set_to(forno, "40.00")
    assert len(rule.title) == 120
    assert rule.title.endswith("M…")


# --- What is refused ------------------------------------------------------------------------


@pytest.mark.once
def test_a_broader_rule_stands_in_the_way_and_is_named(forno: Cast) -> None:
    forno.rule("Twenty at most", value="20.00", remedies=["money-off"])
    forno.rule("No money by drivers", effect="forbid", tiers=["Driver"])
    before = written()
    with pytest.raises(StandsInTheWay) as refused:
        set_to(forno, "22.00")
    assert str(refused.value) == (
        "“Twenty at most” allows $20.00 at most. “No money by drivers” forbids it."
    )
    assert written() == before


@pytest.mark.once
def test_the_tier_s_own_limit_is_not_changed_here(forno: Cast) -> None:
    broad = forno.rule("Twenty at most", value="20.00", remedies=["money-off"])
    with pytest.raises(StandsInTheWay, match=r"Driver goes as far as \$25\.00"):
        set_to(forno, "30.00", for_all_of=broad.pk)


def test_a_rule_that_has_changed_meanwhile_is_not_changed_unseen(forno: Cast) -> None:
    broad = forno.rule("Twenty at most", value="20.00", remedies=["money-off"])
    set_to(forno, "22.00", for_all_of=broad.pk)
    before = written()
    with pytest.raises(AlreadyPublished):
        set_to(forno, "21.00", for_all_of=broad.pk, at=NOW + A_DAY)
    assert written() == before


@pytest.mark.once
def test_a_remedy_s_own_maximum_stands_in_the_way(forno: Cast) -> None:
    with pytest.raises(StandsInTheWay, match="2 pizzas at most"):
        set_to(forno, "3", remedy="free-pizza")


@pytest.mark.once
def test_a_limit_that_is_so_already_is_refused(forno: Cast) -> None:
    with pytest.raises(AlreadyThatLimit, match=r"\$25\.00 already"):
        set_to(forno, "25.00")


@pytest.mark.once
@pytest.mark.parametrize("reasons", [("late", "cold"), ("cold", "late")])
def test_it_is_so_already_only_where_it_is_so_after_each_reason(
    forno: Cast, reasons: tuple[str, ...]
) -> None:
    forno.rule("Cold: ten", value="10.00", remedies=["money-off"], reasons=["cold"])
    with pytest.raises(StandsInTheWay, match="Cold: ten"):
        set_to(forno, "25.00", after=reasons)


@pytest.mark.once
@pytest.mark.parametrize(
    ("remedy", "limit"),
    [
        ("free-pizza", "9" * 38),
        ("free-pizza", "NaN"),
        ("money-off", "-1"),
        ("money-off", "1.005"),
        ("money-off", "10000000000"),
        ("money-off", "NaN"),
        ("money-off", "Infinity"),
        ("free-pizza", "0.5"),
    ],
)
def test_what_is_no_measure_of_the_remedy_is_refused(forno: Cast, remedy: str, limit: str) -> None:
    with pytest.raises(IncompleteRule) as refused:
        set_to(forno, limit, remedy=remedy)
    assert list(refused.value.error.error_dict) == ["value"]
    assert written() == []


@pytest.mark.once
@pytest.mark.parametrize("missing", ["rationale", "customer_wording"])
def test_a_new_rule_needs_its_why_and_the_words_to_say(forno: Cast, missing: str) -> None:
    with pytest.raises(IncompleteRule) as refused:
        set_to(forno, "40.00", **{**WORDS, missing: "  "})
    assert refused.value.error.message_dict == {missing: ["Fill this in."]}
    assert written() == []


@pytest.mark.once
def test_every_change_says_why_and_none_reaches_into_the_past(forno: Cast) -> None:
    with pytest.raises(ReasonMissing):
        set_to(forno, "40.00", change_reason=" ")
    with pytest.raises(StartsInThePast):
        set_to(forno, "40.00", starts_at=NOW - A_DAY)
    assert written() == []
    with pytest.raises(StartsInThePast):
        set_to(forno, "40.00", starts_at=NOW - A_DAY, looked_at="", as_draft=True)
    assert written() == []


def test_what_is_worth_knowing_is_reckoned_from_when_it_is_to_hold(forno: Cast) -> None:
    others = [code for code in forno.remedies if code != "voucher"]
    only: dict[str, Any] = {"effect": "forbid", "remedies": others}
    week = 7 * A_DAY
    forno.rule("Vouchers only, this week", ends_at=NOW + week, tiers=["Driver"], **only)
    next_week = draft_rule(forno, "Vouchers only, from then", tiers=["Shift lead"], **only)
    publish(next_week, published_by=forno.manager, starts_at=NOW + week, at=NOW)
    then: dict[str, Any] = {"remedy": "voucher", "starts_at": NOW + week, "looked_at": ""}
    assert set_to(forno, "0", **then).starts_at == NOW + week
    with pytest.raises(LookOnceMore) as look:
        set_to(forno, "0", tier="Shift lead", **then)
    assert [one.kind for one in look.value.warned] == ["nothing-left"]


@pytest.mark.once
def test_a_remedy_of_another_division_has_no_cell_here(forno: Cast, orchard: Cast) -> None:
    with pytest.raises(KeyError):
        set_limit(
            tier=forno.tiers["Driver"],
            remedy=orchard.remedies["voucher"],
            limit=Decimal("5.00"),
            change_reason="Why not.",
            published_by=forno.manager,
        )
    assert written() == []


# --- The law --------------------------------------------------------------------------------

_some = st.sampled_from
RULES = st.fixed_dictionaries(
    {
        "effect": _some(["grant", "restrict", "forbid"]),
        "value": _some(["10.00", "20.00", "40.00"]),
        "remedies": _some([[], ["money-off"], ["voucher"], ["free-pizza", "voucher"]]),
        "tiers": _some([[], ["Driver"], ["Shift lead"]]),
        "reasons": _some([[], [], ["late"], ["cold"]]),
        "conditions": _some([[], [], [("order_value", "gt", "50")]]),
    }
)
CELLS = st.fixed_dictionaries(
    {
        "tier": _some(["Driver", "Shift lead"]),
        "remedy": _some(["money-off", "voucher", "free-pizza"]),
        "after": _some([(), ("late",), ("late", "cold")]),
        "for_all_of": st.none() | st.integers(0, 3),
        "starts_at": _some([None, NOW + A_DAY]),
    }
)


@pytest.mark.once
@settings(law, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(RULES, max_size=4), cell=CELLS, limit=_some(["0", "1", "20.00", "50.00"]))
def test_a_limit_comes_out_as_asked_in_its_cell_alone_or_nothing_is_written(
    forno: Cast, rules: list[dict[str, Any]], cell: dict[str, Any], limit: str
) -> None:
    with transaction.atomic():
        made = []
        for i, told in enumerate(rules):
            value = None if told["effect"] == "forbid" else told["value"]
            made.append(forno.rule(f"Rule {i}", **{**told, "value": value}).pk)
        whole = cell["for_all_of"]
        cell |= {"for_all_of": made[whole] if whole is not None and whole < len(made) else None}
        at, rows = cell["starts_at"] or NOW, written()
        before, today = limits(forno, at), limits(forno, NOW)
        try:
            set_to(forno, limit, **cell)
        except PolicyError:
            assert written() == rows
        else:
            then = limits(forno, at)
            here = forno.remedies[cell["remedy"]].pk, forno.tiers[cell["tier"]].pk
            cells = cells_of([forno.reasons[code].pk for code in cell["after"]], *here)
            assert {then[each] for each in cells} == {Decimal(limit)}
            if cell["for_all_of"] is None:
                assert_moved_only(cells, before, then)
            assert at == NOW or limits(forno, NOW) == today
        transaction.set_rollback(True)


def limits(company: Cast, at: datetime) -> dict[Where, Decimal]:
    """Every limit of the division at a moment, read anew."""
    tiers = [tier_terms(tier) for tier in company.tiers.values()]
    return limits_of(load_rulebook(company.division), tiers, at)
