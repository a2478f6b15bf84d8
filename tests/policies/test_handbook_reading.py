"""Hard rules in the handbook: read, confirmed with a button, never in anybody's way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from policies.acknowledge import acknowledge
from policies.models import Acknowledgement, Policy
from policies.publish import new_version, publish
from tests.cast import Cast
from tests.pages import client_of, send_case, ticks, words
from tests.putting_right import NOW
from tests.queries import assert_queries


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rule(forno: Cast) -> Policy:
    """A hard rule for everyone at Forno."""
    return forno.rule("No cash", effect="forbid", remedies=["voucher"])


def confirm(company: Cast, rule: Policy, **fields: str) -> Any:
    """Press the button."""
    return client_of(company.agent).post(f"/handbook/rules/{rule.pk}/read/", fields)


def test_an_agent_says_that_they_have_read_it_and_comes_back_to_the_place(
    forno: Cast, rule: Policy
) -> None:
    client = client_of(forno.agent)
    assert "I have read it : No cash" in words(client.get("/handbook/"))
    answer = confirm(forno, rule, q="cash", reason="late")
    assert answer.status_code == 302
    assert answer["Location"] == f"/handbook/?q=cash&reason=late#rule-{rule.pk}"
    said = words(client.get("/handbook/"))
    assert "I have read it" not in said
    assert "Read today" in said
    with time_machine.travel(NOW + timedelta(days=10)):
        assert "Read on 21 November" in words(client_of(forno.agent).get("/handbook/"))


def test_only_hard_rules_have_a_button(forno: Cast) -> None:
    forno.rule("Limit", value="5.00")
    forno.rule("Grant", effect="grant", value="50.00")
    assert "I have read it" not in words(client_of(forno.agent).get("/handbook/"))


def test_pressing_twice_has_one_effect(forno: Cast, rule: Policy) -> None:
    answers = [confirm(forno, rule) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"/handbook/#rule-{rule.pk}"] * 2
    assert Acknowledgement.objects.count() == 1


def test_opening_the_address_of_the_button_confirms_nothing(forno: Cast, rule: Policy) -> None:
    answer = client_of(forno.agent).get(f"/handbook/rules/{rule.pk}/read/")
    assert answer["Location"] == f"/handbook/#rule-{rule.pk}"
    assert not Acknowledgement.objects.exists()


def test_a_button_cannot_be_pressed_from_another_site(forno: Cast, rule: Policy) -> None:
    client = client_of(forno.agent, enforce_csrf_checks=True)
    assert client.post(f"/handbook/rules/{rule.pk}/read/").status_code == 403
    assert not Acknowledgement.objects.exists()


def test_a_rule_that_changed_meanwhile_is_shown_as_it_is_now(forno: Cast, rule: Policy) -> None:
    draft = new_version(rule)
    draft.title = "No cash at all"
    publish(draft, published_by=None, change_reason="Clearer.", at=NOW)
    answer = confirm(forno, rule)
    assert answer.status_code == 409
    said = words(answer)
    assert "Not confirmed. “No cash” no longer says what you read. Read it once more." in said
    assert "I have read it : No cash at all" in said
    assert not Acknowledgement.objects.exists()


def test_what_is_not_theirs_is_not_there(forno: Cast, scm: Cast) -> None:
    for company, how in (
        (scm, {}),
        (forno, {"tiers": ["Shift lead"]}),
        (forno, {"teams": ["Queens"]}),
    ):
        hidden = company.rule("Hidden", effect="forbid", **how)
        assert confirm(forno, hidden).status_code == 404
    for odd in (0, 999_999_999_999_999_999_999):
        client = client_of(forno.agent)
        assert client.post(f"/handbook/rules/{odd}/read/").status_code == 404
    assert not Acknowledgement.objects.exists()


def test_the_desk_tells_quietly_of_what_is_unread(forno: Cast, rule: Policy) -> None:
    second = forno.rule("Newer", effect="forbid", starts_at=NOW - timedelta(days=1))
    forno.rule("To come", effect="forbid", starts_at=NOW + timedelta(days=1))
    client = client_of(forno.agent)
    page = client.get("/")
    assert "What nobody may do: 2 rules to read" in words(page)
    assert f'href="/handbook/#rule-{second.pk}"' in page.content.decode()
    confirm(forno, second)
    assert "What nobody may do: 1 rule to read" in words(client.get("/"))
    confirm(forno, rule)
    assert "to read" not in words(client.get("/"))
    assert "What nobody may do: 2 rules to read" in words(client_of(forno.colleague).get("/"))


def test_nobody_is_kept_from_helping_a_customer_by_an_unread_rule(
    forno: Cast, rule: Policy
) -> None:
    client = client_of(forno.agent)
    form = words(client.get("/cases/new/"))
    assert "to read" not in form
    answer = send_case(client, reason_code="late", **ticks("reorder"))
    assert answer.status_code == 302
    assert "Expedited reorder" in words(client.get(answer["Location"]))
    assert not Acknowledgement.objects.exists()


def test_the_handbook_and_the_desk_make_the_same_few_queries_however_much_there_is(
    forno: Cast, rule: Policy
) -> None:
    who = ["session", "select employee"]
    visit = ["select handbookvisit", "update handbookvisit"]
    scopes = ["select reasoncode", "select remedy", "select tier", "select team"]
    rules = ["select policy", *scopes, "select condition", "select reasoncode", "select askedfact"]
    book = [*who, *visit, *rules, "select acknowledgement", "select remedy"]
    month = ["budget", "select resolution", "select case"]
    news = ["select incident", "select policy", "select review", "select conclusion"]
    desk = [*who, *month, "select acknowledgement", *news]
    client = client_of(forno.agent)
    client.get("/handbook/")
    with assert_queries(book):
        client.get("/handbook/")
    for number in range(4):
        more = forno.rule(f"Rule {number}", effect="forbid", starts_at=NOW - timedelta(hours=1))
        acknowledge(more, acting_employee=forno.agent, at=NOW)
    client.get("/")
    with time_machine.travel(NOW + timedelta(days=1)), assert_queries(book):
        client.get("/handbook/")
    with assert_queries(desk):
        client.get("/")
