"""A manager opens a mass incident in the admin, and reads what it costs and what is left."""

from decimal import Decimal
from typing import Any

import pytest

from budgets.models import Budget, LedgerEntry
from employees.models import Team
from resolutions.models import Incident
from tests.admin.desk import Desk, address, errors
from tests.cast import Cast
from tests.incidents import storm
from tests.pages import words
from tests.putting_right import put_right, so_much
from tests.queries import assert_queries

FILLED_IN = {
    "name": "Storm in Perth",
    "starts_at": "2026-11-21T09:00",
    "ends_at": "",
    "rationale": "The tower is down.",
    "customer_wording": "We know, and we are on it.",
    "fund_amount": "5,000.00",
}


@pytest.fixture
def desk(scm: Cast, forno: Cast) -> Desk:
    return Desk(scm.manager)


def open_one(desk: Desk, scm: Cast, **fields: Any) -> Any:
    """Fill the page in and send it."""
    told = {**FILLED_IN, "reason_code": scm.reasons["outage"].pk, "teams": [], **fields}
    return desk.add(Incident, **told)


def test_opening_one_sets_its_fund_aside(desk: Desk, scm: Cast) -> None:
    team = Team.objects.filter(division=scm.division).first()
    assert team

    open_one(desk, scm, teams=[team.pk])

    incident = Incident.objects.get()
    assert (incident.name, incident.opened_by, incident.division) == (
        "Storm in Perth", scm.manager, scm.division,
    )  # fmt: skip
    assert list(incident.teams.all()) == [team]
    assert (incident.fund.kind, incident.fund.allotted) == ("fund", Decimal("5000.00"))
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.amount, entry.actor) == ("allotment", Decimal(5000), scm.manager)
    assert {record.history_user for record in incident.history.all()} == {scm.manager}


def test_a_double_tap_opens_one(desk: Desk, scm: Cast) -> None:
    page, team = desk.client.get(address(Incident, "add")), scm.teams["Perth"]
    told = {**FILLED_IN, "reason_code": scm.reasons["outage"].pk, "teams": []}

    for _ in range(2):
        desk.send(address(Incident, "add"), page, **told)
    changed = desk.send(address(Incident, "add"), page, **{**told, "name": "Another"})
    others = desk.send(address(Incident, "add"), page, **{**told, "teams": [team.pk]})

    assert Incident.objects.count() == Budget.objects.count() == 1
    for answer in (changed, others):
        assert "opened an incident already" in errors(answer)["__all__"][0]
    assert not Incident.objects.get().teams.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("fund_amount", "0", "above zero"),
        ("fund_amount", "10.001", "decimal places"),
        ("fund_amount", "much", "Write an amount"),
        ("rationale", " ", "Fill this in."),
        ("customer_wording", "", "Fill this in."),
        ("ends_at", "2026-11-21T09:00", "after it starts"),
        ("starts_at", "0001-01-01T00:00", "within the calendar's years"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_opened(
    desk: Desk, scm: Cast, field: str, value: str, why: str
) -> None:
    answer = open_one(desk, scm, **{field: value})

    assert why in errors(answer)[field][0]
    assert not Incident.objects.exists()
    assert not Budget.objects.exists()


@pytest.mark.once
def test_a_foreign_reason_code_or_team_is_not_there_to_choose(
    desk: Desk, scm: Cast, forno: Cast
) -> None:
    assert forno.agent.team

    answer = open_one(desk, scm, reason_code=forno.reasons["late"].pk, teams=[forno.agent.team.pk])

    assert set(errors(answer)) == {"reason_code", "teams"}
    assert not Incident.objects.exists()


def test_its_page_says_what_it_costs_and_what_is_left(desk: Desk, scm: Cast) -> None:
    incident = storm(scm, "40.00")
    for amount in ("35.00", "20.00"):
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")

    said = words(desk.page(incident))

    assert "Cases 2 Paid by the fund A$35.00 Left of the fund A$5.00 of A$40.00" in said
    assert "Paid by people’s months A$20.00" in said
    assert said.count("· A$20.00") == 1
    (row,) = desk.list(Incident)
    assert row.case_count == 2


def test_ending_it_says_why(desk: Desk, scm: Cast) -> None:
    incident = storm(scm)

    refused = desk.change(incident, ends_at="2026-11-22T09:00")
    desk.change(incident, ends_at="2026-11-22T09:00", change_reason="The tower is up.")

    assert "change_reason" in errors(refused)
    incident.refresh_from_db()
    assert incident.ends_at
    assert incident.history.first().history_change_reason == "The tower is up."


def test_its_history_names_the_teams(desk: Desk, scm: Cast) -> None:
    incident = storm(scm)
    desk.change(incident, teams=[scm.teams["Perth"].pk], change_reason="Only Perth is hit.")

    said = words(desk.page(incident, "history"))

    assert "Only Perth is hit." in said
    assert "Teams — Perth" in said


@pytest.mark.once
def test_its_history_tells_times_as_they_are_where_the_manager_works(desk: Desk, scm: Cast) -> None:
    incident = storm(scm)
    desk.change(incident, ends_at="2026-12-01T09:30", change_reason="The tower is up.")

    assert "1 December 2026, 09:30" in words(desk.page(incident, "history"))


def test_its_history_makes_as_many_queries_for_many_changes_as_for_few(
    desk: Desk, scm: Cast
) -> None:
    incident = storm(scm)
    for team in (scm.teams["Perth"], scm.teams["Sydney"]):
        desk.change(incident, teams=[team.pk], change_reason=f"It is in {team} now.")

    with assert_queries(
        [
            *("select session", "select employee"),
            "select case",  # the incident, with the number of its cases
            "select permission",
            *("select historicalincident", "select historicalincident"),  # how many; the page's
            "select historicalincident_teams",
        ]
    ):
        page = desk.client.get(address(Incident, "history", incident.pk))

    assert "Teams — Sydney" in words(page)


def test_another_divisions_incident_is_not_there(desk: Desk, forno: Cast) -> None:
    theirs = storm(forno, reason_code=forno.reasons["late"])

    assert desk.page(theirs).status_code == 302
    assert desk.list(Incident) == []


def test_the_list_makes_as_many_queries_for_many_as_for_few(desk: Desk, scm: Cast) -> None:
    for _ in range(3):
        storm(scm)

    with assert_queries(
        [
            *("select session", "select employee", "select permission"),
            "select reasoncode",  # the filter's choices
            "select incident",  # how many
            "select case",  # the incidents, each with the number of its cases
        ]
    ):
        desk.client.get(address(Incident, "changelist"))
