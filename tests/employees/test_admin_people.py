"""People in the admin: nobody edits themselves, nobody appoints above themselves."""

from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from employees.models import Employee
from tests.admin.desk import Desk, address, errors, said
from tests.cast import Cast

WORD = "correct horse battery"


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def test_a_new_colleague_is_made_in_one_go_and_can_sign_in(desk: Desk, forno: Cast) -> None:
    answer = desk.add(
        Employee,
        username="forno.new",
        first_name="Ada",
        role="agent",
        team=forno.teams["Brooklyn"].pk,
        tier=forno.tiers["Driver"].pk,
        password1=WORD,
        password2=WORD,
    )
    assert answer.status_code == 302
    new = Employee.objects.get(username="forno.new")
    assert (new.division, new.tier, new.first_name) == (
        forno.division,
        forno.tiers["Driver"],
        "Ada",
    )
    assert authenticate(RequestFactory().post("/"), username=new.username, password=WORD) == new
    assert new.history.get().history_user == forno.manager


def test_without_a_password_nobody_can_sign_in_yet(desk: Desk, forno: Cast) -> None:
    desk.add(Employee, username="later", role="agent", team=forno.teams["Queens"].pk)
    assert not Employee.objects.get(username="later").has_usable_password()


@pytest.mark.once
@pytest.mark.parametrize(
    ("first", "second"),
    [("one two three four", "other words here"), ("12345", "12345"), (WORD, "")],
)
def test_a_weak_or_mistyped_password_makes_nobody(desk: Desk, first: str, second: str) -> None:
    answer = desk.add(Employee, username="new", role="agent", password1=first, password2=second)
    assert errors(answer).keys() & {"password1", "password2"}
    assert not Employee.objects.filter(username="new").exists()


@pytest.mark.once
@pytest.mark.parametrize("field", ["personal_limit", "personal_budget"])
@pytest.mark.parametrize("typed", ["1e5", "1E2", "NaN", "Infinity", "0x10", "1_000", "23,50", "٥"])
def test_what_is_no_plain_amount_is_asked_for_again(
    desk: Desk, forno: Cast, field: str, typed: str
) -> None:
    answer = desk.change(forno.agent, **{field: typed}, change_reason="Knows the customers.")
    assert errors(answer)[field][0].startswith("Write ")
    forno.agent.refresh_from_db()
    assert getattr(forno.agent, field) is None


@pytest.mark.once
@pytest.mark.parametrize("typed", ["1250", "1250.00", " $1,250.00 ", "1 250"])
def test_an_amount_is_read_as_on_the_case_form(desk: Desk, forno: Cast, typed: str) -> None:
    desk.change(forno.agent, personal_limit=typed, change_reason="Knows the customers.")
    forno.agent.refresh_from_db()
    assert forno.agent.personal_limit == Decimal("1250.00")
    desk.change(forno.agent, personal_limit="  ", change_reason="As everyone else.")
    forno.agent.refresh_from_db()
    assert forno.agent.personal_limit is None


@pytest.mark.once
def test_where_no_currency_is_known_yet_an_amount_is_plain_digits(
    head_office: dict[str, Employee], forno: Cast
) -> None:
    desk = Desk(head_office["admin"])
    new = {
        "division": forno.division.pk,
        "username": "new",
        "role": "agent",
        "team": forno.teams["Queens"].pk,
        "tier": forno.tiers["Driver"].pk,
    }
    answer = desk.add(Employee, **new, personal_limit="1e5")
    assert errors(answer)["personal_limit"] == ["Write a number, such as 25.00."]
    assert desk.add(Employee, **new, personal_limit="25.50").status_code == 302
    assert Employee.objects.get(username="new").personal_limit == Decimal("25.50")


def test_nobody_changes_themselves(desk: Desk, forno: Cast) -> None:
    page = desk.page(forno.manager).content.decode()
    assert "This is you." in page
    assert "_save" not in page
    before = Employee.objects.filter(pk=forno.manager.pk).values().get()

    data = {"username": "x", "role": "agent", "tier": forno.tiers["Shift lead"].pk}
    where = address(Employee, "change", forno.manager.pk)
    assert desk.client.post(where, data).status_code == 403
    assert Employee.objects.filter(pk=forno.manager.pk).values().get() == before

    answer = desk.act("deactivate", forno.manager, forno.agent)
    assert "This is you." in said(answer)[1]
    assert Employee.objects.get(pk=forno.manager.pk).is_active
    assert not Employee.objects.get(pk=forno.agent.pk).is_active


@pytest.mark.once
def test_an_administrator_does_not_change_themselves_either(
    head_office: dict[str, Employee],
) -> None:
    admin = head_office["admin"]
    where = address(Employee, "change", admin.pk)
    assert Desk(admin).client.post(where, {"role": "manager"}).status_code == 403


