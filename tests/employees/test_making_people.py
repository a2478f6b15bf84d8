"""People are made by name and password; the first administrator from the command line."""

import pytest
from django.core.management import call_command

from employees.models import Employee, Role


def test_the_first_administrator_is_made_from_the_command_line(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long pass phrase")
    call_command(
        "createsuperuser", interactive=False, username="ada", email="ada@example.com", verbosity=0
    )

    ada = Employee.objects.get()
    assert (ada.username, ada.email, ada.role) == ("ada", "ada@example.com", Role.ADMINISTRATOR)
    assert ada.is_staff
    assert not ada.is_superuser  # nobody is above the rules
    assert ada.check_password("a long pass phrase")


def test_someone_new_is_an_agent_without_authority(db: None) -> None:
    kim = Employee.objects.create_user("kim", "kim@EXAMPLE.com")

    assert (kim.role, kim.email, kim.tier) == (Role.AGENT, "kim@example.com", None)
    assert not kim.has_usable_password()
    assert not kim.is_staff
