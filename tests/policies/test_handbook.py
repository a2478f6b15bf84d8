"""The handbook: the rules for whoever reads it, each with its why and the words to say."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.cast import Cast, draft_rule
from tests.pages import client_of, without_tier, words
from tests.putting_right import NOW

DECEMBER = datetime(2026, 12, 1, 5, tzinfo=UTC)
YESTERDAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def handbook(company: Cast, query: str = "") -> str:
    return words(client_of(company.agent).get("/handbook/", {"q": query} if query else {}))


def test_it_begins_with_how_far_ones_word_goes(scm: Cast) -> None:
    said = handbook(scm)
    assert "Up to A$150.00 for one case, out of A$200.00 a month" in said
    assert "A little further, by 20 %, if you think it right." in said
    assert "When the month is used up, you may go over by A$50.00." in said
    assert "That is read afterwards, never before. Rep: So that it is put right" in said
    assert "There are no rules beyond this" in said


def test_a_rule_is_told_in_a_sentence_with_its_why_and_words(forno: Cast) -> None:
    forno.rule("No vouchers", effect="forbid", remedies=["voucher"])
    assert (
        "What nobody may do No vouchers Nobody may give Voucher. "
        "No vouchers: that is fair to everyone. "
        "“No vouchers: here is what I can do.”"
    ) in handbook(forno)


def test_hard_rules_come_first_then_what_is_owed_then_what_goes_further_then_limits(
    forno: Cast,
) -> None:
    forno.rule("A limit", value="5.00")
    forno.rule("A grant", effect="grant", value="50.00")
    forno.rule("Owed", effect="grant", value="50.00", entitlement=True)
    forno.rule("Never", effect="forbid", remedies=["voucher"])
    said = handbook(forno)
    places = [
        said.index(f"{title}: that is fair") for title in ("Never", "Owed", "A grant", "A limit")
    ]
    assert places == sorted(places)


def test_only_rules_about_oneself_are_in_it(forno: Cast, scm: Cast) -> None:
    forno.rule("For drivers", value="5.00", tiers=["Driver"])
    forno.rule("For leads", value="5.00", tiers=["Shift lead"])
    forno.rule("For Queens", value="5.00", teams=["Queens"])
    scm.rule("For phones", value="5.00")
    draft_rule(forno, "Not yet", value="5.00")
    said = handbook(forno)
    assert "For drivers:" in said
    for other in ("For leads", "For Queens", "For phones", "Not yet"):
        assert other not in said


def test_a_scheduled_rule_is_marked_with_its_date_and_a_past_one_is_gone(forno: Cast) -> None:
    forno.rule("Soon", value="5.00", starts_at=DECEMBER)
    forno.rule("Gone", value="5.00", ends_at=YESTERDAY)
    forno.rule("Ending", value="5.00", ends_at=DECEMBER)
    said = handbook(forno)
    assert "Soon From 1 December on Anyone may" in said
    assert "Ending Until 1 December 00:00 Anyone may" in said
    assert "Gone" not in said


def test_what_one_may_give_is_in_it_with_what_it_costs(forno: Cast) -> None:
    said = handbook(forno)
    assert "What you can give Free pizza" in said
    assert "It costs us $5.00 a pizza, worth $15.00; at most 2 in a case." in said
    assert "It costs us 60 % of the amount given." in said


def test_searching_finds_what_holds_all_words(forno: Cast) -> None:
    forno.rule("No vouchers at night", effect="forbid", remedies=["voucher"])
    forno.rule("A limit", value="5.00")
    found = handbook(forno, "VOUCHER night")
    assert "No vouchers at night" in found
    assert "A limit" not in found
    assert "How far your word goes" not in found
    assert "Nothing here says “zebra”." in handbook(forno, "zebra")
    assert "Nothing here says" in handbook(forno, "a\x00b <script>" + "x" * 5000)


def test_without_a_tier_there_is_a_kind_page(forno: Cast) -> None:
    client = client_of(without_tier(forno))
    assert "You have no authority tier yet" in words(client.get("/handbook/"))
