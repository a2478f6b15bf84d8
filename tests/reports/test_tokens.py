"""Machines' tokens: who makes them, what they open, and when they stop."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.utils import timezone

from employees.models import Employee, Role
from reports.errors import (
    InvalidToken,
    MadeAlready,
    NotTheirsToGive,
    ReportsError,
    RevokedAlready,
    TokenOpensNothing,
)
from reports.models import MachineToken
from reports.reader import reader_of_token
from reports.tokens import find_token, revoke_token
from tests.cast import Cast
from tests.queries import assert_queries
from tests.tokens import made, pulled

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
OWN_ONLY = "Choose your own division: you see no other."


@pytest.fixture
def people(forno: Cast, scm: Cast, head_office: dict[str, Employee]) -> dict[str, Employee]:
    """Someone of each role; `finance` belongs to Forno, `group` to no division."""
    return {
        "agent": forno.agent,
        "lead": forno.lead,
        "manager": forno.manager,
        "finance": Employee.objects.create_user(
            "forno.finance", role="finance", division=forno.division
        ),
        "group": head_office["finance"],
        "admin": head_office["admin"],
    }


def refused(kind: type[ReportsError], **how: Any) -> Any:
    """What was refused; fails if it was not, or if a token was made or changed all the same."""
    before = list(MachineToken.objects.order_by("pk").values())
    with pytest.raises(kind) as refusal:
        made(**how)
    assert list(MachineToken.objects.order_by("pk").values()) == before
    return refusal.value


# --- Making ---


@pytest.mark.once
@pytest.mark.parametrize(
    ("who", "makes"),
    [
        ("agent", set()),
        ("lead", set()),
        ("manager", set()),
        ("finance", {"own"}),
        ("group", {"all", "own", "another", "both"}),
        ("admin", {"all", "own", "another", "both", "own words"}),
    ],
)
def test_who_makes_a_token_of_what(
    people: dict[str, Employee], forno: Cast, scm: Cast, who: str, makes: set[str]
) -> None:
    asked: dict[str, dict[str, Any]] = {
        "all": {"divisions": None},
        "own": {"divisions": [forno.division]},
        "another": {"divisions": [scm.division]},
        "both": {"divisions": [forno.division, scm.division]},
        "own words": {"divisions": [forno.division], "own_words": True},
    }
    for what, scope in asked.items():
        if what in makes:
            token, secret = made(people[who], **scope)
            assert find_token(secret, at=timezone.now()) == token
        else:
            refused(InvalidToken if makes else NotTheirsToGive, maker=people[who], **scope)


def test_whoever_left_makes_none(people: dict[str, Employee]) -> None:
    people["group"].is_active = False
    refused(NotTheirsToGive, maker=people["group"])


@pytest.mark.once
def test_each_field_says_what_would_be_right(people: dict[str, Employee], scm: Cast) -> None:
    refusal = refused(
        InvalidToken,
        maker=people["finance"],
        name=" \n",
        exports=["everything"],
        divisions=[scm.division],
        own_words=True,
        lasts=timedelta(0),
    )
    assert refusal.errors == {
        "name": ["Write what it is for, such as Nightly load."],
        "exports": ["There is no export called everything."],
        "divisions": [OWN_ONLY],
        "own_words": ["Only an administrator gives a token that reads people’s own words."],
        "expires_at": ["Choose a day that is still to come."],
    }


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("name", {"name": "n" * 81}),
        ("name", {"name": "n\x00"}),
        ("exports", {"exports": []}),
        ("divisions", {"divisions": []}),
        ("expires_at", {"lasts": timedelta(days=366, seconds=1)}),
    ],
)
def test_what_can_not_be_meant_is_refused(
    people: dict[str, Employee], field: str, asked: dict[str, Any]
) -> None:
    assert list(refused(InvalidToken, maker=people["group"], **asked).errors) == [field]


def test_a_token_lasts_a_year_at_most(people: dict[str, Employee]) -> None:
    token, _ = made(people["group"], lasts=timedelta(days=366), name="n" * 80)
    assert token.expires_at - token.made_at == timedelta(days=366)


def test_its_scope_is_kept_in_one_order_and_its_name_in_one_line(
    people: dict[str, Employee], forno: Cast, scm: Cast
) -> None:
    token, _ = made(
        people["group"],
        name="  Nightly\n load ",
        exports=["gaps", "ledger", "gaps"],
        divisions=[scm.division, forno.division, scm.division],
    )
    token.refresh_from_db()
    assert (token.name, token.exports) == ("Nightly load", ["ledger", "gaps"])
    assert set(token.divisions.all()) == {forno.division, scm.division}
    assert (token.division_count, token.all_divisions) == (2, False)


def test_the_same_form_sent_twice_makes_one_token(people: dict[str, Employee]) -> None:
    request = uuid4()
    token, _ = made(people["group"], request_id=request)
    refusal = refused(MadeAlready, maker=people["group"], request_id=request, name="Other")
    assert f"made the token “Nightly load” ({token.begins}…)" in str(refusal)
    made(people["admin"], request_id=request)  # another person's is another one


def test_the_secret_is_known_to_its_holder_alone(people: dict[str, Employee]) -> None:
    token, secret = made(people["group"])
    assert secret.startswith("leeway_")
    assert len(secret.removeprefix("leeway_")) == 40
    assert secret.isascii()
    assert secret.startswith(token.begins)
    assert len(token.begins) == 12
    _, other = made(people["group"])
    assert secret != other

    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values():
            assert secret not in str(row), model
            assert secret.removeprefix("leeway_")[8:] not in str(row), model


# --- Using ---


def test_a_token_is_found_by_its_secret_in_one_query(people: dict[str, Employee]) -> None:
    token, secret = made(people["group"])
    with assert_queries(["select machinetoken"]):  # with its maker
        assert find_token(secret, at=timezone.now()) == token


@pytest.mark.parametrize("secret", ["", "leeway_", "leeway_" + "0" * 40, "x" * 1000, "' OR 1=1 --"])
def test_a_guess_finds_none(people: dict[str, Employee], secret: str) -> None:
    made(people["group"])
    with pytest.raises(TokenOpensNothing, match="not a token of ours"):
        find_token(secret, at=timezone.now())


def test_a_token_ends_at_the_moment_that_was_said(people: dict[str, Employee]) -> None:
    _, secret = made(people["group"], at=NOW, lasts=timedelta(hours=1))
    assert find_token(secret, at=NOW + timedelta(minutes=59))
    with pytest.raises(TokenOpensNothing, match="expired"):
        find_token(secret, at=NOW + timedelta(hours=1))


def leaves(maker: Employee) -> None:
    maker.is_active = False


def becomes_an_agent(maker: Employee) -> None:
    maker.role, maker.division = Role.AGENT, None


@pytest.mark.parametrize("change", [leaves, becomes_an_agent])
@pytest.mark.parametrize("who", ["group", "finance", "admin"])
def test_it_stops_when_its_maker_may_not_give_it_any_more(
    people: dict[str, Employee], forno: Cast, who: str, change: Callable[[Employee], None]
) -> None:
    maker = people[who]
    _, secret = made(maker, divisions=[forno.division])
    change(maker)
    maker.save()
    with pytest.raises(TokenOpensNothing, match="may not give it any more"):
        find_token(secret, at=timezone.now())


# --- Revoking ---


@pytest.mark.parametrize(
    ("who", "sees_own", "sees_all"),
    [
        ("agent", False, False),
        ("lead", False, False),
        ("manager", False, False),
        ("finance", True, False),
        ("group", True, True),
        ("admin", True, True),
    ],
)
def test_whoever_sees_a_token_revokes_it(
    people: dict[str, Employee], forno: Cast, who: str, sees_own: bool, sees_all: bool
) -> None:
    for divisions, sees in (([forno.division], sees_own), (None, sees_all)):
        token, secret = made(people["admin"], divisions=divisions)
        if sees:
            revoke_token(token, acting_employee=people[who], at=NOW)
            assert (token.revoked_at, token.revoked_by) == (NOW, people[who])
            with pytest.raises(TokenOpensNothing, match="revoked"):
                find_token(secret, at=timezone.now())
        else:
            with pytest.raises(NotTheirsToGive):
                revoke_token(token, acting_employee=people[who], at=NOW)
            assert find_token(secret, at=timezone.now()).revoked_at is None


def test_a_token_is_revoked_once(people: dict[str, Employee]) -> None:
    token, _ = made(people["group"])
    revoke_token(token, acting_employee=people["group"], at=NOW)
    with pytest.raises(RevokedAlready):
        revoke_token(token, acting_employee=people["admin"], at=NOW + timedelta(days=1))
    token.refresh_from_db()
    assert (token.revoked_at, token.revoked_by) == (NOW, people["group"])


# --- Looking ---


def test_the_last_use_is_that_of_the_log(people: dict[str, Employee]) -> None:
    used, _ = made(people["group"])
    made(people["group"])
    for days in (3, 1, 2):
        pulled(used, at=NOW - timedelta(days=days))
    pulled(people["group"], at=NOW)
    uses = {token.last_used_at for token in MachineToken.objects.with_last_use()}
    assert uses == {NOW - timedelta(days=1), None}


def test_those_that_work_come_first(people: dict[str, Employee], forno: Cast) -> None:
    gone = Employee.objects.create_user("gone", role="finance")
    names = ["expired", "revoked", "stopped", "older", "newer"]
    for days, name in enumerate(names):
        maker = gone if name == "stopped" else people["group"]
        lasts = timedelta(days=1 if name == "expired" else 30)
        token, _ = made(maker, name=name, at=NOW + timedelta(days=days), lasts=lasts)
        if name == "revoked":
            revoke_token(token, acting_employee=people["admin"], at=NOW)
    Employee.objects.filter(pk=gone.pk).update(is_active=False)
    rows = MachineToken.objects.working_first(NOW + timedelta(days=5))
    assert [row.name for row in rows] == ["newer", "older", "stopped", "revoked", "expired"]


def test_narrowing_leaves_the_token_as_it_was_made(
    people: dict[str, Employee], forno: Cast, scm: Cast
) -> None:
    """Its maker sees less now, and so does it; when they see more again, it is back."""
    maker = people["group"]
    _, secret = made(maker)
    Employee.objects.filter(pk=maker.pk).update(division=forno.division)
    reader = reader_of_token(find_token(secret, at=timezone.now()))
    assert reader.divisions == (forno.division,)
    Employee.objects.filter(pk=maker.pk).update(division=None)
    reader = reader_of_token(find_token(secret, at=timezone.now()))
    assert reader.divisions == (forno.division, scm.division)
