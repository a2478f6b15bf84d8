"""Hard rules are read and confirmed: each version once, by those whom it is about, for good."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from employees.models import Employee
from policies.acknowledge import acknowledge, to_read
from policies.errors import NothingToConfirm
from policies.models import Acknowledgement, Policy
from policies.publish import new_version, publish, withdraw
from policies.rulebook import rulebook_of
from tests.cast import LONG_AGO, Cast, draft_rule
from tests.pages import without_tier
from tests.putting_right import NOW
from tests.queries import assert_queries
from tests.raw_sql import empty_out, execute, guards_down, insert, refused

LATER = NOW + timedelta(days=10)
STAYS = "What was read stays read"
ONLY = "Only a hard rule is confirmed"
TABLE = "policies_acknowledgement"


def hard_rule(company: Cast, title: str = "No cash", **how: Any) -> Policy:
    """A rule in force that forbids something."""
    return company.rule(title, effect="forbid", remedies=["voucher"], **how)


def unread(company: Cast, employee: Employee, at: datetime = NOW) -> list[str]:
    """The titles of what the employee still has to read."""
    company.refresh()
    return [rule.title for rule in to_read(employee, rulebook_of(company.division), at=at)]


def changed(rule: Policy, at: datetime = NOW, **columns: Any) -> Policy:
    """The next version of a rule, from now on."""
    draft = new_version(rule)
    for name, value in columns.items():
        setattr(draft, name, value)
    return publish(draft, published_by=None, change_reason="Better said.", at=at)


def test_an_agent_confirms_a_hard_rule_with_its_version_and_time(forno: Cast) -> None:
    rule = hard_rule(forno)
    assert unread(forno, forno.agent) == ["No cash"]
    done = acknowledge(rule, acting_employee=forno.agent, at=NOW)
    assert (done.employee, done.policy, done.at) == (forno.agent, rule, NOW)
    assert unread(forno, forno.agent) == []
    assert unread(forno, forno.colleague) == ["No cash"]


def test_a_double_tap_has_one_effect(forno: Cast) -> None:
    rule = hard_rule(forno)
    first = acknowledge(rule, acting_employee=forno.agent, at=NOW)
    second = acknowledge(rule, acting_employee=forno.agent, at=LATER)
    assert second == first
    assert (second.at, Acknowledgement.objects.count()) == (NOW, 1)


def test_a_new_version_asks_anew_and_the_old_answer_stays(forno: Cast) -> None:
    first = hard_rule(forno)
    acknowledge(first, acting_employee=forno.agent, at=NOW)
    second = changed(first, NOW + timedelta(hours=1), title="No cash at all")
    after = NOW + timedelta(hours=2)
    assert unread(forno, forno.agent, after) == ["No cash at all"]
    acknowledge(second, acting_employee=forno.agent, at=after)
    assert list(Acknowledgement.objects.values_list("policy__version", "at")) == [
        (1, NOW),
        (2, after),
    ]


def test_a_scheduled_one_can_be_confirmed_ahead_and_is_asked_for_once_it_holds(
    forno: Cast,
) -> None:
    rule = hard_rule(forno, starts_at=LATER)
    assert unread(forno, forno.agent) == []
    assert unread(forno, forno.agent, LATER) == ["No cash"]
    acknowledge(rule, acting_employee=forno.agent, at=NOW)
    assert unread(forno, forno.agent, LATER) == []


def not_theirs(company: Cast) -> dict[str, Policy]:
    """Rules that a driver in Brooklyn can't confirm, and the words why."""
    old = hard_rule(company, "Old")
    changed(old, title="Newer")
    gone = hard_rule(company, "Gone")
    last = withdraw(gone, withdrawn_by=None, change_reason="Nobody needs it.", at=NOW)
    return {
        "is a draft": draft_rule(company, "Draft", effect="forbid"),
        "no longer says what you read": old,
        "Read it once more": last,
        "forbids nothing": company.rule("Limit", value="5.00"),
        "“Leads” is not about what you do": hard_rule(company, "Leads", tiers=["Shift lead"]),
        "“Queens” is not about what you do": hard_rule(company, "Queens", teams=["Queens"]),
        "“Over” no longer says": hard_rule(company, "Over", ends_at=NOW),
    }


