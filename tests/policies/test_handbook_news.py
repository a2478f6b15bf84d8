"""What changed since I last looked: marked as new, changed or no longer there, with its reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from employees.models import Employee
from policies.models import HandbookVisit, Policy
from policies.publish import new_version, publish, withdraw
from policies.visits import look_in
from tests.cast import Cast, draft_rule
from tests.pages import client_of, words
from tests.putting_right import NOW

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BEFORE = NOW - 10 * DAY  # the visit before; rules published without a date are older


def look(employee: Employee, at: datetime = NOW) -> str:
    """What the handbook says at a moment."""
    with time_machine.travel(at, tick=False):
        return words(client_of(employee).get("/handbook/"))


def since_last_time(employee: Employee, at: datetime = NOW) -> str:
    """What it says has changed; "" for nothing."""
    said = look(employee, at)
    if "Since you last looked" not in said:
        return ""
    return said.partition("Since you last looked")[2].partition("How far your word goes")[0].strip()


def published(company: Cast, title: str, at: datetime, **how: Any) -> Policy:
    """A rule published at a moment."""
    starts_at = how.pop("starts_at", at)
    draft = draft_rule(company, title, **({"value": "5.00"} | how))
    return publish(draft, published_by=company.manager, starts_at=starts_at, at=at)


def changed(rule: Policy, at: datetime, reason: str = "Prices rose.", **how: Any) -> Policy:
    """Its next version, published at a moment."""
    draft = new_version(rule)
    starts_at, tiers = how.pop("starts_at", at), how.pop("tiers", None)
    if tiers is not None:
        draft.tiers.set(tiers)
    for name, value in how.items():
        setattr(draft, name, value)
    return publish(draft, published_by=None, change_reason=reason, starts_at=starts_at, at=at)


# --- When one last looked -----------------------------------------------------------------------


def test_looks_within_half_an_hour_are_one_visit(forno: Cast) -> None:
    me = forno.agent
    assert look_in(me, at=BEFORE) is None
    assert look_in(me, at=BEFORE + 29 * MINUTE) is None
    end = BEFORE + 58 * MINUTE
    assert look_in(me, at=end) is None, "half an hour after the look before, not after the first"
    for minutes in (0, 5, 34):
        assert look_in(me, at=NOW + minutes * MINUTE) == end
    assert look_in(me, at=NOW + 64 * MINUTE) == NOW + 34 * MINUTE
    assert look_in(forno.colleague, at=NOW) is None
    assert HandbookVisit.objects.count() == 2


def test_a_clock_that_went_back_loses_nothing(forno: Cast) -> None:
    look_in(forno.agent, at=NOW)
    look_in(forno.agent, at=NOW - DAY)
    assert HandbookVisit.objects.get().at == NOW


def test_a_first_visit_marks_nothing_and_a_reload_loses_no_mark(forno: Cast) -> None:
    published(forno, "Old", BEFORE - DAY)
    said = look(forno.agent, BEFORE)
    assert "Since you last looked" not in said
    assert "New" not in said
    published(forno, "Fresh", BEFORE + DAY)
    for minutes in (0, 1, 20):
        assert "New Fresh" in since_last_time(forno.agent, NOW + minutes * MINUTE)
    assert since_last_time(forno.agent, NOW + 60 * MINUTE) == ""


# --- What is told ---------------------------------------------------------------------------------


@pytest.fixture
def old(forno: Cast) -> Policy:
    """A rule that the agent has seen."""
    rule = published(forno, "Vouchers", BEFORE - DAY, value="15.00", remedies=["voucher"])
    look(forno.agent, BEFORE)
    return rule


def test_nothing_new_says_nothing(forno: Cast, old: Policy) -> None:
    assert since_last_time(forno.agent) == ""


def test_a_new_rule_is_marked_at_the_top_and_where_it_stands(forno: Cast, old: Policy) -> None:
    rule = published(forno, "Fresh", NOW - DAY)
    said = look(forno.agent)
    assert "That was 11 November 10:00. New Fresh since yesterday" in said
    assert "Fresh New Anyone may give anything, but at most $5.00 per case." in said
    assert "Vouchers New" not in said
    with time_machine.travel(NOW, tick=False):
        html = client_of(forno.agent).get("/handbook/").content.decode()
    assert f'<a href="#rule-{rule.pk}">Fresh</a>' in html


def test_a_changed_rule_says_what_it_said_before_and_why(forno: Cast, old: Policy) -> None:
    second = changed(old, NOW - 3 * DAY, value="18.00", reason="Prices rose.")
    changed(second, NOW - DAY, value="20.00", reason="They rose again.")
    said = look(forno.agent)
    assert "Changed Vouchers since yesterday Prices rose. They rose again." in said
    assert (
        "Why it changed: Prices rose. Why it changed: They rose again. "
        "How much It said: $15.00 per case Now it says: $20.00 per case"
    ) in said
    assert "$18.00" not in said, "what lay between is no news"


def test_when_a_changed_rule_ends_is_told_in_the_time_of_the_team(forno: Cast, old: Policy) -> None:
    changed(old, NOW - DAY, ends_at=datetime(2026, 12, 1, 5, tzinfo=UTC))
    said = look(forno.agent)
    assert "Ends It said: open Now it says: 1 December 2026, 00:00" in said


def test_a_withdrawn_rule_is_no_longer_there_and_says_why(forno: Cast, old: Policy) -> None:
    withdraw(old, withdrawn_by=None, change_reason="Nobody needs it.", at=NOW - DAY)
    said = since_last_time(forno.agent)
    assert "No longer Vouchers since yesterday Nobody needs it." in said


def test_a_rule_that_ended_by_its_own_date_is_told_too(forno: Cast) -> None:
    published(forno, "Summer", BEFORE - DAY, ends_at=NOW - DAY)
    look(forno.agent, BEFORE)
    assert since_last_time(forno.agent).endswith("No longer Summer since yesterday")


def test_a_scheduled_rule_is_news_when_announced_and_when_it_holds(
    forno: Cast, old: Policy
) -> None:
    published(forno, "Soon", NOW - DAY, starts_at=NOW + 5 * DAY)
    said = look(forno.agent)
    assert "New Soon from 26 November on" in said
    assert "Soon New From 26 November on" in said
    assert since_last_time(forno.agent, NOW + DAY) == ""
    assert "New Soon since yesterday" in since_last_time(forno.agent, NOW + 6 * DAY)


def test_a_scheduled_change_stands_beside_what_holds(forno: Cast, old: Policy) -> None:
    changed(old, NOW - DAY, value="20.00", starts_at=NOW + 5 * DAY)
    said = look(forno.agent)
    assert since_last_time(forno.agent).count("Vouchers") == 1
    assert "Changed Vouchers from 26 November on Prices rose." in said
    assert "It said: $15.00 per case Now it says: $20.00 per case" in said


def test_a_scheduled_withdrawal_marks_the_rule_that_still_holds(forno: Cast, old: Policy) -> None:
    withdraw(
        old, withdrawn_by=None, change_reason="Not needed.", starts_at=NOW + 5 * DAY, at=NOW - DAY
    )
    said = look(forno.agent)
    assert "No longer Vouchers from 26 November on Not needed." in said
    assert "Vouchers No longer from 26 November on Until 26 November" in said


def test_what_was_announced_and_called_off_is_told(forno: Cast) -> None:
    rule = published(forno, "Soon", BEFORE - DAY, starts_at=NOW + 5 * DAY)
    look(forno.agent, BEFORE)
    withdraw(rule, withdrawn_by=None, change_reason="Too hard.", at=NOW - DAY)
    assert since_last_time(forno.agent).endswith("No longer Soon since yesterday Too hard.")


def test_what_came_and_went_meanwhile_is_no_news(forno: Cast, old: Policy) -> None:
    rule = published(forno, "Mayfly", NOW - 3 * DAY)
    withdraw(rule, withdrawn_by=None, change_reason="No.", at=NOW - 2 * DAY)
    draft_rule(forno, "A draft", value="1.00")
    assert since_last_time(forno.agent) == ""


def test_news_is_of_the_rules_about_oneself(forno: Cast, scm: Cast, old: Policy) -> None:
    published(forno, "Leads only", NOW - DAY, tiers=["Shift lead"])
    published(forno, "Queens only", NOW - DAY, teams=["Queens"])
    published(scm, "Elsewhere", NOW - DAY)
    assert since_last_time(forno.agent) == ""


def test_a_rule_that_is_about_others_now_is_no_longer_there_and_the_other_way_round(
    forno: Cast,
) -> None:
    driver, lead = [forno.tiers["Driver"]], [forno.tiers["Shift lead"]]
    mine = published(forno, "Mine", BEFORE - DAY, tiers=["Driver"])
    theirs = published(forno, "Theirs", BEFORE - DAY, tiers=["Shift lead"], value="77.00")
    look(forno.agent, BEFORE)
    changed(mine, NOW - DAY, tiers=lead, reason="For leads now.", value="99.00")
    changed(theirs, NOW - DAY, tiers=driver, reason="For drivers now.")
    said = look(forno.agent)
    assert "No longer Mine since yesterday For leads now." in said
    assert "New Theirs since yesterday For drivers now." in said
    assert "$99.00" not in said
    assert "It said" not in said, "what it said to others before is not theirs to see"
