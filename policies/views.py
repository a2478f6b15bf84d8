"""The handbook page, and saying that one has read a hard rule."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from employees.doors import EmployeeRequest, agents_page
from policies.acknowledge import acknowledge
from policies.errors import NothingToConfirm
from policies.handbook import open_handbook
from policies.models import Policy
from policies.rulebook import rulebook_of
from policies.visits import look_in

if TYPE_CHECKING:
    from employees.models import Division


@agents_page
def handbook(request: EmployeeRequest) -> HttpResponse:
    """The rules for whoever reads it, and what they may give; `?q=` and `?reason=` narrow it."""
    return _page(request, _asked(request.GET))


@agents_page
def read_rule(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Confirm a hard rule, and go back to where it stands."""
    rules = Policy.objects.visible_to(request.user).for_work_of(request.user)
    rule = get_object_or_404(rules, pk=pk)
    asked = _asked(request.POST)
    if request.method == "POST":
        try:
            acknowledge(rule, acting_employee=request.user)
        except NothingToConfirm as refusal:
            return _page(request, asked, refused=str(refusal), status=HTTPStatus.CONFLICT)
    query = urlencode({name: value for name, value in asked.items() if value})
    return redirect(f"{reverse('handbook')}{'?' if query else ''}{query}#rule-{rule.pk}")


def _asked(told: QueryDict) -> dict[str, str]:
    """What the handbook is narrowed to."""
    return {name: told.get(name, "").replace("\x00", "")[:200] for name in ("q", "reason")}


def _page(
    request: EmployeeRequest,
    asked: dict[str, str],
    *,
    refused: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    employee, now = request.user, timezone.now()
    rulebook = rulebook_of(cast("Division", employee.division))  # the door has seen to it
    reason, since = rulebook.reason(asked["reason"]), look_in(employee, at=now)
    words = asked["q"]
    context: dict[str, Any] = {
        "book": open_handbook(employee, rulebook, at=now, since=since, words=words, reason=reason),
        "words": words,
        "reason": reason,
        "reasons": [each for each in rulebook.reasons if each.is_active],
        "since": since,
        "now": now,
        "refused": refused,
        "currency": rulebook.currency,
    }
    return render(request, "policies/handbook.html", context, status=status)
