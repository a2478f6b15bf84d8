"""What a CSV file says in two ways, or in none, is refused: the file does not guess."""

import pytest

from employees.models import AuthorityTier, Employee
from tests.admin.desk import Desk, problems
from tests.cast import Cast
from tests.employees.test_admin_csv import everything


@pytest.fixture
def desk(forno: Cast, orchard: Cast) -> Desk:
    return Desk(forno.manager)


@pytest.mark.once
@pytest.mark.parametrize("header", ["name,limit_per_case,limit_per_case", "name,name ,rationale"])
def test_a_column_that_is_there_twice_is_refused(desk: Desk, header: str) -> None:
    before = everything()
    answer = desk.bring_in(AuthorityTier, f"{header}\nDriver,30,900\n", reason="because")
    [(line, column, words)] = problems(answer)
    twice = header.split(",")[1].strip()
    assert (line, column) == (None, "")
    assert words.startswith(f"The column “{twice}” is there twice.")
    assert "confirm_form" not in answer.context
    assert everything() == before


@pytest.mark.parametrize("other", ["FORNO.DRIVER1", "Forno.Driver1"])
def test_a_username_that_differs_only_in_capitals_is_refused(desk: Desk, other: str) -> None:
    answer = desk.bring_in(Employee, f"username,role\n{other},agent\n")
    [(line, column, words)] = problems(answer)
    assert (line, column) == (2, "username")
    assert words.startswith(f"“{other}” differs from “forno.driver1” only in capital letters.")


def test_so_is_one_that_differs_so_from_another_row(desk: Desk) -> None:
    answer = desk.bring_in(Employee, "username,role\nforno.Zoë,agent\nforno.ZOË,agent\n")
    [(line, column, words)] = problems(answer)
    assert (line, column) == (3, "username")
    assert words.startswith("“forno.ZOË” differs from “forno.Zoë” only in capital letters.")


def test_of_another_divisions_people_it_is_only_said_that_a_name_is_taken(
    desk: Desk, orchard: Cast
) -> None:
    there = orchard.agent.username
    for name in (there, there.upper()):
        answer = desk.bring_in(Employee, f"username,role\n{name},agent\n")
        assert problems(answer) == [(2, "username", f"“{name}” is taken.")]


def test_a_username_in_wide_letters_is_the_same_one(desk: Desk) -> None:
    answer = desk.bring_in(Employee, "username,role\nｆorno.driver1,agent\n")
    assert problems(answer) == [(2, "username", "“forno.driver1” is taken.")]


def test_two_who_are_called_so_already_can_both_be_changed(desk: Desk, forno: Cast) -> None:
    twin = Employee.objects.create_user("FORNO.DRIVER1", division=forno.division)
    text = "username,first_name\nforno.driver1,Ada\nFORNO.DRIVER1,Eve\n"
    desk.confirm(Employee, desk.bring_in(Employee, text))
    names = Employee.objects.filter(pk__in=[forno.agent.pk, twin.pk]).values_list("first_name")
    assert {name for (name,) in names} == {"Ada", "Eve"}


@pytest.mark.parametrize("column", ["username", "first_name", "team", "personal_limit", "division"])
def test_a_cell_with_a_character_that_is_no_text_is_refused(desk: Desk, column: str) -> None:
    before = everything()
    cells = {
        "username": "forno.driver1",
        "first_name": "Ada",
        "team": "Brooklyn",
        "personal_limit": "30",
        "division": "forno",
    }
    cells[column] += "\x00"
    text = f"{','.join(cells)}\n{','.join(cells.values())}\n"
    answer = desk.bring_in(Employee, text, reason="because")
    words = "This cell has a character in it that is no text (NUL). Type the cell again."
    assert problems(answer) == [(2, column, words)]
    assert everything() == before
