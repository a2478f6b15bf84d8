"""A machine's token opens exports and nothing else; an employee's own opens them too."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from pytest_django import Settings

from employees.models import Employee
from reports.models import ExportName, MachineToken
from reports.tokens import revoke_token
from tests.api.client import Api, assert_problem
from tests.cast import Cast
from tests.queries import assert_queries
from tests.tokens import made

pytestmark = pytest.mark.urls("tests.api.export_address")
WHO = "who-reads/"
A_MINUTE = datetime.fromisoformat("2026-11-20T12:00:20+00:00")
ELSEWHERE = ("me/", "cases/", "cases/1/", "policies/", "budgets/", "budgets/1/entries/")


@pytest.fixture
def secret(head_office: dict[str, Employee], forno: Cast, scm: Cast) -> str:
    """A token of the group's finance, for the ledger of Forno."""
    return made(head_office["finance"], divisions=[forno.division])[1]


def refusal(api: Api) -> str:
    """Why it is not let in."""
    return str(assert_problem(api.get(WHO), 401, "not-authenticated")["detail"])


def test_a_machine_is_let_in_with_its_token(secret: str) -> None:
    assert Api(token=secret).get(WHO).json() == {
        "name": "Nightly load",
        "exports": ["ledger"],
        "divisions": ["forno"],
        "own_words": False,
        "machine": True,
    }


def test_an_employee_is_let_in_with_their_own(forno: Cast) -> None:
    told = Api(forno.manager).get(WHO).json()
    assert told["exports"] == sorted(ExportName.values)
    assert (told["divisions"], told["own_words"], told["machine"]) == (["forno"], True, False)


@pytest.mark.once
@pytest.mark.parametrize("who", ["agent", "lead", "admin"])
def test_exports_are_not_for_everyone(
    forno: Cast, head_office: dict[str, Employee], who: str
) -> None:
    people = {"agent": forno.agent, "lead": forno.lead, **head_office}
    told = assert_problem(Api(people[who]).get(WHO), 403, "forbidden")
    assert told["detail"] == "Exports are for finance and for managers, of what they see."


@pytest.mark.once
@pytest.mark.parametrize("where", ELSEWHERE)
def test_a_machine_is_let_in_nowhere_else(secret: str, where: str) -> None:
    told = assert_problem(Api(token=secret).get(where), 401, "not-authenticated")
    assert "A machine’s token opens exports, and nothing else." in told["detail"]


@pytest.mark.once
def test_a_machine_changes_nothing(secret: str) -> None:
    api = Api(token=secret)
    for where in ("cases/", "authority/", "cases/1/resolutions/", "cases/1/close/"):
        assert_problem(api.post(where, {}), 401, "not-authenticated")
    assert_problem(api.delete("tokens/"), 401, "not-authenticated")
    assert MachineToken.objects.get().revoked_at is None


@pytest.mark.parametrize(
    "token",
    [
        "leeway_" + "0" * 40,
        "leeway_",
        "leeway_ünï",
        "leeway_" + "0" * 100_000,
        "leeway_\x00",
        "LEEWAY_" + "0" * 40,
        "leeway_' OR 1=1 --",
    ],
)
def test_a_forged_token_opens_nothing(secret: str, token: str) -> None:
    answer = Api(token=token).get(WHO)
    assert_problem(answer, 401, "not-authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert Api(token=secret.upper()).get(WHO).status_code == 401


def test_a_token_that_ended_says_how(secret: str, head_office: dict[str, Employee]) -> None:
    api, token = Api(token=secret), MachineToken.objects.get()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert refusal(api) == "This token has expired. Make a new one."
    Employee.objects.filter(pk=head_office["finance"].pk).update(is_active=False)
    assert "may not give it any more" in refusal(api)
    Employee.objects.filter(pk=head_office["finance"].pk).update(is_active=True)
    assert api.get(WHO).status_code == 200
    revoke_token(token, acting_employee=head_office["admin"], at=timezone.now())
    assert refusal(api) == "This token was revoked."


def test_a_token_follows_its_maker(
    secret: str, head_office: dict[str, Employee], scm: Cast
) -> None:
    finance = Employee.objects.filter(pk=head_office["finance"].pk)
    finance.update(division=scm.division)
    assert "sees none of its divisions any more" in refusal(Api(token=secret))
    finance.update(role="agent")
    assert "may not give it any more" in refusal(Api(token=secret))


def test_whoever_is_signed_in_to_the_pages_is_not_let_in_by_that(
    head_office: dict[str, Employee],
) -> None:
    api = Api()
    api.client.force_login(head_office["finance"], backend="employees.roles.RoleBackend")
    assert_problem(api.get(WHO), 401, "not-authenticated")


def test_a_machine_costs_two_queries_and_an_employee_two(secret: str, forno: Cast) -> None:
    machine, manager = Api(token=secret), Api(forno.manager)
    with assert_queries(["select machinetoken", "select employees_division"]):
        assert machine.get(WHO).status_code == 200
    with assert_queries(["select knox_authtoken", "select employees_division"]):
        assert manager.get(WHO).status_code == 200


def test_each_token_has_an_allowance_of_its_own(
    head_office: dict[str, Employee], forno: Cast, settings: Settings
) -> None:
    settings.API_RATES = {"requests": "2/minute", "tokens": ""}
    finance = head_office["finance"]
    with time_machine.travel(A_MINUTE, tick=False):
        machine, other = (Api(token=made(finance)[1]) for _ in "12")
        assert [machine.get(WHO).status_code for _ in range(3)] == [200, 200, 429]
        assert other.get(WHO).status_code == 200
        assert Api(finance).get(WHO).status_code == 200, "its maker has their own"


def test_a_machine_and_an_employee_with_one_number_are_counted_apart(
    head_office: dict[str, Employee], forno: Cast, settings: Settings
) -> None:
    settings.API_RATES = {"requests": "1/minute", "tokens": ""}
    token, secret = made(head_office["finance"])
    namesake = Employee.objects.filter(pk=token.pk).first() or Employee(pk=token.pk, username="n")
    namesake.save()
    assert Api(token=secret).get(WHO).status_code == 200
    assert Api(namesake).get("me/").status_code == 200


def test_the_description_tells_how_a_machine_is_let_in() -> None:
    generator: Any = SchemaGenerator
    schema = generator(urlconf="tests.api.export_address").get_schema(request=None, public=True)
    scheme = schema["components"]["securitySchemes"]["export-token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert "A machine’s token" in scheme["description"]
    (operation,) = schema["paths"]["/api/v1/who-reads/"].values()
    assert operation["security"] == [{"export-token": []}]
