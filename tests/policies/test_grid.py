"""The grid: what each tier may give, and what makes it so, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.authority import options
from policies.grid import Cell, Grid, TierTerms, grid_of
from policies.question import Question
from policies.rules import ReasonTerms, RemedyTerms, Rule, Rulebook
from tests.policies.builders import A_DAY, NOW, rule, rulebook, when
from tests.policies.examples.shop import (
    extension,
    free_pizza,
    keep_item,
    money_off,
    never_more_than_the_order,
    voucher,
)
from tests.policies.strategies import CURRENCIES, law, money, remedies, rules

DRIVER = TierTerms(1, "Driver", Decimal("25.00"))
LEAD = TierTerms(2, "Shift lead", Decimal("80.00"), Decimal(20))
LATE, COLD, WRONG = (
    ReasonTerms(id, name.lower(), name)
    for id, name in ((1, "Late"), (2, "Cold"), (3, "Wrong"))  # noqa: A001
)


def grid(rules: Sequence[Rule] = (), *of: RemedyTerms, **how: Any) -> Grid:
    """The grid of these remedies, or of money off the bill, under these rules."""
    book = replace(rulebook(of or [money_off], rules), reasons=(LATE, COLD, WRONG))
    return grid_of(book, [DRIVER, LEAD], at=NOW, **how)


def rows(rules: Sequence[Rule], of: RemedyTerms = money_off) -> dict[str, list[str]]:
    """The limits in the rows of a remedy, by the names of their reasons."""
    (found,) = grid(rules, of).remedies
    return {
        " ".join(reason.name for reason in row.reasons): [str(cell.limit) for cell in row.cells]
        for row in found
    }


def cell(rules: Sequence[Rule], of: RemedyTerms = money_off) -> Cell:
    """A driver's cell for any reason."""
    return grid(rules, of).remedies[0][0].cells[0]


# --- Where a limit comes from ---------------------------------------------------------------


def test_without_rules_the_tier_s_limit_holds_for_every_remedy() -> None:
    assert rows([]) == {"": ["25.00", "80.00"]}
    assert cell([]).binding.kind == "tier"


def test_a_limit_at_cost_is_told_in_the_remedy_s_own_measure() -> None:
    assert rows([], voucher) == {"": ["41.66", "133.33"]}  # it costs 60 % of its face value
    assert rows([], extension) == {"": ["30", "30"]}  # at 0.40 a day, but 30 days at most
    assert rows([], free_pizza) == {"": ["2", "2"]}
    assert cell([], extension).binding.kind == "remedy"
    assert rows([], keep_item) == {"": ["3", "3"]}  # it costs nothing


def test_a_grant_a_restriction_and_a_ban_are_named_with_their_why() -> None:
    granted = cell([rule("grant", "40.00", tiers=[1])])
    assert (granted.limit, granted.binding.kind, granted.binding.policy_id) == (40, "grant", 1)
    assert granted.binding.rationale == "Why we grant 40.00."
    restricted = cell([rule("restrict", "10.00"), rule("restrict", "15.00")])
    assert (restricted.limit, restricted.binding.policy_id) == (10, 1)
    forbidden = cell([rule("forbid")])
    assert (forbidden.limit, forbidden.binding.kind) == (0, "forbidden")


def test_a_rule_about_one_tier_leaves_the_others_alone() -> None:
    assert rows([rule("restrict", "10.00", tiers=[1])]) == {"": ["10.00", "80.00"]}
    assert rows([rule("restrict", "10.00", tiers=[1], remedies=[voucher])]) == {
        "": ["25.00", "80.00"]
    }


# --- Rows for reasons -----------------------------------------------------------------------


def test_a_reason_has_a_row_only_where_its_cells_differ() -> None:
    late = rule("grant", "40.00", reason_codes=[LATE.id])
    assert rows([late]) == {"": ["25.00", "80.00"], "Late": ["40.00", "80.00"]}
    too_little = rule("grant", "5.00", reason_codes=[LATE.id])
    assert rows([too_little]) == {"": ["25.00", "80.00"]}


def test_reasons_with_equal_cells_share_a_row() -> None:
    both = rule("restrict", "10.00", reason_codes=[LATE.id, COLD.id])
    assert rows([both]) == {"": ["25.00", "80.00"], "Late Cold": ["10.00", "10.00"]}


def test_a_reason_out_of_use_has_no_row() -> None:
    late = rule("restrict", "10.00", reason_codes=[LATE.id])
    book = replace(rulebook([money_off], [late]), reasons=(replace(LATE, is_active=False),))
    assert len(grid_of(book, [DRIVER], at=NOW).remedies[0]) == 1


def test_a_remedy_out_of_use_is_not_in_it() -> None:
    assert grid([], replace(money_off, is_active=False)).remedies == ()


def test_for_one_reason_there_is_one_row_a_remedy_as_it_is_then() -> None:
    late = rule("restrict", "10.00", reason_codes=[LATE.id], remedies=[money_off])
    found = grid([late], money_off, free_pizza, reason=LATE.id)
    assert [[cell.limit for cell in row.cells] for (row,) in found.remedies] == [[10, 10], [2, 2]]
    assert all(row.reasons == (LATE,) for (row,) in found.remedies)


# --- What depends on the case ---------------------------------------------------------------


def test_a_percentage_of_an_order_nobody_knows_stands_beside_the_limit() -> None:
    found = cell([never_more_than_the_order])
    assert (found.limit, found.binding.kind) == (25, "tier")
    assert [r.measure for r in found.also] == ["percent"]


