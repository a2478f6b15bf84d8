"""Managers see who has read a hard rule: beside its page, and in the list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory

from employees.admin.amounts import NONE
from employees.models import Employee
from policies.acknowledge import acknowledge
from policies.admin.readers import readers_beside
from policies.models import Policy
from tests.admin.desk import Desk, address
from tests.cast import Cast, draft_rule
from tests.pages import words
from tests.putting_right import NOW
from tests.queries import assert_queries


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


@pytest.fixture
def rule(forno: Cast) -> Policy:
    """A hard rule for everyone at Forno: three drivers and a lead."""
    return forno.rule("No cash", effect="forbid", remedies=["voucher"])


def beside(desk: Desk, rule: Policy) -> str:
    """What the panel says."""
    said = words(desk.page(rule))
    return said.partition("Who has read it")[2].strip() if "Who has read it" in said else ""


def test_it_tells_how_many_who_has_not_and_when_each_did(
    desk: Desk, forno: Cast, rule: Policy
) -> None:
    for minutes, person in enumerate((forno.agent, forno.lead)):
        acknowledge(rule, acting_employee=person, at=NOW + timedelta(minutes=minutes))
    assert beside(desk, rule).startswith(
        "2 of 4 have read version 1. Nobody is kept from helping a customer by it. "
        "Not yet Driver2 Driver3 "
        "Have read it Driver1 21 Nov 2026, 10:00 Lead1 21 Nov 2026, 10:01"
    )


def test_it_counts_those_in_the_rules_tiers_and_teams_who_work_here(
    desk: Desk, forno: Cast
) -> None:
    rule = forno.rule("Drivers", effect="forbid", tiers=["Driver"], teams=["Brooklyn"])
    for person in (forno.agent, forno.colleague):
        acknowledge(rule, acting_employee=person, at=NOW)
    assert beside(desk, rule).startswith("2 of 2 have read version 1.")
    assert "Not yet" not in beside(desk, rule)
    Employee.objects.filter(pk=forno.agent.pk).update(is_active=False)
    said = beside(desk, rule)
    assert said.startswith("1 of 1 have read version 1.")
    assert "Read it, and work by other rules now Driver1 21 Nov" in said


def test_a_new_version_is_counted_anew_and_the_ones_before_keep_names_and_dates(
    desk: Desk, forno: Cast, rule: Policy
) -> None:
    acknowledge(rule, acting_employee=forno.agent, at=NOW)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        desk.change(rule, title="No cash at all", change_reason="Clearer.")
        second = Policy.objects.get(version=2)
        acknowledge(second, acting_employee=forno.colleague)
        said = beside(desk, second)
        assert said.startswith("1 of 4 have read version 2.")
        assert "Have read it Driver2 21 Nov 2026, 12:00" in said
        assert "Version 1: read by 1 Driver1 21 Nov 2026, 10:00" in said

        past = beside(desk, rule)
        assert past.startswith("Version 1 is past. 1 had read it. Have read it Driver1 21 Nov")
        assert "Not yet" not in past
        assert "Version 2: read by 1 Driver2" in past


def test_a_withdrawn_rule_asks_nobody_and_keeps_who_had_read_it(
    desk: Desk, forno: Cast, rule: Policy
) -> None:
    acknowledge(rule, acting_employee=forno.agent, at=NOW)
    desk.client.post(address(Policy, "withdraw", rule.pk), {"change_reason": "Unused."})
    last = Policy.objects.get(version=2)
    said = beside(desk, last)
    assert said.startswith("The rule is withdrawn: nobody is asked to read it any more.")
    assert "Version 1: read by 1 Driver1" in said


@pytest.mark.once
def test_drafts_and_rules_that_forbid_nothing_have_no_readers(desk: Desk, forno: Cast) -> None:
    assert beside(desk, forno.rule("Limit", value="5.00")) == ""
    assert beside(desk, draft_rule(forno, effect="forbid")) == ""


def test_who_may_only_look_sees_it_too_and_nobody_of_another_division(
    forno: Cast, scm: Cast, head_office: dict[str, Employee], rule: Policy
) -> None:
    acknowledge(rule, acting_employee=forno.agent, at=NOW)
    assert beside(Desk(head_office["admin"]), rule).startswith("1 of 4 have read version 1.")
    assert Desk(scm.manager).page(rule).status_code == 302


def in_the_list(desk: Desk, **asked: Any) -> dict[str, str]:
    """What the list says of each rule."""
    admin_rows = desk.client.get(address(Policy, "changelist"), asked).context["cl"]
    return {row.title: admin_rows.model_admin.read_by(row) for row in admin_rows.result_list}


def test_the_list_says_how_many_have_read_each_hard_rule(
    desk: Desk, forno: Cast, rule: Policy
) -> None:
    forno.rule("Limit", value="5.00")
    forno.rule("Queens", effect="forbid", teams=["Queens"])
    for person in (forno.agent, forno.lead):
        acknowledge(rule, acting_employee=person, at=NOW)
    assert in_the_list(desk) == {"No cash": "2 of 4", "Limit": NONE, "Queens": "0 of 1"}
    assert "2 of 4" in words(desk.client.get(address(Policy, "changelist")))
    desk.change(rule, change_reason="Clearer.")
    assert NONE in in_the_list(desk, standing="past").values()


def test_the_pages_make_the_same_queries_however_many_have_read_it(
    desk: Desk, forno: Cast, rule: Policy
) -> None:
    request: Any = RequestFactory().get("/")
    request.user = desk.employee
    panel = ["select employee", "select acknowledgement"]
    for person in (forno.agent, forno.colleague, forno.lead):
        acknowledge(rule, acting_employee=person, at=NOW)
        row = Policy.objects.with_successor().get(pk=rule.pk)
        with assert_queries(panel):
            assert readers_beside(request, row)
