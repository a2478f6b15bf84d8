"""What the OpenAPI description says beyond the views: the token, and every problem there may be."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from config.api.examples import ANSWERED, DECISION, SENT
from config.api.problem_types import TYPES, ProblemType
from config.api.problems import MEDIA_TYPE
from resolutions.api.answers import DecisionAnswer
from resolutions.api.idempotency import HEADER

_INTRODUCTION = """
Leeway puts a customer's problem right on the spot. `POST authority/` asks what can be given,
`POST cases/` gives it, in one call.

- **Who**: `POST tokens/` with your name and password gives a token; send it with every other
  request as `Authorization: Bearer …`.
- **Once**: what changes something takes an `Idempotency-Key`. Sent again with the same key, a
  request has no second effect and gets the same answer.
- **Money** is text with digits, such as `"5.00"`, in the division's currency. A JSON number is
  refused, as it could lose a cent on its way. Every amount that comes out is text, too.
- **Codes** stand for reason codes and remedies, and never change.
- **Lists** come in pages: follow `next` until it is null. `ordering` says by what.
- **Strict**: fields and filters that are not described here are refused, not passed over.
- **Version 1**: what is described here stays. What may come are operations, filters, fields of an
  answer and types of problems: pass over those that you do not know.

When something is not right, the answer is a problem (RFC 9457, `application/problem+json`):

| status | `code` | what it means |
| --- | --- | --- |
"""


_TAGS = {
    "tokens": "The way in: a name and password give a token.",
    "me": "Who I am, how far my word goes, and what is left of my month.",
    "policies": "The rules in force, each with its why and words to say.",
    "authority": "What can be given, before anything is.",
    "cases": "A customer's problem, and how it was put right.",
    "budgets": "Whose money it is, and every movement of it. Reading only.",
    "exports": "Everything that costs money, in files.",
    "closes": "Months that finance has closed.",
}
_HEADERS = {
    401: ("WWW-Authenticate", "How to say who you are.", {"type": "string"}),
    429: ("Retry-After", "How many seconds to wait.", {"type": "integer", "minimum": 1}),
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token."""

    target_class = "employees.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return how it is sent."""
        return {"type": "http", "scheme": "bearer", "description": "From `POST /api/v1/tokens/`."}


class ExportTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token that a machine pulls exports with."""

    target_class = "reports.api.authentication.ExportToken"
    name = "export-token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return how it is sent."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A machine’s token, `leeway_…`, which finance or an administrator makes "
            "at `/finance/tokens/`; it opens the exports and divisions that were chosen for it, "
            "and nothing else. Or a token of one’s own, from `POST /api/v1/tokens/`.",
        }


class NameAndPasswordScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the name and password that get a token."""

    target_class = "employees.api.authentication.NameAndPassword"
    name = "password"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return how they are sent."""
        return {"type": "http", "scheme": "basic", "description": "Only to get a token."}


def tell_all(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add what the views do not say: the problems, examples of every operation, and the tags."""
    rows = [f"| {kind.status} | `{kind.code}` | {kind.meaning} |" for kind in TYPES.values()]
    result["info"]["description"] = _INTRODUCTION + "\n".join(rows)
    result["servers"] = [{"url": "/", "description": "Where this description is read."}]
    schemas = result["components"]["schemas"]
    schemas["Problem"] = _problem_schema()
    result["components"]["examples"] = {
        code: {"summary": kind.title, "value": _problem_example(kind)}
        for code, kind in TYPES.items()
    }
    for name, schema in schemas.items():
        if name.endswith("Said"):  # what is sent is read strictly
            schema["additionalProperties"] = False
    operations = [
        (path, method, operation)
        for path, methods in result["paths"].items()
        for method, operation in methods.items()
    ]
    for path, method, operation in operations:
        operation["summary"] = operation["description"].partition("\n")[0].rstrip(".")
        _give_examples(operation)
        codes = _codes(path, method, operation)
        for status in sorted({TYPES[code].status for code in codes}):
            of_status = [code for code in codes if TYPES[code].status == status]
            operation["responses"][str(status)] = _response(status, of_status)
    used = dict.fromkeys(tag for _, _, operation in operations for tag in operation["tags"])
    result["tags"] = [{"name": tag, "description": _TAGS[tag]} for tag in used if tag in _TAGS]
    return result


def _give_examples(operation: dict[str, Any]) -> None:
    """Show what is sent and what is answered, where the view has no example of its own."""
    name = operation["operationId"]
    answers = (a for status, a in operation["responses"].items() if status.startswith("2"))
    _give(operation.get("requestBody"), SENT.get(name))
    for answer in answers:
        _give(answer, ANSWERED.get(name))


def _give(part: dict[str, Any] | None, example: Any) -> None:
    if part and example:
        content = part["content"]["application/json"]
        content.setdefault("examples", {"As in the story": {"value": example}})


def _codes(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    """Return the codes that an operation can answer with, beyond those that all can."""
    names = [parameter["name"] for parameter in operation.get("parameters", ())]
    has_body = "requestBody" in operation
    acts = method == "post" and not path.endswith("/tokens/")
    gives_back = path.endswith("/give-back/")
    closes = path.endswith("/closes/") and method == "post"
    exports = "/exports/" in path
    conditions = {
        "malformed": has_body,
        "invalid": has_body or bool(names),
        "not-authenticated": True,
        "outside-authority": path.endswith(("/cases/", "/resolutions/")) and acts,
        "no-authority": acts and not gives_back and not closes,
        "own-case": acts and HEADER in names and not gives_back,
        "forbidden": gives_back or closes or exports,
        "not-found": "{" in path,
        "not-acceptable": any("content" in answer for answer in operation["responses"].values()),
        "idempotency-conflict": HEADER in names,
        "case-state": path.endswith(("/close/", "/hand-over/")),
        "given-back-already": gives_back,
        "budget-exhausted": path.endswith(("/cases/", "/resolutions/")) and acts,
        "month-closed-already": closes,
        "month-still-runs": closes,
        "earlier-month-open": closes,
        "month-too-early": closes,
        "too-large": has_body,
        "unsupported-media-type": has_body,
        "too-many-requests": True,
        "restored": "after" in names,
        "journal-changed": path.endswith("/journal/"),
        "locked-out": path.endswith("/tokens/") and method == "post",
    }
    return [code for code, applies in conditions.items() if applies]


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": ", ".join(f"`{code}`" for code in codes),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            }
        },
    }
    if status in _HEADERS:
        name, words, schema = _HEADERS[status]
        told["headers"] = {name: {"description": words, "schema": schema}}
    return told


def _problem_example(kind: ProblemType) -> dict[str, Any]:
    return {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
        "code": kind.code,
        **_MEMBERS.get(kind.code, {}),
    }


_MEMBERS: dict[str, dict[str, Any]] = {
    "invalid": {"errors": {"gives.0.amount": ["Write an amount above zero."]}},
    "outside-authority": {"decisions": [DECISION | {"asked": "2", "verdict": "outside"}]},
}


def _problem_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "What was not right (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": list(TYPES)},
            "errors": {
                "type": "object",
                "description": "With `invalid`: what would be right, by field.",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            "decisions": {
                "type": "array",
                "description": "With `outside-authority`: a decision for each remedy.",
                "items": {"$ref": f"#/components/schemas/{DecisionAnswer.__name__}"},
            },
        },
    }
