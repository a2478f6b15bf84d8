"""A mass incident pays for its cases out of a fund of its own, as long as the fund holds them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from budgets.check import problems
from budgets.errors import InvalidMovement, NotTheirMoney
from budgets.models import Budget, LedgerEntry
from employees.models import Employee, Team
from resolutions.ask import what_can_be_given, what_more_can_be_given
from resolutions.errors import OutsideAuthority, RequestConflict
from resolutions.models import AuthorityGap, Case, Incident
from resolutions.problem import Details
from resolutions.querysets import IncidentQuerySet
from tests.cast import Cast
from tests.incidents import STORM, storm
from tests.putting_right import NOW, give_also, problem, put_right, so_much
from tests.raw_sql import execute, refused


def month_of(employee: Employee) -> Budget:
    """The employee's month as it stands."""
    return Budget.objects.get(employee=employee, kind="month")


def test_the_fund_pays_and_the_month_stays_whole(scm: Cast) -> None:
    incident = storm(scm)

    told = put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")

    incident.fund.refresh_from_db()
    assert (incident.fund.spent, incident.fund.left) == (Decimal("35.00"), Decimal("65.00"))
    assert month_of(scm.agent).spent == 0
    assert told["incident"] == {"id": incident.pk, "name": "Storm in Perth"}
    assert told["budget"]["left"] == "200.00"
    assert Case.objects.get().incident == incident
    assert list(problems()) == []


@pytest.mark.parametrize(
    "why",
    ["another reason", "another team", "before it", "after it", "told to be apart"],
)
def test_a_case_that_is_none_of_it_is_paid_by_the_month(scm: Cast, why: str) -> None:
    far = Team.objects.create(division=scm.division, name="Far away")
    incident = storm(
        scm,
        teams=[far] if why == "another team" else (),
        starts_at=NOW + timedelta(seconds=1) if why == "before it" else STORM,
        ends_at=NOW if why == "after it" else None,
    )
    told: dict[str, Any] = {"reason_code": "slow-data" if why == "another reason" else "outage"}
    if why == "told to be apart":
        told["apart_from_incident"] = True

    put_right(scm.agent, so_much("bill-credit", "35.00"), **told)

    incident.fund.refresh_from_db()
    assert incident.fund.spent == 0
    assert month_of(scm.agent).spent == Decimal("35.00")
    assert Case.objects.get().incident is None


def test_the_teams_that_are_named_are_paid_for(scm: Cast) -> None:
    assert scm.agent.team
    incident = storm(scm, teams=[scm.agent.team])

    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")

    incident.fund.refresh_from_db()
    assert incident.fund.spent == Decimal("35.00")


def test_when_the_fund_is_empty_the_personal_authority_applies_again(scm: Cast) -> None:
    incident = storm(scm, "50.00")
    put_right(scm.agent, so_much("bill-credit", "50.00"), reason_code="outage")

    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")

    incident.fund.refresh_from_db()
    assert incident.fund.left == 0
    assert month_of(scm.agent).spent == Decimal("35.00")
    assert Case.objects.filter(incident=incident).count() == 2
    assert list(problems()) == []


def test_what_the_fund_does_not_hold_whole_is_paid_by_the_month_whole(scm: Cast) -> None:
    incident = storm(scm, "30.00")

    put_right(
        scm.agent,
        so_much("bill-credit", "20.00"),
        so_much("fee-waiver", "15.00"),
        reason_code="outage",
    )

    incident.fund.refresh_from_db()
    assert incident.fund.spent == 0
    assert month_of(scm.agent).spent == Decimal("35.00")


def test_the_limit_for_one_case_holds_in_an_incident_too(scm: Cast) -> None:
    incident = storm(scm, "1000.00")

    with pytest.raises(OutsideAuthority):
        put_right(scm.agent, so_much("bill-credit", "500.00"), reason_code="outage")

    incident.fund.refresh_from_db()
    assert incident.fund.spent == 0
    assert AuthorityGap.objects.get().bound == "tier"


def test_a_month_that_is_used_up_stands_in_nobodys_way(scm: Cast) -> None:
    for amount in ("150.00", "100.00"):
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="slow-data")
    storm(scm)

    put_right(scm.agent, so_much("bill-credit", "90.00"), reason_code="outage")

    assert month_of(scm.agent).spent == Decimal("250.00")


def test_more_in_a_case_of_it_is_paid_by_the_fund_after_it_ended(scm: Cast) -> None:
    incident = storm(scm)
    receipt = put_right(scm.agent, so_much("bill-credit", "10.00"), reason_code="outage")
    Incident.objects.update(ends_at=NOW + timedelta(minutes=1))

    tomorrow = NOW + timedelta(days=1)
    give_also(receipt, scm.colleague, so_much("bill-credit", "5.00"), at=tomorrow)

    incident.fund.refresh_from_db()
    assert incident.fund.spent == Decimal("15.00")


def test_a_case_from_before_it_was_known_is_one_of_it_from_then_on(scm: Cast) -> None:
    receipt = put_right(scm.agent, reason_code="outage")
    incident = storm(scm)
    assert receipt["incident"] is None

    receipt = give_also(receipt, scm.agent, so_much("bill-credit", "5.00"))

    incident.fund.refresh_from_db()
    assert receipt["incident"]["id"] == incident.pk
    assert incident.fund.spent == Decimal("5.00")


