"""What could not be carried out is given back once; it stays in the case and counts no more."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import Message
from typing import Any
from uuid import uuid4

import pytest

from budgets import ledger, months
from budgets.check import problems
from budgets.errors import GivenBackAlready
from budgets.models import Budget, EntryKind, LedgerEntry
from employees.mail_queue import Sent
from employees.models import Employee, Role, Team
from resolutions.conclude import take_up_again
from resolutions.errors import (
    InvalidCase,
    NotTheirsToGiveBack,
    OutsideAuthority,
    RequestConflict,
)
from resolutions.followup import send_due_follow_ups
from resolutions.models import Case, CaseState, Resolution
from tests.cast import Cast
from tests.giving_back import LATER, LOST, gave_back, given_in
from tests.incidents import storm
from tests.putting_right import (
    KIM_LEE,
    NOW,
    give_also,
    given,
    put_right,
    rows_written,
    so_many,
    so_much,
)

TOMORROW = NOW + timedelta(days=1)


def spent(employee: Employee) -> Decimal:
    """What someone has spent of November."""
    return Decimal(Budget.objects.get(employee=employee, month="2026-11-01").spent)


def state_of(receipt: dict[str, Any]) -> str:
    return Case.objects.get(pk=receipt["id"]).state


# --- The money, and what stays ---


def test_the_money_returns_with_the_reason_and_the_resolution_stays(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))
    before = Resolution.objects.values().get(pk=receipt["resolutions"][0]["id"])

    case = gave_back(forno.agent, receipt)

    pizza, reorder = case["resolutions"]
    assert pizza["given_back"] == {
        "at": LATER.isoformat(),
        "by": "forno.driver1",
        "reason": LOST,
        "amount": "5.00",
    }
    assert reorder["given_back"] is None
    assert given(case) == [("free-pizza", "5.00"), ("reorder", "4.00")]
    assert Resolution.objects.values().get(pk=before["id"]) == before
    assert spent(forno.agent) == 4
    entry = LedgerEntry.objects.get(kind=EntryKind.GIVE_BACK)
    assert (entry.amount, entry.note, entry.actor) == (Decimal(5), LOST, forno.agent)
    assert entry.concerns_id == before["entry_id"]
    assert list(problems()) == []


def test_it_returns_to_the_month_it_came_from_though_that_is_over(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"))
    december = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)
    put_right(forno.agent, so_many("reorder"), at=december)

    gave_back(forno.agent, receipt, at=december)

    assert spent(forno.agent) == 0
    assert Budget.objects.get(month="2026-12-01").spent == 4
    assert list(problems()) == []


def test_what_was_owed_returns_to_the_divisions_entitlements(forno: Cast) -> None:
    forno.rule(effect="grant", value="50.00", remedies=["money-off"], entitlement=True)
    receipt = put_right(forno.agent, so_much("money-off", "20.00"))
    assert receipt["resolutions"][0]["owed"]

    gave_back(forno.agent, receipt)

    owed = LedgerEntry.objects.filter(budget__kind="entitlements").order_by("pk")
    assert [entry.amount for entry in owed] == [-20, 20]
    assert spent(forno.agent) == 0
    assert list(problems()) == []


def test_it_returns_to_the_fund_that_paid(scm: Cast) -> None:
    incident = storm(scm)
    receipt = put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")
    incident.fund.refresh_from_db()
    assert incident.fund.spent == 35

    gave_back(scm.agent, receipt)

    incident.fund.refresh_from_db()
    assert incident.fund.spent == 0


def test_what_a_colleague_lent_for_it_returns_to_the_colleague(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"))
    lender = months.open_month(forno.colleague, at=NOW)
    ledger.lend(
        lender,
        amount=Decimal("7.00"),
        towards=given_in(receipt).entry,
        actor=forno.colleague,
        request_id=uuid4(),
        at=NOW,
    )

    gave_back(forno.agent, receipt)

    assert (spent(forno.agent), spent(forno.colleague)) == (0, 0)


def test_what_cost_nothing_is_given_back_too(forno: Cast) -> None:
    remedy = forno.remedies["reorder"]
    remedy.cost_per_unit = Decimal(0)
    remedy.save()
    forno.refresh()
    receipt = put_right(forno.agent, so_many("reorder"))
    case = gave_back(forno.agent, receipt)
    assert case["resolutions"][0]["given_back"]["amount"] == "0.00"
    assert state_of(receipt) == CaseState.OPEN


# --- The case ---


def test_a_case_in_which_nothing_stands_is_open_again(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))

    assert gave_back(forno.agent, receipt)["state"] == CaseState.PUT_RIGHT
    case = gave_back(forno.agent, receipt, 1)

    assert (case["state"], case["ended_at"]) == (CaseState.OPEN, None)
    assert state_of(receipt) == CaseState.OPEN
    again = give_also(receipt, forno.agent, so_many("free-pizza"))
    assert again["state"] == CaseState.PUT_RIGHT
    assert [r["given_back"] is None for r in again["resolutions"]] == [False, False, True]


def test_a_case_that_ended_otherwise_stays_as_it_ended(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    Case.objects.update(state=CaseState.HANDED_OVER, outcome_note="An allergy.", ended_at=NOW)
    assert gave_back(forno.agent, receipt)["state"] == CaseState.HANDED_OVER
    assert Case.objects.get().ended_at == NOW


def test_a_customer_who_still_waits_is_not_asked_how_it_went(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    receipt = put_right(forno.agent, so_many("reorder"), customer=KIM_LEE)
    gave_back(forno.agent, receipt)
    assert send_due_follow_ups(at=TOMORROW) == Sent()

    give_also(receipt, forno.agent, so_much("money-off", "3.00"))
    assert send_due_follow_ups(at=TOMORROW + timedelta(days=1)) == Sent(sent=1)

    (mail,) = smtp_sink
    text = mail.as_string()
    assert "Money off the bill: $3.00" in text
    assert "Expedited reorder" not in text, "they have not got it"


# --- Limits are free again ---


def test_the_limit_of_the_case_is_free_again(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_much("money-off", "25.00"))
    with pytest.raises(OutsideAuthority):
        give_also(receipt, forno.agent, so_many("reorder"))

    gave_back(forno.agent, receipt)

    assert give_also(receipt, forno.agent, so_much("money-off", "25.00"))["state"] == "put-right"


@pytest.mark.parametrize(
    "rule",
    [
        {"effect": "forbid", "conditions": [("earlier_resolutions", "ge", "1", 90)]},
        {"effect": "forbid", "conditions": [("earlier_value", "gt", "0", 90)]},
        {"measure": "times", "value": "1", "per": "customer", "window_days": 90},
        {"measure": "times", "value": "1", "per": "order"},
    ],
    ids=["first time only", "nothing of worth before", "once a customer", "once an order"],
)
def test_what_may_be_given_once_may_be_given_once_more(forno: Cast, rule: dict[str, Any]) -> None:
    forno.rule("Only once", remedies=["money-off"], **rule)
    told: dict[str, Any] = {"customer": "C-1", "order_reference": "A-7"}
    money = so_much("money-off", "5.00")
    receipt = put_right(forno.agent, money, **told)
    with pytest.raises(OutsideAuthority):
        put_right(forno.agent, money, **told)

    gave_back(forno.agent, receipt)

    assert put_right(forno.agent, money, **told)["state"] == "put-right"
    with pytest.raises(OutsideAuthority):
        put_right(forno.agent, money, **told)


def test_a_case_with_nothing_left_is_not_counted_as_put_right(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))
    counted = Resolution.objects.cases_put_right_by
    gave_back(forno.agent, receipt)
    assert counted(forno.agent, since=NOW) == 1
    gave_back(forno.agent, receipt, 1)
    assert counted(forno.agent, since=NOW) == 0
    assert not Resolution.objects.standing().exists()
    assert Resolution.objects.given_back().count() == 2


# --- Who may ---


@pytest.mark.parametrize(
    ("giver", "who", "may"),
    [
        ("forno.driver1", "forno.driver1", True),
        ("forno.driver1", "forno.driver2", False),
        ("forno.driver1", "forno.driver3", False),
        ("forno.driver1", "forno.lead1", True),
        ("forno.driver1", "forno.manager", True),
        ("forno.driver3", "forno.lead1", False),  # of another team
        ("forno.driver3", "forno.manager", True),
        ("forno.lead1", "forno.driver1", False),
        ("forno.lead1", "forno.lead1", True),
    ],
)
def test_who_gave_it_their_lead_and_a_manager_give_it_back(
    forno: Cast, giver: str, who: str, may: bool
) -> None:
    receipt = put_right(forno.people[giver], so_many("reorder"))
    _give_back_or_refuse(forno.people[who], receipt, may=may)


def _give_back_or_refuse(employee: Employee, receipt: dict[str, Any], *, may: bool) -> None:
    before = rows_written()
    if may:
        assert gave_back(employee, receipt)["resolutions"][0]["given_back"]
        return
    with pytest.raises(NotTheirsToGiveBack):
        gave_back(employee, receipt)
    assert rows_written() == before


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMINISTRATOR])
def test_who_puts_no_cases_right_any_more_gives_nothing_back(forno: Cast, role: Role) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    forno.agent.role = role
    _give_back_or_refuse(forno.agent, receipt, may=False)


def test_who_left_gives_nothing_back(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    forno.manager.is_active = False
    _give_back_or_refuse(forno.manager, receipt, may=False)


def test_a_case_of_no_team_is_no_leads_of_no_team(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    Case.objects.update(team=None)
    forno.lead.team = None
    _give_back_or_refuse(forno.lead, receipt, may=False)


def test_a_colleague_who_took_the_case_up_gives_only_their_own_back(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    act: dict[str, Any] = {"acting_employee": forno.colleague, "request_id": uuid4()}
    take_up_again(Case.objects.get(), channel="phone", **act)
    _give_back_or_refuse(forno.colleague, receipt, may=False)
    more = give_also(receipt, forno.colleague, so_many("free-pizza"))
    assert gave_back(forno.colleague, more, 1)["resolutions"][1]["given_back"]


def test_who_moved_to_another_team_gives_their_own_back(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    forno.agent.team = Team.objects.get(name="Queens")
    forno.agent.save()
    _give_back_or_refuse(forno.agent, receipt, may=True)


def test_another_divisions_manager_gives_nothing_back(forno: Cast, scm: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    _give_back_or_refuse(scm.manager, receipt, may=False)


# --- Once ---


def test_the_same_request_gives_back_once_and_is_answered_alike(forno: Cast) -> None:
    receipt, request_id = put_right(forno.agent, so_many("reorder")), uuid4()
    first = gave_back(forno.agent, receipt, request_id=request_id)
    before = rows_written()
    assert gave_back(forno.agent, receipt, reason=f" {LOST} ", request_id=request_id) == first
    with pytest.raises(RequestConflict):
        gave_back(forno.agent, receipt, reason="Another.", request_id=request_id)
    assert rows_written() == before


def test_what_was_given_back_is_not_given_back_again(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    gave_back(forno.agent, receipt)
    before = rows_written()
    with pytest.raises(GivenBackAlready):
        gave_back(forno.lead, receipt)
    assert rows_written() == before


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 201, "a\x00b", "\ud800"])
def test_it_says_why_in_a_line(forno: Cast, reason: str) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    before = rows_written()
    with pytest.raises(InvalidCase) as refused:
        gave_back(forno.agent, receipt, reason=reason)
    assert set(refused.value.errors) == {"reason"}
    assert rows_written() == before


def test_it_is_given_back_whole_or_not_at_all(forno: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    before = rows_written()
    monkeypatch.setattr("resolutions.give_back.case_json", None)
    with pytest.raises(TypeError):
        gave_back(forno.agent, receipt)
    assert rows_written() == before
