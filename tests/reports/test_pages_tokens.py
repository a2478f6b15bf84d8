"""The page of machines' tokens: made, shown once, and revoked."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from employees.models import Employee
from reports.models import MachineToken
from reports.tokens import find_token, revoke_token
from tests.cast import Cast
from tests.pages import client_of, value_of, words
from tests.putting_right import NOW
from tests.queries import assert_queries
from tests.tokens import made, pulled, secret_in

PAGE = "/finance/tokens/"


@pytest.fixture
def finance(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> Client:
    return client_of(head_office["finance"])


@pytest.fixture
def controller(forno: Cast) -> Employee:
    """Finance of one division."""
    return Employee.objects.create_user("forno.finance", role="finance", division=forno.division)


def send(client: Client, **told: Any) -> Any:
    """Fill the form in and send it: the ledger of all divisions, unless told otherwise."""
    form = client.get(PAGE)
    usual = {
        "name": "Nightly load",
        "exports": ["ledger"],
        "every_division": "on",
        "last_day": value_of(form, "last_day"),
        "request_id": value_of(form, "request_id"),
    }
    return client.post(PAGE, {k: v for k, v in {**usual, **told}.items() if v is not None})


# --- Who comes in ---


@pytest.mark.once
@pytest.mark.parametrize("who", ["agent", "lead", "manager"])
def test_others_do_not_come_in(forno: Cast, head_office: dict[str, Employee], who: str) -> None:
    token, _ = made(head_office["finance"], divisions=[forno.division])
    client = client_of(getattr(forno, who))
    for where in (PAGE, f"{PAGE}{token.pk}/revoke/"):
        assert client.get(where).status_code == 403
        assert client.post(where).status_code == 403
    assert MachineToken.objects.get().revoked_at is None


@pytest.mark.once
def test_whoever_is_not_signed_in_signs_in_first(db: None) -> None:
    assert Client().get(PAGE)["Location"] == f"/sign-in/?next={PAGE}"


@pytest.mark.once
def test_an_administrator_comes_from_the_admins_first_page(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    client = client_of(head_office["admin"])
    assert f'href="{PAGE}"' in client.get("/admin/").content.decode()
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Exports" not in words(page), "what was given is not for administrators"
    assert PAGE not in client_of(forno.manager).get("/admin/").content.decode()


# --- Making ---


def test_a_token_is_made_and_shown(finance: Client, head_office: dict[str, Employee]) -> None:
    page = send(finance, exports=["ledger", "cases"])
    said, secret = words(page), secret_in(page)
    token = find_token(secret, at=timezone.now())
    assert page.status_code == 200
    assert "“Nightly load” is made" in said
    assert "It opens Ledger, Cases · all divisions, until" in said
    assert "http://testserver/api/v1/exports/ledger/?format=csv" in unescape(said)
    assert (token.made_by, token.exports) == (head_office["finance"], ["ledger", "cases"])
    assert token.all_divisions
    assert not token.own_words


def test_the_secret_is_shown_this_once_and_kept_nowhere(finance: Client) -> None:
    page = send(finance)
    secret = secret_in(page)
    assert "no-store" in page["Cache-Control"]
    assert page.content.decode().count(secret) == 1
    assert secret not in str(page.headers)
    for session in Session.objects.all():
        assert secret not in str(session.get_decoded())
    for where in (PAGE, f"{PAGE}{MachineToken.objects.get().pk}/revoke/"):
        assert not secret_in(finance.get(where))


def test_loading_the_page_again_makes_no_second_one(finance: Client) -> None:
    form = finance.get(PAGE)
    request = value_of(form, "request_id")
    first = send(finance, request_id=request)
    again = send(finance, request_id=request)
    assert secret_in(first)
    assert not secret_in(again)
    assert again.status_code == 409
    token = MachineToken.objects.get()
    assert f"made the token “Nightly load” ({token.begins}…)" in words(again)
    assert value_of(again, "name") == "Nightly load", "nothing that was typed is lost"
    assert value_of(again, "request_id") not in ("", request)


def test_who_wants_a_second_one_presses_once_more(finance: Client) -> None:
    request = value_of(finance.get(PAGE), "request_id")
    send(finance, request_id=request)
    again = send(finance, request_id=request)
    assert secret_in(send(finance, request_id=value_of(again, "request_id")))
    assert MachineToken.objects.count() == 2


def test_it_lasts_ninety_days_unless_told(finance: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        send(finance)
    assert f"{MachineToken.objects.get().expires_at:%Y-%m-%d %H:%M}" == "2027-02-20 00:00"


def test_its_last_day_is_whole_where_the_maker_works(controller: Employee, scm: Cast) -> None:
    Employee.objects.filter(pk=controller.pk).update(division=scm.division, team=scm.teams["Perth"])
    with time_machine.travel(NOW, tick=False):
        send(client_of(controller), last_day="2026-12-24", every_division=None)
    assert f"{MachineToken.objects.get().expires_at:%Y-%m-%d %H:%M}" == "2026-12-24 16:00"


@pytest.mark.once
def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(
    finance: Client, forno: Cast
) -> None:
    page = send(
        finance,
        name="",
        exports=[],
        every_division=None,
        divisions=[],
        last_day="2020-01-01",
    )
    said = words(page)
    assert page.status_code == 400
    for sentence in (
        "Write what it is for, such as Nightly load.",
        "Choose at least one export: a token that opens nothing is of no use.",
        "Choose at least one division, or all of them.",
        "Choose a day that is still to come.",
    ):
        assert said.count(sentence) == 1
    page = send(finance, last_day="9999-12-31", exports=["gaps"], divisions=[forno.division.pk])
    assert "Choose a day within 366 days" in words(page)
    assert value_of(page, "last_day") == "9999-12-31"
    assert value_of(page, "name") == "Nightly load"
    assert value_of(page, "exports") == "gaps"
    assert value_of(page, "divisions") == str(forno.division.pk)
    assert not MachineToken.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"last_day": "soon"}, "Write a day, such as 2027-01-31."),
        ({"last_day": ""}, "Write its last day"),
        ({"exports": ["everything"]}, "Choose among what is offered."),
        ({"divisions": ["99999"], "every_division": None}, "Choose among what is offered."),
        ({"divisions": ["x\x00"], "every_division": None}, "Choose among what is offered."),
        ({"name": "n" * 81}, "Write at most 80 characters: these are 81."),
        ({"name": "n\x00"}, "can’t be kept"),
        ({"request_id": ""}, "Something is missing from this page."),
        ({"request_id": "x"}, "Something is missing from this page."),
    ],
)
def test_what_can_not_be_read_is_refused_kindly(
    finance: Client, told: dict[str, Any], sentence: str
) -> None:
    page = send(finance, **told)
    assert sentence in words(page)
    assert page.status_code == 400
    assert not MachineToken.objects.exists()


@pytest.mark.once
def test_a_year_is_the_most_that_can_be_chosen(finance: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        most = re.search(r'max="([0-9-]+)"', finance.get(PAGE).content.decode())
        assert most
        assert secret_in(send(finance, last_day=most[1]))
        day_after = f"{timezone.localdate() + timedelta(days=366)}"
        assert not secret_in(send(finance, last_day=day_after))


def test_finance_of_a_division_gives_their_own(controller: Employee, scm: Cast) -> None:
    client = client_of(controller)
    page = client.get(PAGE)
    assert "It opens Forno, as you see no other division." in words(page)
    assert scm.division.name not in words(page)
    told = {"every_division": "on", "divisions": [scm.division.pk], "own_words": "on"}
    assert secret_in(send(client, **told)), "what is not asked is not looked at"
    token = MachineToken.objects.get()
    assert list(token.divisions.all()) == [controller.division]
    assert (token.all_divisions, token.own_words) == (False, False)


def test_own_words_are_an_administrators_to_give(
    finance: Client, head_office: dict[str, Employee]
) -> None:
    assert "own words" not in words(finance.get(PAGE))
    send(finance, own_words="on")
    assert not MachineToken.objects.get().own_words
    admin = client_of(head_office["admin"])
    assert "It also reads what people wrote in their own words" in words(admin.get(PAGE))
    assert secret_in(send(admin, own_words="on"))
    assert MachineToken.objects.filter(own_words=True).count() == 1


# --- Looking ---


def test_the_page_says_what_each_token_opens_and_when_it_was_used(
    finance: Client, head_office: dict[str, Employee], forno: Cast, scm: Cast
) -> None:
    with time_machine.travel(NOW, tick=False):
        token, _ = made(head_office["finance"], divisions=[scm.division], exports=["cases", "gaps"])
        made(head_office["admin"], name="Audit", own_words=True)
        pulled(token, at=NOW)
        said = words(finance.get(PAGE))
    assert f"Nightly load {token.begins}… Cases, Authority gaps · Southern Cross Mobile" in said
    assert "Made by Finance on 21 November 2026 · last used 21 November 2026, 15:00" in said
    assert "Until 28 November 2026" in said
    assert "Ledger · all divisions with people’s own words" in said
    assert "never used" in said


def test_those_that_ended_stand_quietly_at_the_end_with_the_reason(
    finance: Client, head_office: dict[str, Employee], forno: Cast, scm: Cast
) -> None:
    gone = Employee.objects.create_user("ann", role="finance", first_name="Ann")
    moved = Employee.objects.create_user("bob", role="finance", first_name="Bob")
    with time_machine.travel(NOW - timedelta(days=10), tick=False):
        made(head_office["finance"], name="Expired")
        token, _ = made(head_office["finance"], name="Revoked", lasts=timedelta(days=90))
        made(gone, name="Stopped", lasts=timedelta(days=90))
        made(moved, name="Lost", divisions=[scm.division], lasts=timedelta(days=90))
        made(moved, name="Narrowed", lasts=timedelta(days=90))
        revoke_token(token, acting_employee=head_office["admin"], at=timezone.now())
    Employee.objects.filter(pk=gone.pk).update(is_active=False)
    Employee.objects.filter(pk=moved.pk).update(division=forno.division)
    with time_machine.travel(NOW, tick=False):
        page = finance.get(PAGE)
    working, _, ended = words(page).partition("They open nothing any more")
    assert "Narrowed" in working
    assert "Ledger · Forno" in working, "what it opens now, not what it was made for"
    for name in ("Expired", "Revoked", "Stopped", "Lost"):
        assert name not in working
    assert "Revoked by Admin on 11 November" in ended
    assert "Expired on Wednesday" in ended
    assert "Stopped: Ann may not give it any more" in ended
    assert "Opens nothing: Bob sees none of its divisions any more" in ended


def test_what_is_not_theirs_is_not_there(
    controller: Employee, head_office: dict[str, Employee], scm: Cast, forno: Cast
) -> None:
    client = client_of(controller)
    others = [
        made(head_office["finance"], name="Of all")[0],
        made(head_office["finance"], name="Of both", divisions=[forno.division, scm.division])[0],
        made(head_office["finance"], name="Elsewhere", divisions=[scm.division])[0],
    ]
    own, _ = made(head_office["finance"], name="Ours", divisions=[forno.division])
    said = words(client.get(PAGE))
    assert "Ours" in said
    for token in others:
        assert token.name not in said
        where = f"{PAGE}{token.pk}/revoke/"
        assert client.get(where).status_code == client.post(where).status_code == 404
    assert client.get(f"{PAGE}{own.pk}/revoke/").status_code == 200
    assert client.get(f"{PAGE}{10**30}/revoke/").status_code == 404


def test_many_tokens_come_in_pages(finance: Client, head_office: dict[str, Employee]) -> None:
    for number in range(26):
        made(head_office["finance"], name=f"Load {number:02}")
    assert "Load 00" not in words(finance.get(PAGE))
    second = words(finance.get(PAGE, {"page": 2}))
    assert "Load 00" in second
    assert "2 of 2" in second
    assert finance.get(PAGE, {"page": "x"}).status_code == 200


def test_the_page_costs_the_same_however_many_there_are(
    finance: Client, head_office: dict[str, Employee], forno: Cast
) -> None:
    for _ in range(5):
        token, _ = made(head_office["finance"], divisions=[forno.division])
        pulled(token)
    with assert_queries(
        [
            "session",
            "select employees_employee",
            "select employees_division",  # those to choose from
            "select machinetoken",  # how many
            "select exportrun",  # inside: last use; the tokens with their makers
            "select employees_division",  # the tokens' own
        ]
    ):
        finance.get(PAGE)


# --- Revoking ---


def test_revoking_asks_once_more_and_says_what_comes_of_it(
    finance: Client, head_office: dict[str, Employee]
) -> None:
    token, secret = made(head_office["admin"])
    where = f"{PAGE}{token.pk}/revoke/"
    asked = finance.get(where)
    assert "Revoke “Nightly load”?" in words(asked)
    assert "at once and for good" in words(asked)
    assert find_token(secret, at=timezone.now()), "looking changes nothing"
    done = finance.post(where, follow=True)
    assert done.redirect_chain == [(PAGE, 302)]
    assert "“Nightly load” is revoked. It opens nothing from now on." in words(done)
    token.refresh_from_db()
    assert token.revoked_by == head_office["finance"]


def test_revoking_again_is_refused_kindly(
    finance: Client, head_office: dict[str, Employee]
) -> None:
    token, _ = made(head_office["finance"])
    where = f"{PAGE}{token.pk}/revoke/"
    finance.post(where)
    before = MachineToken.objects.get().revoked_at
    again = client_of(head_office["admin"]).post(where, follow=True)
    assert "This token was revoked already" in words(again)
    assert MachineToken.objects.get().revoked_at == before
    assert "Revoke it" not in words(finance.get(where))


def test_nothing_is_made_or_revoked_from_another_site(head_office: dict[str, Employee]) -> None:
    client = client_of(head_office["finance"], enforce_csrf_checks=True)
    token, _ = made(head_office["finance"])
    for where in (PAGE, f"{PAGE}{token.pk}/revoke/"):
        assert client.post(where, {"name": "x"}).status_code == 403
    assert MachineToken.objects.get().revoked_at is None
