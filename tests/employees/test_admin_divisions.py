"""A manager sees and edits their own division; of others nothing leaks, by no way."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from employees.models import AuthorityTier, Division, Employee, Team
from policies.models import Policy, ReasonCode, Remedy
from resolutions.models import Case
from tests.admin.desk import Desk, address, errors
from tests.cast import Cast, draft_rule
from tests.putting_right import put_right, so_many

MODELS = [Division, Team, AuthorityTier, Employee, ReasonCode, Remedy, Policy]


@pytest.fixture
def desk(forno: Cast, orchard: Cast) -> Desk:
    """Forno's manager, while Orchard is there too, with everything named after it."""
    Team.objects.filter(division=orchard.division, name="Care").update(name="Orchard team")
    AuthorityTier.objects.filter(division=orchard.division, name="Driver").update(
        name="Orchard tier"
    )
    for model in (ReasonCode, Remedy):
        row: Any = model._default_manager.filter(division=orchard.division).first()
        row.name = f"Orchard {model.__name__}"
        row.save()
    orchard.rule("Orchard rule", value="5", remedies=["voucher"])
    draft_rule(orchard, "Orchard draft", value="5")
    put_right(orchard.agent, so_many("redeliver"), reason_code="late", customer="orchard-1")
    return Desk(forno.manager)


def foreign(orchard: Cast) -> list[Any]:
    return [
        orchard.division,
        orchard.teams["Care"],
        orchard.tiers["Driver"],
        orchard.agent,
        orchard.reasons["late"],
        orchard.remedies["voucher"],
        Policy.objects.filter(division=orchard.division).first(),
        Case.objects.get(division=orchard.division),
    ]


@pytest.mark.parametrize("model", MODELS)
def test_no_list_or_filter_or_form_names_another_division(desk: Desk, model: type[Any]) -> None:
    for page in ("changelist", "add"):
        answer = desk.client.get(address(model, page))
        assert b"rchard" not in answer.content, (model, page)


def test_rows_of_another_division_are_not_there(desk: Desk, orchard: Cast) -> None:
    for row in foreign(orchard):
        for page in ("change", "history", "delete"):
            answer = desk.client.get(address(type(row), page, row.pk), follow=True)
            assert b"rchard" not in answer.content, (row, page)
            assert not answer.context or "adminform" not in answer.context
        answer = desk.client.post(address(type(row), "change", row.pk), {"name": "Mine"})
        assert answer.status_code in (302, 403, 404)
    assert not Team.objects.filter(name="Mine").exists()


@pytest.mark.once
def test_choices_of_another_division_are_no_choices(desk: Desk, forno: Cast, orchard: Cast) -> None:
    answer = desk.change(
        forno.agent, tier=orchard.tiers["Driver"].pk, team=orchard.teams["Care"].pk
    )
    assert "Choose among what is offered." in errors(answer)["tier"][0]
    assert "Choose among what is offered." in errors(answer)["team"][0]
    assert b"rchard" not in answer.content

    answer = desk.add(
        Policy,
        title="Mixed",
        effect="forbid",
        remedies=[orchard.remedies["voucher"].pk],
        rationale="x",
        customer_wording="x",
        _publish="1",
    )
    assert "Choose among what is offered." in errors(answer)["remedies"][0]
    assert not Policy.objects.filter(title="Mixed").exists()


def test_the_division_is_given_and_never_taken_from_the_form(
    desk: Desk, forno: Cast, orchard: Cast
) -> None:
    desk.add(Team, name="New", time_zone="America/New_York", division=orchard.division.pk)
    assert Team.objects.get(name="New").division == forno.division
    desk.change(forno.teams["Queens"], name="Old", division=orchard.division.pk)
    assert Team.objects.get(name="Old").division == forno.division


def test_a_name_may_be_taken_in_another_division_but_not_in_ones_own(
    desk: Desk, forno: Cast
) -> None:
    desk.add(Team, name="Orchard team", time_zone="UTC")
    assert Team.objects.filter(name="Orchard team", division=forno.division).exists()
    answer = desk.add(Team, name="Brooklyn", time_zone="UTC")
    assert "already exists" in errors(answer)["__all__"][0]


