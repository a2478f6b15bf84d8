"""CSV in and out: nothing changes by itself, all or nothing, and only one's own."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from employees.models import AuthorityTier, Employee
from policies.models import ReasonCode, Remedy
from tests.admin.desk import Desk, address, problems, said
from tests.cast import Cast

MODELS: list[Any] = [Employee, AuthorityTier, Remedy, ReasonCode]


@pytest.fixture
def desk(forno: Cast, orchard: Cast) -> Desk:
    return Desk(forno.manager)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def everything() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in MODELS] + [
        model.history.count() for model in MODELS
    ]


@pytest.mark.parametrize("model", MODELS)
def test_an_export_holds_ones_own_division_and_imported_again_changes_nothing(
    desk: Desk, model: type[Any]
) -> None:
    before = everything()
    text = desk.take_out(model)
    rows = rows_of(text)
    assert {row["division"] for row in rows} == {"forno"}
    assert len(rows) == model._default_manager.filter(division=desk.employee.division).count()

    looked_at = desk.bring_in(model, text)
    assert b"There is nothing to import." in looked_at.content
    desk.confirm(model, looked_at)
    assert everything() == before


def test_an_export_holds_what_the_list_shows(desk: Desk) -> None:
    rows = rows_of(desk.take_out(Employee, q="driver2"))
    assert [row["username"] for row in rows] == ["forno.driver2"]
    assert rows[0]["tier"] == "Driver"


def test_an_administrators_export_holds_all_divisions_and_comes_back_too(
    head_office: dict[str, Employee], forno: Cast, orchard: Cast
) -> None:
    desk, before = Desk(head_office["admin"]), everything()
    text = desk.take_out(Employee)
    assert {row["division"] for row in rows_of(text)} == {"forno", "orchard", ""}
    desk.confirm(Employee, desk.bring_in(Employee, text))
    assert everything() == before


def test_new_people_come_in_and_can_not_sign_in_yet(desk: Desk, forno: Cast) -> None:
    text = (
        "username,first_name,role,team,tier,personal_limit\n"
        "forno.new1,Ada,agent,Brooklyn,Driver,\n"
        "forno.new2,Bob,Team lead,Queens,Shift lead,95.50\n"
    )
    looked_at = desk.bring_in(Employee, text)
    assert not Employee.objects.filter(username="forno.new1").exists()
    answer = desk.confirm(Employee, looked_at)
    assert said(answer) == ["2 new, 0 changed, 0 as they were."]
    bob = Employee.objects.get(username="forno.new2")
    assert (bob.division, bob.tier, bob.role, bob.personal_limit) == (
        forno.division,
        forno.tiers["Shift lead"],
        "team_lead",
        Decimal("95.50"),
    )
    assert not bob.has_usable_password()
    assert bob.history.get().history_user == forno.manager


@pytest.mark.once
def test_one_wrong_cell_and_nothing_is_brought_in(desk: Desk) -> None:
    before = everything()
    answer = desk.bring_in(
        Employee,
        "username,role,team,tier,personal_limit,is_active\n"
        "forno.new1,agent,Brooklyn,Driver,,yes\n"
        "forno.new2,boss,Nowhere,Driver,NaN,maybe\n"
        "forno.new3,agent,Brooklyn,Driver,1.005,yes\n",
        reason="because",
    )
    assert {(line, column) for line, column, _ in problems(answer)} == {
        (3, "role"),
        (3, "team"),
        (3, "personal_limit"),
        (3, "is_active"),
        (4, "personal_limit"),
    }
    assert b"Nothing was imported." in answer.content
    assert "confirm_form" not in answer.context
    assert everything() == before


def test_a_change_of_limits_says_why(desk: Desk, forno: Cast) -> None:
    text = "name,limit_per_case\nDriver,30\n"
    answer = desk.bring_in(AuthorityTier, text)
    assert "Say why" in problems(answer)[0][2]
    desk.confirm(AuthorityTier, desk.bring_in(AuthorityTier, text, reason="Prices rose."))
    tier = forno.tiers["Driver"]
    tier.refresh_from_db()
    assert tier.limit_per_case == Decimal(30)
    record = tier.history.first()
    assert record is not None
    assert (record.history_change_reason, record.history_user) == ("Prices rose.", forno.manager)


@pytest.mark.once
def test_so_does_a_change_of_what_a_remedy_costs(desk: Desk) -> None:
    text = "code,cost_per_unit\nfree-pizza,5.50\n"
    assert "Say why" in problems(desk.bring_in(Remedy, text))[0][2]
    renamed = desk.bring_in(Remedy, "code,name\nfree-pizza,Pizza on us\n")
    desk.confirm(Remedy, renamed)
    assert Remedy.objects.filter(name="Pizza on us").exists()


def test_a_column_that_is_left_out_stays_as_it_is(desk: Desk, forno: Cast) -> None:
    desk.confirm(Employee, desk.bring_in(Employee, "username,first_name\nforno.driver1,Ada\n"))
    forno.agent.refresh_from_db()
    assert (forno.agent.first_name, forno.agent.tier) == ("Ada", forno.tiers["Driver"])


@pytest.mark.once
def test_nobody_changes_themselves_by_a_file(desk: Desk, forno: Cast) -> None:
    own = "username,tier,team\nforno.manager,Shift lead,Brooklyn\n"
    answer = desk.bring_in(Employee, own, reason="because")
    assert "You can't change your own" in problems(answer)[0][2]

    Employee.objects.filter(pk=forno.manager.pk).update(tier=forno.tiers["Shift lead"])
    answer = desk.bring_in(AuthorityTier, "name,limit_per_case\nShift lead,900\n", reason="x")
    assert "You can't change your own" in problems(answer)[0][2]


@pytest.mark.once
@pytest.mark.parametrize("role", ["administrator", "finance"])
def test_nobody_is_appointed_above_by_a_file(desk: Desk, forno: Cast, role: str) -> None:
    boss = Employee.objects.create_user("boss", role=role, division=forno.division)
    for text in (
        f"username,role,tier\nforno.driver1,{role},\n",
        f"username,role\nnew,{role}\n",
        "username,role\nboss,agent\n",
        "username,is_active\nboss,no\n",
    ):
        answer = desk.bring_in(Employee, text, reason="because")
        assert "Only an administrator" in problems(answer)[0][2]
    boss.refresh_from_db()
    assert (boss.role, boss.is_active) == (role, True)


def test_another_division_can_not_be_reached_by_a_file(
    desk: Desk, forno: Cast, orchard: Cast
) -> None:
    before = everything()
    for model, text in (
        (AuthorityTier, "division,name,limit_per_case\norchard,Driver,900\n"),
        (AuthorityTier, "division,name,limit_per_case\nnowhere,Driver,900\n"),
        (Employee, "username,role,tier,team\nx,agent,Care agent,Care\n"),
        (Remedy, "division,code,name\norchard,voucher,Mine\n"),
    ):
        answer = desk.bring_in(model, text, reason="because")
        assert problems(answer), text
        assert b"Orchard" not in answer.content
    own, foreign = (
        problems(desk.bring_in(AuthorityTier, f"division,name\n{code},x\n"))[0][2]
        for code in ("orchard", "nowhere")
    )
    assert own.replace("orchard", "") == foreign.replace("nowhere", "")  # no difference is told
    desk.bring_in(Employee, "username,first_name\norchard.driver1,Stolen\n")
    assert everything() == before


@pytest.mark.once
def test_a_line_twice_is_refused(desk: Desk) -> None:
    answer = desk.bring_in(ReasonCode, "code,name\nnew,New\nnew,Other\n")
    assert problems(answer) == [(3, "code", "“new” is in the file twice.")]


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "can't be read as CSV"),
        ("username\n", "No valid data"),
        ("name,limit\nDriver,5\n", "not known"),
        ("limit_per_case\n5\n", "is missing"),
    ],
)
def test_a_file_of_another_kind_is_refused(desk: Desk, text: str, words: str) -> None:
    answer = desk.bring_in(AuthorityTier, text)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert words in body or "empty" in body


@pytest.mark.once
def test_bytes_that_are_no_text_are_refused(desk: Desk) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("x.csv", b"\xff\xfe\x00name\x00\xe9")
    data = {"import_file": file, "format": "0", "resource": "0"}
    answer = desk.client.post(address(AuthorityTier, "import"), data)
    assert "can&#x27;t be read as CSV" in answer.content.decode()


def test_a_byte_order_mark_and_odd_names_survive(desk: Desk, forno: Cast) -> None:
    text = "\ufeffusername,first_name,last_name\nforno.driver1,Zoë 🍕,שלום\n"
    desk.confirm(Employee, desk.bring_in(Employee, text))
    forno.agent.refresh_from_db()
    assert (forno.agent.first_name, forno.agent.last_name) == ("Zoë 🍕", "שלום")


@pytest.mark.once
@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "'tis", "''", "\t=1"])
def test_no_cell_runs_as_a_formula_and_names_survive(desk: Desk, forno: Cast, name: str) -> None:
    Employee.objects.filter(pk=forno.agent.pk).update(job_title=name)
    text = desk.take_out(Employee, q="driver1")
    cell = rows_of(text)[0]["job_title"]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    desk.confirm(Employee, desk.bring_in(Employee, text))
    forno.agent.refresh_from_db()
    assert forno.agent.job_title.strip() == name.strip()


def test_what_was_refused_meanwhile_is_not_saved(desk: Desk, forno: Cast) -> None:
    looked_at = desk.bring_in(ReasonCode, "code,name\nnew,New\n", reason="Asked for daily.")
    cache.clear()
    answer = desk.confirm(ReasonCode, looked_at)
    assert said(answer) == ["That was a while ago. Please choose the file again."]
    assert answer.context["form"]["change_reason"].value() == "Asked for daily."

    looked_at = desk.bring_in(AuthorityTier, "name,rationale\nDriver,Because.\n")
    Employee.objects.filter(pk=forno.manager.pk).update(tier=forno.tiers["Driver"])
    answer = desk.confirm(AuthorityTier, looked_at)
    assert said(answer) == ["Something changed meanwhile. Nothing was saved: look again."]


@pytest.mark.once
@pytest.mark.parametrize("model", [Remedy, ReasonCode])
def test_who_may_only_look_can_not_bring_in(
    head_office: dict[str, Employee], forno: Cast, model: type[Any]
) -> None:
    desk = Desk(head_office["admin"])
    assert desk.client.get(address(model, "import")).status_code == 403
    assert "Import CSV" not in desk.client.get(address(model, "changelist")).content.decode()


@pytest.mark.once
def test_a_large_file_is_refused(desk: Desk) -> None:
    answer = desk.bring_in(Employee, "username\n" + "x" * (2 * 1024 * 1024))
    assert b"larger than 2 MB" in answer.content