@pytest.mark.once
def test_a_manager_appoints_nobody_above_themselves(desk: Desk, forno: Cast) -> None:
    for role in ("administrator", "finance"):
        answer = desk.change(forno.agent, role=role, change_reason="because")
        assert "Choose among what is offered." in errors(answer)["role"][0]
        answer = desk.add(Employee, username="new", role=role)
        assert "Choose among what is offered." in errors(answer)["role"][0]
    forno.agent.refresh_from_db()
    assert forno.agent.role == "agent"


@pytest.mark.once
@pytest.mark.parametrize("role", ["administrator", "finance"])
def test_a_manager_does_not_touch_those_above(desk: Desk, forno: Cast, role: str) -> None:
    boss = Employee.objects.create_user("boss", role=role, division=forno.division)
    page = desk.page(boss).content.decode()
    assert "Only an administrator" in page
    where = address(Employee, "change", boss.pk)
    assert desk.client.post(where, {"username": "x", "role": "agent"}).status_code == 403
    assert desk.client.get(f"/admin/employees/employee/{boss.pk}/password/").status_code == 403
    desk.act("deactivate", boss)
    boss.refresh_from_db()
    assert (boss.role, boss.is_active) == (role, True)


def test_a_change_of_authority_says_why(desk: Desk, forno: Cast) -> None:
    for field, value in (
        ("tier", forno.tiers["Shift lead"].pk),
        ("personal_limit", "40.00"),
        ("personal_budget", "200.00"),
        ("role", "team_lead"),
    ):
        answer = desk.change(forno.agent, **{field: value})
        assert "Say why" in errors(answer)["change_reason"][0], field
    forno.agent.refresh_from_db()
    assert (forno.agent.role, forno.agent.personal_limit) == ("agent", None)

    desk.change(forno.agent, personal_limit="40.00", change_reason="Knows every regular.")
    forno.agent.refresh_from_db()
    assert forno.agent.personal_limit == Decimal("40.00")
    record = forno.agent.history.first()
    assert record is not None
    assert (record.history_change_reason, record.history_user) == (
        "Knows every regular.",
        forno.manager,
    )


@pytest.mark.once
def test_a_new_name_needs_no_reason(desk: Desk, forno: Cast) -> None:
    assert desk.change(forno.agent, first_name="Ada").status_code == 302
    forno.agent.refresh_from_db()
    assert forno.agent.first_name == "Ada"


def test_saving_without_a_change_leaves_no_trace(desk: Desk, forno: Cast) -> None:
    before = forno.agent.history.count()
    assert desk.change(forno.agent).status_code == 302
    assert forno.agent.history.count() == before


def test_nobody_is_deleted_but_people_are_deactivated(desk: Desk, forno: Cast) -> None:
    where = address(Employee, "delete", forno.agent.pk)
    assert desk.client.post(where, {"post": "yes"}).status_code == 403
    assert (
        "delete_selected" not in desk.client.get(address(Employee, "changelist")).content.decode()
    )
    desk.act("deactivate", forno.agent)
    assert not Employee.objects.get(pk=forno.agent.pk).is_active
    desk.act("activate", forno.agent)
    assert Employee.objects.get(pk=forno.agent.pk).is_active
    assert forno.agent.history.count() == 3


def test_a_password_is_set_anew(desk: Desk, forno: Cast) -> None:
    where = f"/admin/employees/employee/{forno.agent.pk}/password/"
    assert where.removesuffix("password/") + "password/" in desk.page(forno.agent).content.decode()
    data = {"password1": WORD, "password2": WORD, "usable_password": "true", "set-password": "1"}
    assert desk.client.post(where, data).status_code == 302
    agent = Employee.objects.get(pk=forno.agent.pk)
    assert agent.check_password(WORD)
    record = agent.history.first()
    assert record is not None
    assert (record.history_user, record.history_change_reason) == (
        forno.manager,
        "A new password was set.",
    )


def test_the_list_shows_whose_word_goes_how_far(desk: Desk, forno: Cast) -> None:
    Employee.objects.filter(pk=forno.agent.pk).update(personal_limit=Decimal(40))
    page = desk.client.get(address(Employee, "changelist")).content.decode()
    assert "$40.00" in page
    assert "personal" in page
    assert "$120.00" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "driver2"}, {"forno.driver2"}),
        ({"role__exact": "team_lead"}, {"forno.lead1"}),
        ({"is_active__exact": "0"}, set()),
    ],
)
def test_people_are_found(desk: Desk, forno: Cast, asked: dict[str, str], found: set[str]) -> None:
    assert {row.username for row in desk.list(Employee, **asked)} == found


@pytest.mark.once
@pytest.mark.parametrize("amount", ["-1", "NaN", "1e30", "1.001", "x", "1" * 20])
def test_a_bad_amount_is_refused_and_changes_nothing(desk: Desk, forno: Cast, amount: str) -> None:
    answer = desk.change(forno.agent, personal_limit=amount, change_reason="because")
    assert "personal_limit" in errors(answer)
    forno.agent.refresh_from_db()
    assert forno.agent.personal_limit is None