def test_what_is_not_theirs_or_does_not_hold_is_refused_with_its_reason(forno: Cast) -> None:
    for reason, rule in not_theirs(forno).items():
        with pytest.raises(NothingToConfirm, match=reason):
            acknowledge(rule, acting_employee=forno.agent, at=NOW)
    assert not Acknowledgement.objects.exists()


def test_nobody_confirms_a_rule_of_another_division_or_without_a_word_to_give(
    forno: Cast, scm: Cast
) -> None:
    rule = hard_rule(forno)
    left = forno.colleague
    Employee.objects.filter(pk=left.pk).update(is_active=False)
    for person in (scm.agent, forno.manager, without_tier(forno), left):
        with pytest.raises(NothingToConfirm, match="is not about what you do"):
            acknowledge(rule, acting_employee=person, at=NOW)
    assert not Acknowledgement.objects.exists()


def test_only_hard_rules_in_force_for_them_are_asked_for(forno: Cast) -> None:
    not_theirs(forno)
    assert unread(forno, forno.agent, NOW) == ["Newer"]


def test_asking_what_is_unread_costs_a_query_only_where_there_are_hard_rules(forno: Cast) -> None:
    forno.rule("Limit", value="5.00")
    rulebook = rulebook_of(forno.division)
    with assert_queries([]):
        to_read(forno.agent, rulebook, at=NOW)
    for number in range(3):
        hard_rule(forno, f"Rule {number}")
    rulebook = rulebook_of(forno.division)
    with assert_queries(["select acknowledgement"]):
        assert len(to_read(forno.agent, rulebook, at=NOW)) == 3


def test_everyone_sees_the_confirmations_that_are_theirs_to_see(
    forno: Cast, scm: Cast, head_office: dict[str, Employee]
) -> None:
    queens = forno.people["forno.driver3"]
    for company in (forno, scm):
        rule = company.rule("Never", effect="forbid")
        for person in (p for p in company.people.values() if p.tier):
            acknowledge(rule, acting_employee=person, at=NOW)

    def seen(reader: Employee) -> set[str]:
        rows = Acknowledgement.objects.visible_to(reader)
        return set(rows.values_list("employee__username", flat=True))

    brooklyn = {"forno.driver1", "forno.driver2", "forno.lead1"}
    assert seen(forno.agent) == {"forno.driver1"}
    assert seen(forno.lead) == brooklyn
    assert seen(forno.manager) == brooklyn | {queens.username}
    assert seen(head_office["finance"]) == set()
    assert len(seen(head_office["admin"])) == Acknowledgement.objects.count()
    forno.manager.is_active = False
    assert seen(forno.manager) == set()


def test_readers_are_those_who_work_by_a_rule_now(forno: Cast) -> None:
    everyone, drivers = hard_rule(forno, "All"), hard_rule(forno, "Drivers", tiers=["Driver"])
    queens = hard_rule(forno, "Queens", tiers=["Driver"], teams=["Queens"])
    without_tier(forno)
    for person in (forno.agent, forno.colleague):
        acknowledge(everyone, acting_employee=person, at=NOW)
    Employee.objects.filter(pk=forno.colleague.pk).update(is_active=False)

    def counted(rule: Policy) -> tuple[int, int]:
        row: Any = Policy.objects.with_readers().get(pk=rule.pk)
        assert row.readers == Policy.objects.readers_of(rule).count()
        return row.have_read, row.readers

    assert counted(everyone) == (1, 3)
    assert counted(drivers) == (0, 2)
    assert counted(queens) == (0, 1)
    other: Any = Policy.objects.with_readers().get(pk=forno.rule("Limit", value="5.00").pk)
    assert (other.have_read, other.readers) == (None, None), "nobody has to read it"