@pytest.mark.parametrize("wrong", ["999999", "x", "0", "-1", "9" * 40, "1'"])
def test_unknown_ids_are_refused_kindly(desk: Desk, forno: Cast, wrong: str) -> None:
    answer = desk.change(forno.agent, tier=wrong)
    assert "tier" in errors(answer)
    where = address(Employee, "changelist")
    for query in ({"team__id__exact": wrong}, {"tier__id__exact": wrong}, {"o": wrong}):
        assert desk.client.get(where, query).status_code in (200, 302)
    answer = desk.client.get(f"/admin/employees/employee/{wrong}/change/")
    assert answer.status_code in (302, 404)


def test_filters_and_searches_reach_no_further_than_the_list(desk: Desk, orchard: Cast) -> None:
    team = orchard.teams["Care"]
    assert desk.list(Employee, team__id__exact=team.pk) == []
    assert desk.list(Employee, q="orchard") == []
    assert desk.list(Remedy, q="Orchard") == []
    answer = desk.client.get(address(Employee, "changelist"), {"division__name__startswith": "O"})
    assert answer.status_code in (302, 400)


def test_autocomplete_offers_only_ones_own(desk: Desk, forno: Cast) -> None:
    asked = {"app_label": "employees", "model_name": "employee", "field_name": "team", "term": ""}
    answer = desk.client.get(reverse("admin:autocomplete"), asked)
    assert {row["text"] for row in answer.json()["results"]} == set(forno.teams)


def test_actions_can_not_be_pointed_at_another_division(desk: Desk, orchard: Cast) -> None:
    data = {"action": "deactivate", "_selected_action": [orchard.agent.pk]}
    desk.client.post(address(Employee, "changelist"), data)
    orchard.agent.refresh_from_db()
    assert orchard.agent.is_active


def test_an_administrator_chooses_the_division_and_sees_which_is_which(
    head_office: dict[str, Employee], forno: Cast, orchard: Cast
) -> None:
    desk = Desk(head_office["admin"])
    page = desk.client.get(address(Employee, "add")).content.decode()
    assert "Forno · Brooklyn" in page
    assert "Orchard · Care" in page
    desk.add(Team, name="New", time_zone="Europe/London", division=orchard.division.pk)
    assert Team.objects.get(name="New").division == orchard.division
    assert {row.division for row in desk.list(Team)} == {forno.division, orchard.division}


@pytest.mark.once
def test_a_person_can_not_be_put_into_another_divisions_team(
    head_office: dict[str, Employee], forno: Cast, orchard: Cast
) -> None:
    answer = Desk(head_office["admin"]).add(
        Employee,
        username="new",
        role="agent",
        division=forno.division.pk,
        team=orchard.teams["Care"].pk,
    )
    assert errors(answer)["team"] == ["This team is not one of the employee's division."]


@pytest.mark.once
def test_codes_and_the_currency_stay(desk: Desk, forno: Cast) -> None:
    desk.change(forno.division, code="x", currency="EUR", case_prefix="X", name="Forno II")
    forno.division.refresh_from_db()
    kept = (forno.division.code, forno.division.currency, forno.division.case_prefix)
    assert kept == ("forno", "USD", "F")
    assert forno.division.name == "Forno II"


def test_what_approvals_cost_is_entered_by_the_manager(desk: Desk, forno: Cast) -> None:
    figures = {"approval_minutes": "12", "approval_hourly_cost": "42.00", "return_cost": "11.00"}
    desk.change(forno.division, **figures)
    forno.division.refresh_from_db()
    assert forno.division.approval_cost == Decimal("8.40")
    answer = desk.change(forno.division, approval_hourly_cost="42.005")
    assert "more" in errors(answer)["approval_hourly_cost"][0]
    answer = desk.change(forno.division, approval_hourly_cost="-1")
    assert "approval_hourly_cost" in errors(answer)


@pytest.mark.parametrize(
    ("minutes", "hourly", "currency", "cost"),
    [
        (12, "42.00", "GBP", "8.40"),
        (7, "40.00", "USD", "4.67"),
        (7, "4000", "JPY", "467"),
        (0, "42.00", "GBP", "0.00"),
    ],
)
def test_an_approval_costs_its_minutes_at_the_hourly_cost(
    minutes: int, hourly: str, currency: str, cost: str
) -> None:
    division = Division(
        approval_minutes=minutes, approval_hourly_cost=Decimal(hourly), currency=currency
    )
    assert division.approval_cost == Decimal(cost)
