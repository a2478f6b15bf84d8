"""A rulebook asked as if another rule held: from its start on, in place of its other versions."""

from datetime import timedelta

from tests.policies.builders import A_DAY, NOW, rule, rulebook
from tests.policies.examples.shop import money_off

A_MOMENT = timedelta(microseconds=1)
long_held = rule(id=1, starts_at=NOW - 9 * A_DAY)
ending = rule(id=2, starts_at=NOW - 9 * A_DAY, ends_at=NOW + 5 * A_DAY)
ended = rule(id=3, starts_at=NOW - 9 * A_DAY, ends_at=NOW - 5 * A_DAY)
just_begun = rule(id=4, starts_at=NOW)
coming = rule(id=5, starts_at=NOW + A_DAY)
another = rule(id=6, starts_at=NOW - 9 * A_DAY, ends_at=NOW + 7 * A_DAY)
book = rulebook([money_off], [long_held, ending, ended, just_begun, coming, another])


def test_it_takes_the_place_of_its_other_versions_from_its_start_on() -> None:
    tried = book.with_rule(rule(id=7, starts_at=NOW), instead_of=[1, 2, 3, 4, 5])

    def deciding(days: timedelta) -> set[int]:
        return {r.id for r in tried.in_force(NOW + days)}

    assert deciding(-6 * A_DAY) == {1, 2, 3, 6}
    assert deciding(-A_MOMENT) == {1, 2, 6}
    assert deciding(timedelta(0)) == {7, 6}
    assert deciding(6 * A_DAY) == {7, 6}
    assert deciding(7 * A_DAY) == {7}
    assert {r.id for r in tried.rules} == {1, 2, 3, 6, 7}


def test_alone_it_takes_nobodys_place() -> None:
    tried = book.with_rule(rule(id=7, starts_at=NOW))
    assert {r.id for r in tried.in_force(NOW)} == {1, 2, 4, 6, 7}
    assert tried.rules[:-1] == book.rules
    assert {r.id for r in book.in_force(NOW)} == {1, 2, 4, 6}
