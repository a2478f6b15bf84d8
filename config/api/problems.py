"""Problems: every answer of the API that is not what was asked for, as RFC 9457 describes.

`application/problem+json` with `type`, `title`, `status`, `detail` and `code`; `invalid` adds
`errors` (field to messages), `outside-authority` adds `decisions`. A problem never tells more than
the person may see, and never shows the program's inside.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework.exceptions import APIException, Throttled, ValidationError

from budgets.errors import BudgetsError, InvalidMovement
from config.api.problem_types import TYPES
from employees.own_authority import EmployeesError
from reports.errors import Invalid, ReportsError, TooManyExports
from resolutions.errors import InvalidCase, OutsideAuthority, ResolutionsError

MEDIA_TYPE = "application/problem+json"
_CODES = {
    "parse_error": "malformed",
    "authentication_failed": "not-authenticated",
    "permission_denied": "forbidden",
    "throttled": "too-many-requests",
    "error": "server-error",
}


def problem(
    code: str,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> HttpResponse:
    """Answer with a problem of a known type; `members` are added to it."""
    kind = TYPES[code]
    body = {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.meaning,
        "code": code,
        **members,
    }
    return JsonResponse(
        body,
        status=kind.status,
        content_type=MEDIA_TYPE,
        headers=headers,
        json_dumps_params={"sort_keys": True},  # the same answer is the same bytes
    )


def answer_exception(error: Exception, _context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer what a view raised; None for what it never should: that is logged, and becomes 500."""
    match error:
        case ValidationError():
            answer = invalid(flat(error.detail))
        case InvalidCase() | InvalidMovement() | Invalid():
            answer = invalid(error.errors)
        case OutsideAuthority():
            answer = problem(error.code, str(error), **error.refusal)
        case TooManyExports():
            answer = problem(error.code, str(error), headers={"Retry-After": str(error.seconds)})
        case ResolutionsError() | BudgetsError() | EmployeesError() | ReportsError() if (
            error.code in TYPES
        ):
            answer = problem(error.code, str(error))
        case Http404():
            answer = problem("not-found")
        case RequestDataTooBig():
            answer = problem("too-large")
        case PermissionDenied():
            answer = problem("forbidden")
        case APIException():
            answer = _of_rest_framework(error)
        case _:
            return None
    return answer


def invalid(errors: Mapping[str, Sequence[str]]) -> HttpResponse:
    """Answer that something in the request is not right, and where."""
    return problem("invalid", "“errors” says, by field, what would be right.", errors=errors)


def flat(detail: Any, at: str = "") -> dict[str, list[str]]:
    """Return nested errors as one level: `{"gives": {0: {"amount": […]}}}` as `gives.0.amount`."""
    if isinstance(detail, Mapping):
        parts = list(detail.items())
    elif isinstance(detail, list) and any(isinstance(d, Mapping | list) for d in detail):
        parts = list(enumerate(detail))
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {at or "body": [str(message) for message in messages]}
    errors: dict[str, list[str]] = {}
    for name, inner in parts:
        if inner:
            whole = name == "non_field_errors"
            errors |= flat(inner, at if whole else f"{at}.{name}".lstrip("."))
    return errors


def _of_rest_framework(error: APIException) -> HttpResponse:
    named = str(getattr(error.detail, "code", "") or error.default_code)
    code = _CODES.get(named, named.replace("_", "-"))
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if isinstance(error, Throttled):
        seconds = max(int(getattr(error, "wait", None) or 1), 1)
        headers["Retry-After"] = str(seconds)
        return problem(code, f"Try again in {seconds} seconds.", headers=headers)
    if code not in TYPES:
        code = next((c for c, t in TYPES.items() if t.status == error.status_code), "server-error")
    # What REST framework says by itself is about the program; what we say is about the request.
    told = str(error.detail)
    return problem(code, "" if told == str(error.default_detail) else told, headers=headers)
