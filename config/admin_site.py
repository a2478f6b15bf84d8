"""The admin site: Django's own, with our name, our sign-in page and our order of things."""

from functools import wraps
from typing import Any, NamedTuple, cast

from django.contrib import admin
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from config.lately import lately_changed
from employees.models import Employee, Role

# What managers look for most comes first, each with a line on what it is.
_ABOUT = {
    "policies.policy": "Rules: what is granted, restricted or forbidden, and why",
    "policies.remedy": "What can be given, and what it costs",
    "policies.reasoncode": "What went wrong, and what is asked then",
    "employees.employee": "Who works here, and how far their word goes",
    "employees.authoritytier": "Limits and budgets, set in one place",
    "employees.team": "Who works together, in which time zone",
    "employees.division": "Currency, and what asking for approval costs",
    "resolutions.incident": "What hit many at once, with a fund of its own",
    "resolutions.case": "Every problem, and how it was put right",
    "resolutions.resolution": "What was given, and the decision behind it",
    "resolutions.authoritygap": "What someone wanted to do and could not",
    "resolutions.trial": "A change tried on past cases before it is made",
    "resolutions.customer": "By the reference you know them by",
    "budgets.budget": "This month: what is used, and who is near the end",
    "budgets.ledgerentry": "Every movement of money",
    "reports.baseline": "How it was before Leeway, for reports to compare with",
    "reports.reportpreference": "Who gets the monthly report by mail",
    "reports.reportdelivery": "Which report was sent to whom, and what keeps it",
}
_ORDER = list(_ABOUT)


class _Page(NamedTuple):
    """A page beside a model's list: its name, where it is, a line on what it is, and for whom."""

    name: str
    view: str
    about: str
    roles: tuple[Role, ...] = (Role.MANAGER, Role.ADMINISTRATOR)


_BESIDE = {
    "policies.policy": [
        _Page("The grid", "admin:policies_policy_grid", "How far each tier goes with each remedy"),
    ],
    "resolutions.resolution": [
        _Page(
            "Looked at afterwards",
            "afterwards",
            "What went a little further, low scores, and a few at random",
            roles=(Role.MANAGER,),
        ),
    ],
    "resolutions.case": [
        _Page("Reports", "reports", "What it cost and what it brought", roles=(Role.MANAGER,)),
    ],
    "resolutions.authoritygap": [
        _Page(
            "Limit advisor",
            "admin:resolutions_authoritygap_advice",
            "Which limits cost more than they save",
        ),
    ],
    "employees.employee": [
        _Page(
            "Tokens for machines",
            "machine-tokens",
            "What programs pull exports with, and until when",
            roles=(Role.ADMINISTRATOR,),
        ),
    ],
}


class LeewaySite(admin.AdminSite):
    """The manager's door."""

    site_title = "Leeway"
    site_header = "Leeway"
    index_title = "Your division"
    empty_value_display = "—"
    site_url = "/"
    password_change_template = "admin/password_change.html"  # noqa: S105
    password_change_done_template = "admin/password_changed.html"  # noqa: S105

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Show and read times in the zone of the person at the door."""
        door = super().admin_view(view, cacheable)

        @wraps(door)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            self._refuse_strangers(request)
            zone = request.user.zone if isinstance(request.user, Employee) else None
            with timezone.override(zone):
                response = door(request, *args, **kwargs)
                # Rendered here, because a template's times are written in the zone of its moment.
                return response.render() if hasattr(response, "render") else response

        return opened

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send whoever is not signed in to the one sign-in page."""
        self._refuse_strangers(request)
        here = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return redirect_to_login(here)

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Sign out, and go back to the sign-in page."""
        return LogoutView.as_view()(request)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """All there is, and what was changed lately."""
        lately = lately_changed(cast("Employee", request.user))
        return super().index(request, {"lately": lately, **(extra_context or {})})

    def _refuse_strangers(self, request: HttpRequest) -> None:
        """Who is signed in and has no key would otherwise go round in circles."""
        leaving = request.path == reverse("admin:logout", current_app=self.name)
        if request.user.is_authenticated and not self.has_permission(request) and not leaving:
            raise PermissionDenied("Only managers and administrators come in here.")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Group the models in the order in which managers look for them."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for model in app["models"]:
                model["about"] = _ABOUT.get(_name(model), "")
                model["beside"] = [
                    (page.name, reverse(page.view, current_app=self.name), page.about)
                    for page in _BESIDE.get(_name(model), ())
                    if cast("Employee", request.user).role in page.roles
                ]
            app["models"].sort(key=_place)
        return sorted(apps, key=lambda app: _place(app["models"][0]))


def _name(model: dict[str, Any]) -> str:
    return str(model["model"]._meta.label_lower)


def _place(model: dict[str, Any]) -> int:
    name = _name(model)
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