def test_what_holds_only_sometimes_stands_beside_the_limit() -> None:
    sometimes = [
        rule("grant", "50.00", conditions=[when("minutes_late", "ge", "30")]),
        rule("forbid", channels=["phone"]),
        rule("restrict", "1.00", teams=[7]),
        rule("restrict", "5.00", per="customer", window_days=30),
        rule("restrict", "5.00", per="order"),
        rule("restrict", "1", measure="times"),
    ]
    found = cell(sometimes)
    assert (found.limit, found.binding.kind) == (25, "tier")
    assert [r.id for r in found.also] == [1, 2, 3, 4, 5, 6]


def test_a_rule_about_another_tier_or_reason_does_not_stand_beside_it() -> None:
    of_leads = rule("restrict", "50", measure="percent", tiers=[LEAD.id])
    of_late = rule("restrict", "50", measure="percent", reason_codes=[LATE.id])
    assert cell([of_leads, of_late]).also == ()
    (any_reason, late) = grid([of_late]).remedies[0]
    assert late.reasons == (LATE,)
    assert late.cells[0].also[0].reason_codes == {LATE.id}
    assert any_reason.cells[0].limit == late.cells[0].limit


def test_grace_is_not_in_a_limit() -> None:
    generous = rule("restrict", "10.00", allows_grace=True)
    assert rows([generous])[""] == ["10.00", "10.00"]


# --- What changes ---------------------------------------------------------------------------


def test_what_starts_and_ends_later_is_told_in_the_order_of_time() -> None:
    soon, later = NOW + A_DAY, NOW + 9 * A_DAY
    found = cell(
        [rule("restrict", "10.00", ends_at=later), rule("restrict", "5.00", starts_at=soon)]
    )
    assert [(c.at, c.limit, c.binding.policy_id) for c in found.coming] == [(soon, 5, 2)]
    (until,) = cell([rule("restrict", "10.00", ends_at=later)]).coming
    assert (until.at, until.limit, until.binding.kind) == (later, 25, "tier")


def test_the_next_version_of_a_rule_is_a_change_to_come() -> None:
    soon = NOW + A_DAY
    first = rule("restrict", "10.00", ends_at=soon)
    found = cell([first, rule("restrict", "12.00", starts_at=soon)])
    assert [(c.at, c.limit) for c in found.coming] == [(soon, 12)]


def test_a_rule_to_come_that_changes_no_limit_is_no_change() -> None:
    assert cell([rule("restrict", "90.00", starts_at=NOW + A_DAY)]).coming == ()


def test_rules_to_come_stand_beside_it_and_past_ones_do_not() -> None:
    past = rule("restrict", "50", measure="percent", ends_at=NOW)
    never = rule("restrict", "50", measure="percent", starts_at=NOW + A_DAY, ends_at=NOW + A_DAY)
    soon = rule("restrict", "50", measure="percent", starts_at=NOW + A_DAY)
    assert [r.id for r in cell([past, never, soon]).also] == [3]


def test_the_rules_of_a_grid_are_all_that_it_tells_of() -> None:
    book = [
        rule("restrict", "10.00"),
        rule("restrict", "90.00"),
        never_more_than_the_order,
        rule("restrict", "5.00", starts_at=NOW + A_DAY),
    ]
    assert grid(book).rules == {1, 3, 4}


# --- The laws -------------------------------------------------------------------------------


@st.composite
def books(draw: st.DrawFn) -> tuple[Rulebook, list[TierTerms]]:
    """A rulebook with one to three remedies and two reasons, and two tiers."""
    currency = draw(st.sampled_from(CURRENCIES))
    known = [draw(remedies(id, currency)) for id in range(1, 1 + draw(st.integers(1, 3)))]  # noqa: A001
    drawn = draw(st.lists(rules(known), max_size=6))
    # Most conditions would leave nothing that holds always.
    drawn = [replace(r, conditions=()) if draw(st.booleans()) else r for r in drawn]
    book = replace(rulebook(known, drawn), reasons=(LATE, COLD))
    limits = draw(st.tuples(money(currency), money(currency)))
    return book, [TierTerms(id, f"Tier {id}", limit) for id, limit in enumerate(limits, 1)]  # noqa: A001


@law
@given(books())
def test_a_row_that_is_not_there_goes_as_any_reason_does(
    drawn: tuple[Rulebook, list[TierTerms]],
) -> None:
    book, tiers = drawn
    for found in grid_of(book, tiers, at=NOW).remedies:
        of = found[0].remedy
        for reason in book.reasons:
            row = next((row for row in found if reason in row.reasons), found[0])
            alone = grid_of(book, tiers, at=NOW, reason=reason.id)
            told = next(row for (row,) in alone.remedies if row.remedy == of)
            assert row.cells == told.cells


@law
@given(books())
def test_where_no_rule_depends_on_the_case_a_cell_says_what_is_decided(
    drawn: tuple[Rulebook, list[TierTerms]],
) -> None:
    book, tiers = drawn
    for reason in (None, 1, 2):
        for row, *_ in grid_of(book, tiers, at=NOW, reason=reason).remedies:
            for told in row.cells:
                if not any(r.in_force(NOW) for r in told.also):
                    about = Question(
                        at=NOW + timedelta(0),
                        limit=told.tier.limit_per_case,
                        tier_id=told.tier.id,
                        reason_id=reason,
                    )
                    decided = {d.remedy.id: d for d in options(book, about)}[row.remedy.id]
                    assert (told.limit, told.binding) == (decided.limit, decided.binding)
