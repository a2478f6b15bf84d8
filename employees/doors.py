"""Who comes in where: each person's front page, and the doors of the pages.

Every page is a function behind `agents_page` or `page_for`, which has seen to it that someone is
signed in who may open it, and shows it in the time of where they work.
"""

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from employees.models import Employee, Role

P = ParamSpec("P")
ELSEWHERE = (Role.FINANCE, Role.ADMINISTRATOR)  # they put no cases right, whatever their tier


class EmployeeRequest(HttpRequest):
    """A request by someone who is signed in."""

    user: Employee
    htmx: HtmxDetails


Page = Callable[Concatenate[EmployeeRequest, P], HttpResponseBase]
Opened = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def front_page(employee: Employee) -> str:
    """Where someone's day begins: the admin for who has a key, finance's pages, or the desk."""
    if employee.is_staff:
        return reverse("admin:index")
    finance = employee.role == Role.FINANCE
    return str(settings.FINANCE_URL if finance else settings.LOGIN_REDIRECT_URL)


def agents_page(view: Page[P]) -> Opened[P]:
    """A page for people with a word to give: a division, a team and a tier.

    Others are told kindly where their own pages are.
    """
    return _behind(_other_door, view)


def page_for(*roles: Role) -> Callable[[Page[P]], Opened[P]]:
    """A page for people of these roles; others are refused (403)."""

    def refuse_others(_request: HttpRequest, employee: Employee) -> None:
        if employee.role not in roles:
            raise PermissionDenied

    return partial(_behind, refuse_others)


def _behind(
    turned_away: Callable[[HttpRequest, Employee], HttpResponseBase | None], view: Page[P]
) -> Opened[P]:
    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        employee = request.user
        if not isinstance(employee, Employee):
            return _sign_in_first(request)
        if elsewhere := turned_away(request, employee):
            return elsewhere
        with timezone.override(employee.zone):
            return view(cast("EmployeeRequest", request), *args, **kwargs)

    return cast("Opened[P]", opened)


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page can't become the sign-in page; what was typed stays on the screen.
        return HttpResponse("Sign in again.", status=HTTPStatus.UNAUTHORIZED)
    return redirect_to_login(_page_of(request))


def _page_of(request: HttpRequest) -> str:
    """The page that was asked for, or that the form stood on: some forms are sent to no page."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, request.get_host()):
        return str(settings.LOGIN_REDIRECT_URL)
    page = urlsplit(came_from)
    return urlunsplit(("", "", page.path, page.query, ""))


def _other_door(request: HttpRequest, employee: Employee) -> HttpResponse | None:
    """Managers, administrators and finance have pages of their own; others need a tier."""
    has_a_word = employee.division is not None and employee.tier is not None
    if has_a_word and employee.role not in ELSEWHERE:
        return None
    desk, front = settings.LOGIN_REDIRECT_URL, front_page(employee)
    if request.path == desk and front != desk:
        return redirect(front)
    context = {"front": front if front != desk else "", "has_tier": employee.tier is not None}
    return render(request, "employees/other_door.html", context)
