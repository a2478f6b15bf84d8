"""A case becomes someone's when they open it, give in it or take it up; nothing leaks besides.

Who sees what by role is in `tests/roles_table.py`; these are the ways in which it changes.
"""

from uuid import uuid4

import pytest

from employees.models import Employee
from resolutions.conclude import close_without_remedy, take_up_again
from resolutions.models import AuthorityGap, Case, Conclusion, Contact, Resolution
from tests.cast import Cast
from tests.putting_right import give_also, put_right, so_many


@pytest.fixture
def case(forno: Cast) -> Case:
    """A case of the first driver's, in Brooklyn."""
    return Case.objects.get(pk=put_right(forno.agent, so_many("reorder"), customer="C-1")["id"])


def sees(employee: Employee, case: Case) -> bool:
    """Whether they see the case; what was given in it and who came back goes with it."""
    seen = Case.objects.visible_to(employee).filter(pk=case.pk).exists()
    given = Resolution.objects.filter(case=case)
    assert set(given.visible_to(employee)) == (set(given) if seen else set())
    contacts = Contact.objects.filter(case=case)
    assert set(contacts.visible_to(employee)) == (set(contacts) if seen else set())
    conclusions = Conclusion.objects.filter(case=case)
    assert set(conclusions.visible_to(employee)) == (set(conclusions) if seen else set())
    return seen


def test_whoever_gives_in_a_case_sees_it_from_then_on(forno: Cast, case: Case) -> None:
    take_up_again(case, channel="phone", acting_employee=forno.agent, request_id=uuid4())
    close_without_remedy(case, said="Sorry.", acting_employee=forno.agent, request_id=uuid4())
    assert not sees(forno.colleague, case)
    give_also({"id": case.pk}, forno.colleague, so_many("free-pizza"))
    assert sees(forno.colleague, case)


def test_whoever_takes_a_case_up_sees_it_from_then_on(forno: Cast, case: Case) -> None:
    other_team = forno.people["forno.driver3"]
    assert not sees(other_team, case)
    take_up_again(case, channel="phone", acting_employee=other_team, request_id=uuid4())
    assert sees(other_team, case)


def test_a_case_stays_with_the_team_it_was_opened_in(forno: Cast, case: Case) -> None:
    forno.agent.team = forno.teams["Queens"]
    forno.agent.save()
    queens_lead = Employee.objects.create_user(
        "forno.lead9", role="team_lead", division=forno.division, team=forno.teams["Queens"]
    )

    assert sees(forno.agent, case)
    assert sees(forno.lead, case)
    assert not sees(queens_lead, case)


def test_a_lead_without_a_team_sees_their_own_only(forno: Cast, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(team=None)
    forno.lead.team = None
    forno.lead.save()

    assert not sees(forno.lead, case)
    assert not AuthorityGap.objects.visible_to(forno.lead).exists()


def test_someone_who_moved_to_another_division_left_their_cases_there(
    forno: Cast, orchard: Cast, case: Case
) -> None:
    Employee.objects.filter(pk=forno.agent.pk).update(
        division=orchard.division, team=orchard.teams["Care"], tier=orchard.tiers["Driver"]
    )
    moved = Employee.objects.with_authority().get(pk=forno.agent.pk)

    assert not sees(moved, case)
