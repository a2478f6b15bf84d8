"""The OpenAPI description is valid, complete, and says what the API really answers."""

import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator

from config.api.problem_types import TYPES
from config.api.urls import version_1
from reports.models import ExportName
from tests.api.client import Api
from tests.api.questions import money_off, wrong_order
from tests.cast import Cast


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    told: dict[str, Any] = Client().get("/api/v1/schema/?format=json").json()
    return told


def test_it_is_valid_and_nothing_is_guessed(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "api.yaml"))


def test_it_is_openapi_3_1_and_open_to_everyone(schema: dict[str, Any]) -> None:
    assert schema["openapi"] == "3.1.0"
    assert Client().get("/api/v1/schema/").headers["Content-Type"].startswith("application/vnd.oai")


def test_it_says_how_many_remedies_a_request_gives(schema: dict[str, Any]) -> None:
    said = schema["components"]["schemas"]
    limits = {
        name: (said[name]["properties"]["gives"].get("minItems"), 40)
        for name in ("CaseSaid", "ChosenSaid", "MoreSaid")
        if said[name]["properties"]["gives"]["maxItems"] == 40
    }
    assert limits == {"CaseSaid": (None, 40), "ChosenSaid": (None, 40), "MoreSaid": (1, 40)}


def test_every_operation_is_described_with_its_problems(schema: dict[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path.removeprefix('/api/v1/')}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }
    assert set(operations) == {
        "POST tokens/",
        "DELETE tokens/",
        "GET me/",
        "GET policies/",
        "POST authority/",
        "GET cases/",
        "POST cases/",
        "GET cases/{case_id}/",
        "POST cases/{case_id}/authority/",
        "POST cases/{case_id}/resolutions/",
        "POST cases/{case_id}/resolutions/{resolution_id}/give-back/",
        "POST cases/{case_id}/close/",
        "POST cases/{case_id}/hand-over/",
        "POST cases/{case_id}/contacts/",
        "GET budgets/",
        "GET budgets/{budget_id}/",
        "GET budgets/{budget_id}/entries/",
        "GET closes/",
        "POST closes/",
        "GET closes/next/{division}/",
        "GET closes/{close_id}/",
        "GET closes/{close_id}/journal/",
        "GET exports/",
        *(f"GET exports/{name}/" for name in ExportName.values),
    }
    for operation in operations.values():
        assert operation["description"]
        assert {"401", "429"} <= set(operation["responses"])
    assert set(operations["POST cases/"]["responses"]) == {
        *("201", "400", "401", "403", "406", "409", "413", "415", "429")
    }
    refused = operations["POST cases/"]["responses"]["403"]["content"]
    assert set(refused["application/problem+json"]["examples"]) == {
        *("outside-authority", "no-authority", "own-case")
    }


def test_it_names_no_other_host(schema: dict[str, Any]) -> None:
    told = json.dumps(schema).replace('"type": "http"', "").replace("http://localhost:8000/", "")
    assert "http" not in told


def conforms(schema: dict[str, Any], path: str, method: str, status: int, answer: Any) -> None:
    """Fail unless the answer is as described, and has nothing that is not described."""
    assert answer.status_code == status, answer.content
    told = schema["paths"][f"/api/v1/{path}"][method]["responses"][str(status)]
    kind = answer.headers["Content-Type"]
    described = closed(told["content"][kind]["schema"] | {"components": schema["components"]})
    Draft202012Validator(described).validate(answer.json())


