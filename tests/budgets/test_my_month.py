"""My month: every movement of one's own budget, with what was left after it."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import Cast
from tests.pages import client_of, without_tier, words
from tests.putting_right import NOW, put_right, so_many, so_much


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_month_in_which_nothing_was_given_is_all_theirs(scm: Cast) -> None:
    said = words(client_of(scm.agent).get("/month/"))
    assert "November 2026 A$200.00 left of A$200.00. You may go over by A$50.00" in said
    assert "Full again on 1 December." in said
    assert "Nothing was given yet this month: all of it is yours to use." in said


def test_every_movement_is_listed_with_the_balance_after_it(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))
    put_right(forno.agent, so_much("voucher", "10.00"), at=NOW.replace(hour=14))
    said = words(client_of(forno.agent).get("/month/"))
    assert "$105.00 left of $120.00." in said
    assert (
        "Voucher today 09:00 -$6.00 $105.00 Expedited reorder today 10:00 -$4.00 $111.00 "
        "Free pizza today 10:00 -$5.00 $115.00 Allotment today 10:00 $120.00 $120.00"
    ) in said


def test_nobody_elses_month_is_in_it(forno: Cast) -> None:
    put_right(forno.colleague, so_many("free-pizza"))
    for reader in (forno.agent, forno.lead):
        assert "Free pizza" not in words(client_of(reader).get("/month/"))


def test_without_a_tier_there_is_a_kind_page(forno: Cast) -> None:
    client = client_of(without_tier(forno))
    assert "You have no authority tier yet" in words(client.get("/month/"))
