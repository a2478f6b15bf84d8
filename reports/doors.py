"""The doors of finance's pages: who comes in, in which time, and where others are sent."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from employees.doors import EmployeeRequest
from employees.models import Employee, Role

P = ParamSpec("P")
Page = Callable[Concatenate[EmployeeRequest, P], HttpResponseBase]
Opened = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def page_for(*roles: Role) -> Callable[[Page[P]], Opened[P]]:
    """A page for people of these roles, shown in their own time; others are refused (403)."""

    def behind_the_door(view: Page[P]) -> Opened[P]:
        @wraps(view)
        def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            employee = request.user
            if not isinstance(employee, Employee):
                return redirect_to_login(request.get_full_path())
            if employee.role not in roles:
                raise PermissionDenied("This page is for finance.")
            with timezone.override(employee.zone):
                return view(cast("EmployeeRequest", request), *args, **kwargs)

        return cast("Opened[P]", opened)

    return behind_the_door