def closed(schema: Any) -> Any:
    """The same schema with no room for anything that it does not describe."""
    if isinstance(schema, list):
        return [closed(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    tight = {name: closed(inner) for name, inner in schema.items()}
    if tight.get("type") == "object" and "code" not in tight.get("properties", {}):
        tight.setdefault("additionalProperties", False)
    return tight


def test_real_answers_are_as_described(schema: dict[str, Any], forno: Cast) -> None:
    forno.rule("No vouchers", effect="forbid", remedies=["voucher"])
    forno.rule("Fair", value="20", conditions=[("earlier_value", "ge", "50", 90)])
    api = Api(forno.agent)
    question = {"reason_code": "late", "channel": "phone", "facts": {"minutes_late": 30}}
    opened = api.post("cases/", wrong_order())
    case = opened.json()["id"]
    late = api.post("cases/", question).json()["id"]
    one = "cases/{case_id}/"
    more = {"gives": [{"remedy": "money-off", "amount": "1.00"}]}

    conforms(schema, "cases/", "post", 201, opened)
    conforms(schema, "cases/", "get", 200, api.get("cases/"))
    conforms(schema, one, "get", 200, api.get(f"cases/{case}/"))
    conforms(schema, "authority/", "post", 200, api.post("authority/", question | more))
    conforms(schema, f"{one}authority/", "post", 200, api.post(f"cases/{case}/authority/", {}))
    conforms(
        schema, f"{one}resolutions/", "post", 201, api.post(f"cases/{case}/resolutions/", more)
    )
    conforms(schema, f"{one}close/", "post", 200, api.post(f"cases/{late}/close/", {"said": "x"}))
    conforms(
        schema,
        f"{one}contacts/",
        "post",
        201,
        api.post(f"cases/{late}/contacts/", {"channel": "web"}),
    )
    conforms(
        schema,
        f"{one}hand-over/",
        "post",
        200,
        api.post(f"cases/{late}/hand-over/", {"to": "x", "reason": "y"}),
    )
    conforms(schema, "policies/", "get", 200, api.get("policies/"))
    conforms(schema, "me/", "get", 200, api.get("me/"))
    conforms(schema, "me/", "get", 200, Api(forno.manager).get("me/"))
    conforms(schema, "me/", "get", 401, Api().get("me/"))
    refused = api.post("cases/", wrong_order(gives=[{"remedy": "voucher", "amount": "5.00"}]))
    conforms(schema, "cases/", "post", 403, refused)
    conforms(schema, "cases/", "post", 400, api.post("cases/", money_off("-1")))


def test_the_examples_can_be_sent_as_they_are(schema: dict[str, Any], forno: Cast) -> None:
    api = Api(forno.agent)

    def send(path: str, status: int, **numbers: int) -> Any:
        body = schema["paths"][f"/api/v1/{path}"]["post"]["requestBody"]
        (example,) = body["content"]["application/json"]["examples"].values()
        answer = api.post(path.format(**numbers), example["value"])
        assert answer.status_code == status, answer.content
        return answer.json()

    send("authority/", 200)
    case = send("cases/", 201)
    one = {"case_id": case["id"]}
    given = case["resolutions"][0]["id"]
    send("cases/{case_id}/resolutions/{resolution_id}/give-back/", 200, **one, resolution_id=given)
    opened = api.post("cases/", {"reason_code": "late", "channel": "phone", "customer": "C-1001"})
    late = {"case_id": opened.json()["id"]}
    send("cases/{case_id}/authority/", 200, **late)
    send("cases/{case_id}/close/", 200, **late)
    send("cases/{case_id}/contacts/", 201, **late)
    send("cases/{case_id}/hand-over/", 200, **late)
    send("cases/{case_id}/resolutions/", 201, **late)


def operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for methods in schema["paths"].values()
        for operation in methods.values()
    }


def test_every_address_of_the_version_is_described(schema: dict[str, Any]) -> None:
    described = {path.partition("/api/v1/")[2] for path in schema["paths"]}
    there = {
        re.sub(r"<\w+:(\w+)>", r"{\1}", str(entry.pattern))
        for entry in version_1
        if entry.name not in ("schema", "docs")
    }
    assert described == there


def test_every_operation_has_examples_that_are_as_described(schema: dict[str, Any]) -> None:
    parts = {"components": schema["components"]}
    for name, operation in operations(schema).items():
        answers = [a for status, a in operation["responses"].items() if status.startswith("2")]
        sent = [operation["requestBody"]] if "requestBody" in operation else []
        for told in (*sent, *answers):
            if content := told.get("content", {}).get("application/json"):
                assert content.get("examples"), name
                for example in content["examples"].values():
                    described = closed(content["schema"] | parts)
                    Draft202012Validator(described).validate(example["value"])


def test_every_type_of_problem_has_an_example_that_is_as_described(schema: dict[str, Any]) -> None:
    examples = schema["components"]["examples"]
    assert set(examples) == set(TYPES)
    described = schema["components"]["schemas"]["Problem"] | {"components": schema["components"]}
    for code, example in examples.items():
        assert example["value"]["code"] == code
        Draft202012Validator(described).validate(example["value"])
    for operation in operations(schema).values():
        for status, answer in operation["responses"].items():
            if status.startswith("4"):
                shown = answer["content"]["application/problem+json"]["examples"]
                assert {TYPES[code].status for code in shown} == {int(status)}


def test_every_parameter_and_tag_says_what_it_is(schema: dict[str, Any]) -> None:
    tags = {tag["name"]: tag["description"] for tag in schema["tags"]}
    for name, operation in operations(schema).items():
        assert [tags[tag] for tag in operation["tags"]], name
        for parameter in operation.get("parameters", ()):
            if parameter["in"] != "path":
                assert parameter.get("description"), (name, parameter["name"])
    assert schema["info"]["version"].startswith("1.")
    assert schema["servers"] == [{"url": "/", "description": "Where this description is read."}]
