"""Who comes in where: each person's front page, and the door of the agents' pages.

Every agent's page is a function behind `agents_page`, which has seen to it that someone is signed
in who has a word to give: a division, a team and a tier.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from employees.models import Employee, Role

P = ParamSpec("P")
ELSEWHERE = (Role.FINANCE, Role.ADMINISTRATOR)  # they put no cases right, whatever their tier


class EmployeeRequest(HttpRequest):
    """A request by someone who is signed in."""

    user: Employee
    htmx: HtmxDetails


def front_page(employee: Employee) -> str:
    """Where someone's day begins: the admin for who has a key, finance's pages, or the desk."""
    if employee.is_staff:
        return reverse("admin:index")
    finance = employee.role == Role.FINANCE
    return str(settings.FINANCE_URL if finance else settings.LOGIN_REDIRECT_URL)


def agents_page(
    view: Callable[Concatenate[EmployeeRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for people with authority, shown in the time of where they work.

    Others are asked to sign in, or told kindly where their own pages are.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        employee = request.user
        if not isinstance(employee, Employee):
            return _sign_in_first(request)
        if employee.role in ELSEWHERE or employee.division is None or employee.tier is None:
            return _other_door(request, employee)
        with timezone.override(employee.zone):
            return view(cast("EmployeeRequest", request), *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", opened)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page can't become the sign-in page; what was typed stays on the screen.
        return HttpResponse("Sign in again.", status=HTTPStatus.UNAUTHORIZED)
    return redirect_to_login(request.get_full_path())


def _other_door(request: HttpRequest, employee: Employee) -> HttpResponse:
    """Managers, administrators and finance have pages of their own; others need a tier."""
    desk, front = settings.LOGIN_REDIRECT_URL, front_page(employee)
    if request.path == desk and front != desk:
        return redirect(front)
    context = {"front": front if front != desk else "", "has_tier": employee.tier is not None}
    return render(request, "employees/other_door.html", context)
