"""Whom a rule concerns, and after which reason: what pages ask of it before there is a case."""

from tests.policies.builders import rule


def test_a_rule_concerns_the_tiers_and_teams_that_it_names() -> None:
    anyone, drivers = rule(), rule(tiers=[1])
    in_queens, drivers_in_queens = rule(teams=[7]), rule(tiers=[1], teams=[7])
    assert anyone.concerns(1, 7)
    assert anyone.concerns(None, None)
    assert drivers.concerns(1, 8)
    assert not drivers.concerns(2, 7)
    assert not drivers.concerns(None, 7)
    assert in_queens.concerns(2, 7)
    assert not in_queens.concerns(1, 8)
    assert drivers_in_queens.concerns(1, 7)
    assert not drivers_in_queens.concerns(1, 8)
    assert not drivers_in_queens.concerns(2, 7)


def test_a_rule_is_after_the_reasons_that_it_names_or_after_all() -> None:
    always, when_late = rule(), rule(reason_codes=[3])
    assert always.is_after(3)
    assert when_late.is_after(3)
    assert not when_late.is_after(4)
    assert when_late.is_after(None)
