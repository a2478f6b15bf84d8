"""What has to be published for a cell to say another limit: tried on rulebooks, not written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from policies.cell_change import Change, InTheWay, Place, broader_rules, change_of
from policies.decision import BoundKind
from policies.grid import TierTerms, grid_of
from policies.rules import Rule, Rulebook
from tests.policies.builders import A_DAY, NOW, rule, rulebook
from tests.policies.examples.shop import free_pizza, keep_item, money_off, voucher
from tests.policies.strategies import law, measures
from tests.policies.test_grid import COLD, DRIVER, LATE, books

OF_DRIVERS: dict[str, Any] = {"tiers": [DRIVER.id], "remedies": [money_off]}
CELL = Place(money_off, DRIVER)
Where = tuple[int | None, int, int]  # reason, remedy, tier
AFTER_LATE = Place(money_off, DRIVER, (LATE,))


def change(
    rules: Sequence[Rule], limit: str, place: Place = CELL, *, everywhere: bool = False
) -> Change | InTheWay:
    """What makes the cell say so much; `everywhere` changes the first rule as a whole."""
    book = rulebook([money_off, voucher, free_pizza, keep_item], rules)
    whole = book.rules[0] if everywhere else None
    return change_of(book, place, Decimal(limit), at=NOW, for_all_of=whole)


def published(rules: Sequence[Rule], limit: str, place: Place = CELL, **how: bool) -> Change:
    """The same, where something does."""
    found = change(rules, limit, place, **how)
    assert isinstance(found, Change), found
    return found


def in_the_way(rules: Sequence[Rule], limit: str, place: Place = CELL, **how: bool) -> list[str]:
    """What stands in the way, where something does."""
    found = change(rules, limit, place, **how)
    assert isinstance(found, InTheWay), found
    return [bound.title or bound.kind for bound in found.bounds]


def says(found: Change) -> tuple[str, str, Decimal, int | None]:
    """The effect, the measure and the figure, and the rule whose next version it is."""
    rule = found.rule
    return rule.effect, rule.measure, rule.value, found.replaces.id if found.replaces else None


# --- The cell alone -------------------------------------------------------------------------


def test_more_than_the_tier_s_limit_is_granted_to_exactly_this_cell() -> None:
    found = published([], "40.00")
    assert says(found) == ("grant", "amount", 40, None)
    assert found.rule.tiers == {DRIVER.id}
    assert found.rule.remedies == {money_off.id}
    assert not found.rule.reason_codes
    assert published([], "40.00", AFTER_LATE).rule.reason_codes == {LATE.id}


def test_less_than_the_tier_s_limit_is_restricted_there() -> None:
    assert says(published([], "10.00")) == ("restrict", "amount", 10, None)


def test_nothing_at_all_is_forbidden_there() -> None:
    assert says(published([], "0")) == ("forbid", "", 0, None)


def test_a_remedy_by_the_piece_is_limited_in_pieces() -> None:
    found = published([], "1", Place(free_pizza, DRIVER))
    assert says(found) == ("restrict", "quantity", 1, None)


@pytest.mark.parametrize(
    ("own", "limit", "becomes"),
    [
        (rule("restrict", "10.00", **OF_DRIVERS), "12.00", "restrict"),
        (rule("restrict", "10.00", **OF_DRIVERS), "40.00", "grant"),
        (rule("grant", "50.00", **OF_DRIVERS), "40.00", "grant"),
        (rule("grant", "50.00", **OF_DRIVERS), "10.00", "restrict"),
        (rule("grant", "50.00", **OF_DRIVERS), "0", "forbid"),
        (rule("forbid", **OF_DRIVERS), "10.00", "restrict"),
        (rule("forbid", **OF_DRIVERS), "40.00", "grant"),
    ],
)
def test_a_rule_about_exactly_this_cell_gets_a_next_version(
    own: Rule, limit: str, becomes: str
) -> None:
    found = published([own], limit)
    assert says(found) == (becomes, "" if becomes == "forbid" else "amount", Decimal(limit), 1)


def test_its_own_rule_changes_also_where_it_does_not_bind() -> None:
    beyond_the_tier = rule("restrict", "30.00", **OF_DRIVERS)
    assert says(published([beyond_the_tier], "40.00")) == ("grant", "amount", 40, 1)


def test_what_only_goes_with_a_grant_or_a_restriction_goes_with_it() -> None:
    owed = rule("grant", "50.00", entitlement=True, **OF_DRIVERS)
    assert published([owed], "40.00").rule.entitlement
    assert not published([owed], "10.00").rule.entitlement
    lenient = rule("restrict", "10.00", allows_grace=True, **OF_DRIVERS)
    assert published([lenient], "12.00").rule.allows_grace
    assert not published([lenient], "40.00").rule.allows_grace


def test_a_broader_rule_is_lowered_here_alone() -> None:
    broad = rule("restrict", "20.00", remedies=[money_off])
    assert says(published([broad], "15.00")) == ("restrict", "amount", 15, None)
    grant = rule("grant", "60.00", remedies=[money_off])
    assert says(published([grant], "40.00")) == ("restrict", "amount", 40, None)
    assert says(published([grant], "90.00")) == ("grant", "amount", 90, None)


def test_a_rule_for_any_reason_is_not_changed_where_one_reason_is_meant() -> None:
    any_reason = rule("restrict", "20.00", **OF_DRIVERS)
    assert says(published([any_reason], "10.00", AFTER_LATE)) == ("restrict", "amount", 10, None)
    late = rule("restrict", "20.00", reason_codes=[LATE.id], **OF_DRIVERS)
    assert says(published([late], "10.00")) == ("restrict", "amount", 10, None)
    assert says(published([late], "10.00", AFTER_LATE)) == ("restrict", "amount", 10, 1)


def test_reasons_that_share_a_row_are_changed_together() -> None:
    both = Place(money_off, DRIVER, (LATE, COLD))
    assert published([], "40.00", both).rule.reason_codes == {LATE.id, COLD.id}
    late = rule("restrict", "10.00", reason_codes=[LATE.id], title="Late only")
    assert in_the_way([late], "40.00", both) == ["Late only"]


def test_a_rule_of_its_own_that_is_over_or_to_come_is_not_the_one_that_changes() -> None:
    past = rule("restrict", "10.00", ends_at=NOW, **OF_DRIVERS)
    soon = rule("restrict", "10.00", starts_at=NOW + A_DAY, **OF_DRIVERS)
    assert says(published([past, soon], "20.00")) == ("restrict", "amount", 20, None)


def test_a_rule_with_conditions_is_not_the_cell_s_own() -> None:
    some = rule("restrict", "10.00", channels=["phone"], **OF_DRIVERS)
    assert says(published([some], "20.00")) == ("restrict", "amount", 20, None)


# --- What stands in the way -----------------------------------------------------------------


def test_a_broader_restriction_or_ban_stands_in_the_way_of_more() -> None:
    broad = rule("restrict", "20.00", title="Twenty for everyone")
    assert in_the_way([broad], "30.00") == ["Twenty for everyone"]
    ban = rule("forbid", remedies=[money_off], title="Never")
    assert in_the_way([broad, ban], "30.00") == ["Twenty for everyone", "Never"]


def test_the_remedy_s_own_maximum_stands_in_the_way_of_more() -> None:
    assert in_the_way([], "3", Place(free_pizza, DRIVER)) == [BoundKind.REMEDY]


def test_the_cell_s_own_rule_is_not_in_its_own_way() -> None:
    own = rule("forbid", title="Its own", tiers=[DRIVER.id], remedies=[free_pizza])
    assert in_the_way([own], "5", Place(free_pizza, DRIVER)) == [BoundKind.REMEDY]


# --- For all that a rule covers -------------------------------------------------------------


def test_a_broader_rule_is_changed_for_all_that_it_covers() -> None:
    broad = rule("restrict", "20.00", tiers=[1, 2])
    found = published([broad], "22.00", everywhere=True)
    assert says(found) == ("restrict", "amount", 22, 1)
    assert found.rule.tiers == {1, 2}
    grant = rule("grant", "60.00")
    assert says(published([grant], "70.00", everywhere=True)) == ("grant", "amount", 70, 1)


def test_a_ban_is_lifted_for_all_up_to_so_much() -> None:
    ban = rule("forbid", remedies=[money_off, free_pizza])
    assert says(published([ban], "22.00", everywhere=True)) == ("restrict", "amount", 22, 1)
    by_piece = published([ban], "1", Place(free_pizza, DRIVER), everywhere=True)
    assert says(by_piece) == ("restrict", "amount", 15, 1)
    only_pizza = rule("forbid", remedies=[free_pizza])
    by_piece = published([only_pizza], "1", Place(free_pizza, DRIVER), everywhere=True)
    assert says(by_piece) == ("restrict", "quantity", 1, 1)


def test_a_broader_rule_that_goes_further_is_held_back_by_what_is_behind_it() -> None:
    broad = rule("restrict", "20.00")
    assert in_the_way([broad], "40.00", everywhere=True) == [BoundKind.TIER]


def test_the_broader_rules_are_those_that_bind_now_or_later() -> None:
    soon = NOW + A_DAY
    now, later, never, own = (
        rule("restrict", "20.00", ends_at=soon),
        rule("restrict", "10.00", starts_at=soon, tiers=[1, 2]),
        rule("restrict", "90.00"),
        rule("restrict", "15.00", starts_at=soon + A_DAY, ends_at=soon, **OF_DRIVERS),
    )
    book = rulebook([money_off], [now, later, never, own])
    assert [r.id for r in broader_rules(book, CELL, [NOW, soon])] == [1, 2]
    assert broader_rules(rulebook([money_off], [rule(**OF_DRIVERS)]), CELL, [NOW]) == []


# --- The law --------------------------------------------------------------------------------


@law
@given(books(), st.data())
def test_the_cell_comes_out_as_asked_and_no_other_tier_or_remedy_moves(
    drawn: tuple[Rulebook, list[TierTerms]], data: st.DataObject
) -> None:
    book, tiers = drawn
    book = replace(book, remedies=tuple(replace(r, is_active=True) for r in book.remedies))
    remedy = data.draw(st.sampled_from(book.remedies))
    tier = data.draw(st.sampled_from(tiers))
    reasons = data.draw(st.sampled_from([(), (LATE,), (LATE, COLD)]))
    limit = data.draw(st.just(Decimal(0)) | measures(remedy))
    at = NOW + data.draw(st.sampled_from([0, 0, 2])) * A_DAY

    place = Place(remedy, tier, reasons)
    whole = data.draw(st.none() | st.sampled_from([*book.in_force(at), None]))
    found = change_of(book, place, limit, at=at, for_all_of=whole)
    if isinstance(found, InTheWay):
        event("in the way")
        assert found.bounds
        return
    event(f"{found.rule.effect}, {'the next version' if found.replaces else 'a new rule'}")
    after = book.with_rule(found.rule, instead_of={found.replaces.id} if found.replaces else ())
    before, then = (limits_of(b, tiers, at) for b in (book, after))
    cells = cells_of([reason.id for reason in reasons], remedy.id, tier.id)
    assert {then[cell] for cell in cells} == {limit}
    if whole is None:
        assert_moved_only(cells, before, then)
    moved = {cell[1:] for cell in before if before[cell] != then[cell]}
    rule = found.rule
    assert all(
        (not rule.remedies or r in rule.remedies) and (not rule.tiers or t in rule.tiers)
        for r, t in moved
    )


def limits_of(book: Rulebook, tiers: Sequence[TierTerms], at: datetime) -> dict[Where, Decimal]:
    """Every limit, by reason, remedy and tier."""
    return {
        (reason, row.remedy.id, cell.tier.id): cell.limit
        for reason in (None, *(reason.id for reason in book.reasons))
        for (row, *_) in grid_of(book, tiers, at=at, reason=reason).remedies
        for cell in row.cells
    }


def cells_of(reasons: Sequence[int], remedy: int, tier: int) -> list[Where]:
    """The cells of a row: after each of its reasons, or after any."""
    return [(reason, remedy, tier) for reason in reasons] if reasons else [(None, remedy, tier)]


def assert_moved_only(
    cells: Sequence[Where], before: dict[Where, Decimal], then: dict[Where, Decimal]
) -> None:
    """Fail if another cell moved; a limit for any reason may also move that after one reason."""
    for cell in (cell for cell in before if before[cell] != then[cell]):
        assert cell in cells or (None, *cell[1:]) in cells
