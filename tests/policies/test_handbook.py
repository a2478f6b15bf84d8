"""The handbook: the rules for whoever reads it, each with its why and the words to say."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from policies.models import ReasonCode
from tests.cast import Cast, draft_rule
from tests.pages import client_of, value_of, without_tier, words
from tests.putting_right import NOW

DECEMBER = datetime(2026, 12, 1, 5, tzinfo=UTC)
YESTERDAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def handbook(company: Cast, query: str = "", **asked: str) -> str:
    if query:
        asked["q"] = query
    return words(client_of(company.agent).get("/handbook/", asked))


@pytest.mark.once
def test_it_begins_with_how_far_ones_word_goes(scm: Cast) -> None:
    said = handbook(scm)
    assert "Up to A$150.00 for one case, out of A$200.00 a month" in said
    assert "A little further, by 20 %, if you think it right." in said
    assert "When the month is used up, you may go over by A$50.00." in said
    assert "That is read afterwards, never before. Rep: So that it is put right" in said
    assert "There are no rules beyond this" in said


@pytest.mark.once
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


@pytest.mark.once
def test_what_one_may_give_is_in_it_with_what_it_costs(forno: Cast) -> None:
    said = handbook(forno)
    assert "What you may give Free pizza up to 2 pizzas" in said
    assert "It costs us $5.00 for each pizza, worth $15.00; at most 2 in a case." in said
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


def test_by_reason_code_are_the_rules_about_it_and_those_about_all(forno: Cast) -> None:
    forno.rule("Whenever", value="5.00")
    forno.rule("Late only", value="6.00", reasons=["late"])
    forno.rule("Cold or late", value="7.00", reasons=["cold", "late"])
    forno.rule("Cold only", value="8.00", reasons=["cold"])
    said = handbook(forno, reason="late")
    for title in ("Whenever", "Late only", "Cold or late"):
        assert f"{title}:" in said
    assert "Cold only" not in said
    assert "Late The case form asks you for: Minutes late Below: the rules about this" in said
    assert "asks for nothing more" in handbook(forno, reason="wrong-order")


@pytest.mark.once
def test_reason_codes_are_a_row_of_links_that_keep_the_search(forno: Cast) -> None:
    client = client_of(forno.agent)
    ReasonCode.objects.filter(code="cold").update(is_active=False)
    page = client.get("/handbook/", {"q": "voucher", "reason": "late"})
    assert "All Late Wrong order Missing item" in words(page)
    html = page.content.decode()
    assert '<a href="?q=voucher&amp;reason=late" aria-current="true">Late</a>' in html
    assert '<a href="?q=voucher" >All</a>' in html
    assert value_of(page, "reason") == "late"


def test_search_and_reason_code_go_together(forno: Cast) -> None:
    forno.rule("Gift cards", effect="forbid", remedies=["voucher"], reasons=["cold"])
    assert "Gift cards" in handbook(forno, "gift")
    assert "Gift cards" in handbook(forno, "gift", reason="cold")
    said = handbook(forno, "gift", reason="late")
    assert "Gift cards" not in said
    assert "Nothing about “Late” says “gift”. Search all of the handbook , or read it ." in said


def test_a_reason_code_that_there_is_not_shows_all_of_it(forno: Cast) -> None:
    forno.rule("Cold only", value="8.00", reasons=["cold"])
    for odd in ("nonsense", "a\x00b", "x" * 5000, "<script>"):
        assert "Cold only:" in handbook(forno, reason=odd)


@pytest.mark.once
def test_without_a_tier_there_is_a_kind_page(forno: Cast) -> None:
    client = client_of(without_tier(forno))
    assert "You have no authority tier yet" in words(client.get("/handbook/"))