def test_what_was_told_apart_stays_apart_until_it_is_told_otherwise(scm: Cast) -> None:
    incident = storm(scm)
    five = so_much("bill-credit", "5.00")
    receipt = put_right(scm.agent, five, reason_code="outage", apart_from_incident=True)

    give_also(receipt, scm.agent, five)
    assert month_of(scm.agent).spent == Decimal("10.00")
    more = what_more_can_be_given(Case.objects.get(), acting_employee=scm.agent, at=NOW)
    assert (more.incident, more.payer) == (incident, more.budget)

    receipt = give_also(receipt, scm.agent, five, later=Details(apart_from_incident=False))

    incident.fund.refresh_from_db()
    assert (incident.fund.spent, month_of(scm.agent).spent) == (Decimal("5.00"), Decimal("10.00"))
    assert receipt["incident"]["id"] == incident.pk


def test_who_put_money_into_a_fund_is_not_paid_by_it(
    scm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a manager with a tier would raise their own month by the way of an incident."""
    Employee.objects.filter(pk=scm.manager.pk).update(
        tier=scm.tiers["Rep"], team=scm.teams["Sydney"]
    )
    manager = Employee.objects.with_authority().get(pk=scm.manager.pk)
    incident = storm(scm)

    put_right(manager, so_much("bill-credit", "5.00"), reason_code="outage")

    incident.fund.refresh_from_db()
    assert (incident.fund.spent, month_of(manager).spent) == (0, Decimal("5.00"))
    monkeypatch.setattr(IncidentQuerySet, "paying_for", lambda incidents, _employee: incidents)
    with refused("Nobody gives out of a fund"):
        put_right(manager, so_much("bill-credit", "5.00"), reason_code="outage")


def test_what_a_customer_is_owed_is_not_the_funds(scm: Cast) -> None:
    scm.rule("Owed", effect="grant", value="20.00", entitlement=True, remedies=["bill-credit"])
    incident = storm(scm)
    told = problem("outage")

    owed = what_can_be_given(
        told, acting_employee=scm.agent, chosen=[so_much("bill-credit", "5.00")], at=NOW
    )
    put_right(scm.agent, so_much("bill-credit", "5.00"), reason_code="outage")

    assert owed.payer == owed.budget
    incident.fund.refresh_from_db()
    assert (incident.fund.spent, month_of(scm.agent).spent) == (0, 0)


def test_who_asks_is_told_who_pays(scm: Cast) -> None:
    incident = storm(scm, "20.00")

    def ask(*gives: Any) -> Any:
        return what_can_be_given(problem("outage"), acting_employee=scm.agent, chosen=gives, at=NOW)

    nothing, small, large = (
        ask(),
        ask(so_much("bill-credit", "15.00")),
        ask(so_much("bill-credit", "35.00")),
    )

    assert nothing.incident == small.incident == incident
    assert (nothing.payer, small.payer) == (incident.fund, incident.fund)
    assert large.payer == large.budget
    credit = next(d for d in nothing.options if d.remedy.code == "bill-credit")
    assert credit.limit == Decimal("150.00")  # the month goes further than the fund
    assert "bill-credit" not in nothing.of_fund


def test_a_case_that_is_there_is_asked_about_with_its_fund(scm: Cast) -> None:
    incident = storm(scm, "500.00")
    put_right(scm.agent, reason_code="outage")

    answered = what_more_can_be_given(Case.objects.get(), acting_employee=scm.agent, at=NOW)

    assert (answered.payer, answered.incident) == (incident.fund, incident)
    assert "bill-credit" in answered.of_fund


def test_the_same_request_opens_one_incident(scm: Cast) -> None:
    request_id = uuid4()

    first = storm(scm, request_id=request_id)
    again = storm(scm, request_id=request_id)

    assert again == first
    assert Incident.objects.count() == Budget.objects.count() == LedgerEntry.objects.count() == 1
    with pytest.raises(RequestConflict):
        storm(scm, "101.00", request_id=request_id)
    with pytest.raises(RequestConflict):
        storm(scm, name="Another storm", request_id=request_id)
    with pytest.raises(RequestConflict):
        storm(scm, teams=[scm.agent.team], request_id=request_id)


@pytest.mark.parametrize("who", ["an agent", "another division's manager"])
def test_only_a_manager_of_the_division_opens_one(scm: Cast, forno: Cast, who: str) -> None:
    with pytest.raises(NotTheirMoney):
        storm(scm, by=scm.agent if who == "an agent" else forno.manager)

    assert not Incident.objects.exists()
    assert not Budget.objects.exists()


@pytest.mark.parametrize("fund", ["0", "-5.00", "10.001"])
def test_a_fund_is_an_amount(scm: Cast, fund: str) -> None:
    with pytest.raises(InvalidMovement):
        storm(scm, fund)

    assert not Budget.objects.exists()


@pytest.mark.parametrize("what", ["reason code", "teams", "end"])
def test_what_does_not_fit_together_opens_nothing(scm: Cast, forno: Cast, what: str) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "reason code": {"reason_code": forno.reasons["late"]},
        "teams": {"teams": [forno.agent.team]},
        "end": {"ends_at": STORM},
    }

    with pytest.raises(ValidationError):
        storm(scm, **wrong[what])

    assert not Incident.objects.exists()
    assert not Budget.objects.exists()


def test_the_database_keeps_an_incident_in_one_division(scm: Cast, forno: Cast) -> None:
    incident = storm(scm)
    put_right(forno.agent, so_much("money-off", "5.00"))

    with refused("of one division"):
        execute("UPDATE resolutions_incident SET reason_code_id = %s", forno.reasons["late"].pk)
    with refused("of one division"):
        execute("UPDATE resolutions_incident SET fund_id = %s", month_of(forno.agent).pk)
    with refused("of its own division"):
        execute("UPDATE resolutions_case SET incident_id = %s", incident.pk)


@pytest.mark.parametrize("column", ["name", "rationale", "customer_wording"])
def test_no_incident_without_words(scm: Cast, column: str) -> None:
    storm(scm)

    with refused("incident_has"):
        execute(f"UPDATE resolutions_incident SET {column} = ' '")
