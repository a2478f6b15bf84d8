"""Who reads an export, and how much of it: nobody more than they see."""

from dataclasses import FrozenInstanceError

import pytest
from django.utils import timezone

from employees.models import Employee
from reports.errors import NoExports, TokenOpensNothing
from reports.models import ExportName
from reports.reader import Reader, reader_of_employee, reader_of_token
from reports.tokens import find_token
from tests.cast import Cast
from tests.queries import assert_queries
from tests.tokens import made

ALL = frozenset(ExportName.values)


@pytest.fixture
def controller(forno: Cast) -> Employee:
    """Finance of one division."""
    return Employee.objects.create_user(
        "forno.finance", role="finance", first_name="Ida", division=forno.division
    )


def of(secret: str) -> Reader:
    return reader_of_token(find_token(secret, at=timezone.now()))


def test_finance_and_managers_read_every_export_of_what_they_see(
    forno: Cast, scm: Cast, head_office: dict[str, Employee], controller: Employee
) -> None:
    group = reader_of_employee(head_office["finance"])
    assert group.divisions == (forno.division, scm.division)
    for someone in (controller, forno.manager):
        assert reader_of_employee(someone).divisions == (forno.division,)
        assert reader_of_employee(someone).exports == group.exports == ALL
        assert reader_of_employee(someone).employee == someone
    assert reader_of_employee(controller).name == "Ida"


def test_finance_does_not_read_what_people_wrote_in_their_own_words(
    forno: Cast, head_office: dict[str, Employee], controller: Employee
) -> None:
    assert reader_of_employee(forno.manager).own_words
    assert not reader_of_employee(head_office["finance"]).own_words
    assert not reader_of_employee(controller).own_words


@pytest.mark.parametrize("who", ["agent", "lead", "admin", "whoever left"])
def test_exports_are_not_for_others(
    forno: Cast, head_office: dict[str, Employee], who: str
) -> None:
    forno.manager.is_active = False
    people = {"agent": forno.agent, "lead": forno.lead, "whoever left": forno.manager}
    with pytest.raises(NoExports, match="for finance and for managers"):
        reader_of_employee({**people, **head_office}[who])


def test_a_machine_reads_what_its_token_says(
    forno: Cast, scm: Cast, head_office: dict[str, Employee]
) -> None:
    token, secret = made(
        head_office["admin"], divisions=[scm.division], exports=["gaps"], own_words=True
    )
    reader = of(secret)
    assert (reader.name, reader.exports) == ("Nightly load", {"gaps"})
    assert (reader.divisions, reader.own_words) == ((scm.division,), True)
    assert (reader.token, reader.employee) == (token, None)
    assert not of(made(head_office["admin"])[1]).own_words


def test_a_token_for_all_divisions_opens_those_to_come(
    forno: Cast, head_office: dict[str, Employee], request: pytest.FixtureRequest
) -> None:
    _, every = made(head_office["finance"])
    _, one = made(head_office["finance"], divisions=[forno.division])
    scm: Cast = request.getfixturevalue("scm")
    assert of(every).divisions == (forno.division, scm.division)
    assert of(one).divisions == (forno.division,)


def test_own_words_end_with_their_makers_being_an_administrator(
    head_office: dict[str, Employee], forno: Cast
) -> None:
    _, secret = made(head_office["admin"], own_words=True)
    Employee.objects.filter(pk=head_office["admin"].pk).update(role="finance")
    assert not of(secret).own_words


def test_a_token_of_divisions_that_its_maker_does_not_see_opens_nothing(
    head_office: dict[str, Employee], forno: Cast, scm: Cast
) -> None:
    finance = head_office["finance"]
    _, both = made(finance, divisions=[forno.division, scm.division])
    _, scms = made(finance, divisions=[scm.division])
    Employee.objects.filter(pk=finance.pk).update(division=forno.division)
    assert of(both).divisions == (forno.division,)
    with pytest.raises(TokenOpensNothing, match="sees none of its divisions"):
        of(scms)


def test_requests_are_counted_by_a_key_that_stays(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    token, secret = made(head_office["finance"])
    assert of(secret).key == of(secret).pk == f"token:{token.pk}"
    assert reader_of_employee(forno.manager).key == f"employee:{forno.manager.pk}"


def test_nobody_widens_what_a_reader_sees(forno: Cast) -> None:
    reader = reader_of_employee(forno.manager)
    with pytest.raises(FrozenInstanceError):
        reader.divisions = ()  # type: ignore[misc]


def test_each_costs_one_query_for_the_divisions(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    _, secret = made(head_office["finance"], divisions=[forno.division])
    token = find_token(secret, at=timezone.now())
    with assert_queries(["select employees_division"]):
        reader_of_token(token)
    with assert_queries(["select employees_division"]):
        reader_of_employee(forno.manager)