# --- The database keeps it by itself ----------------------------------------------------------


@pytest.fixture
def read(forno: Cast) -> Acknowledgement:
    """What the first agent confirmed."""
    return acknowledge(hard_rule(forno), acting_employee=forno.agent, at=NOW)


@pytest.mark.parametrize("column", ["at", "employee_id", "policy_id"])
def test_what_was_confirmed_is_not_changed(forno: Cast, read: Acknowledgement, column: str) -> None:
    other = {
        "at": LATER,
        "employee_id": forno.colleague.pk,
        "policy_id": hard_rule(forno, "Another").pk,
    }[column]
    update = f"UPDATE {TABLE} SET {column} = %s WHERE id = %s"
    with refused(STAYS):
        execute(update, other, read.pk)
    with guards_down(TABLE):
        execute(update, other, read.pk)


def test_what_was_confirmed_is_not_deleted(read: Acknowledgement) -> None:
    with refused(STAYS):
        execute(f"DELETE FROM {TABLE} WHERE id = %s", read.pk)
    assert Acknowledgement.objects.exists()


@pytest.mark.postgres
def test_what_was_confirmed_is_not_emptied_out(read: Acknowledgement) -> None:
    with refused(STAYS):
        empty_out(TABLE)
    assert Acknowledgement.objects.exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("key", ["id", "rule"])
def test_what_was_confirmed_is_not_replaced(read: Acknowledgement, key: str) -> None:
    number = read.pk if key == "id" else None
    with refused(STAYS):
        execute(
            f"REPLACE INTO {TABLE} (id, employee_id, policy_id, at) VALUES (%s, %s, %s, %s)",
            *(number, read.employee_id, read.policy_id, LATER),
        )
    assert Acknowledgement.objects.get().at == NOW


def test_a_rule_is_confirmed_once(read: Acknowledgement) -> None:
    with refused("rule_confirmed_once|What was read stays read"):
        insert(TABLE, employee_id=read.employee_id, policy_id=read.policy_id, at=LATER)


def test_the_database_takes_no_confirmation_of_what_is_not_theirs(forno: Cast, scm: Cast) -> None:
    row = {"employee_id": forno.agent.pk, "at": NOW}
    for rule in not_theirs(forno).values():
        with refused(ONLY):
            insert(TABLE, policy_id=rule.pk, **row)
    mine = hard_rule(forno, "Mine")
    for person in (scm.agent, forno.manager, without_tier(forno)):
        with refused(ONLY):
            insert(TABLE, policy_id=mine.pk, employee_id=person.pk, at=NOW)
    assert not Acknowledgement.objects.exists()
    insert(TABLE, policy_id=mine.pk, **row)
    with guards_down(TABLE):
        insert(TABLE, policy_id=mine.pk, employee_id=scm.agent.pk, at=NOW)


def test_the_database_takes_one_that_is_scheduled_and_none_that_was_replaced_before(
    forno: Cast,
) -> None:
    soon, never = hard_rule(forno, "Soon", starts_at=LATER), draft_rule(forno, effect="forbid")
    publish(never, published_by=None, starts_at=LATER, at=LONG_AGO)
    withdraw(never, withdrawn_by=None, change_reason="No.", starts_at=LATER, at=NOW)
    row = {"employee_id": forno.agent.pk, "at": NOW}
    with refused(ONLY):
        insert(TABLE, policy_id=never.pk, **row)
    with pytest.raises(NothingToConfirm):
        acknowledge(never, acting_employee=forno.agent, at=NOW)
    insert(TABLE, policy_id=soon.pk, **row)


def test_a_moment_is_compared_to_its_fraction(forno: Cast) -> None:
    ends = datetime(2026, 11, 21, 15, 0, 0, 500_000, tzinfo=UTC)
    rule = hard_rule(forno, ends_at=ends)
    row = {"employee_id": forno.agent.pk, "policy_id": rule.pk}
    with refused(ONLY):
        insert(TABLE, at=ends, **row)
    insert(TABLE, at=NOW, **row)
