"""Trials in the admin: try a change, watch it, and see the cases behind each number."""

from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from budgets.admin.chosen import is_manager
from employees.admin.base import DivisionAdmin, LookOnly, actor, called
from employees.models import AuthorityTier
from employees.row_numbers import is_row_number
from policies.models import Policy
from resolutions.admin.gap_filters import periods_of
from resolutions.admin.trial_form import A_DAY, LimitTrialForm, RuleTrialForm, TrialForm
from resolutions.admin.trial_ways import may_be_tried, way_to_try
from resolutions.models import Trial, TrialDifference
from resolutions.trying.words import days_words, headline, numbers_of, what_else

_A_PAGE = 50
_USUAL = "last-month"


@admin.register(Trial)
class TrialAdmin(LookOnly, DivisionAdmin):
    """The division's trials of the last weeks."""

    list_display = ("change", "days", "what_came_out", "who", "created_at")
    list_select_related = ("division", "asked_by__team")
    ordering = ("-created_at",)
    change_list_template = "admin/resolutions/trials.html"

    def get_urls(self) -> list[URLPattern]:
        """Trying, and the cases behind a number, have pages of their own."""
        opened = self.admin_site.admin_view
        behind = opened(self.behind)
        return [
            path("try/", opened(self.try_it), name="resolutions_trial_try"),
            path("<int:number>/behind/<slug:kind>/", behind, name="resolutions_trial_behind"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For the division's managers."""
        return is_manager(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """For the division's managers."""
        return is_manager(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One at a time: a draft that was tried can be deleted, and its trials go with it."""
        return obj is not None and is_manager(request)

    def try_it(self, request: HttpRequest) -> HttpResponse:
        """Ask which days and which figure, then try it."""
        if not is_manager(request):
            raise PermissionDenied
        about, form = _form(request)
        if request.method == "POST" and form.is_valid():
            trial = form.try_it()
            if trial is not None:
                where = reverse("admin:resolutions_trial_change", args=[trial.pk])
                return HttpResponseRedirect(where)
        chosen = request.GET.get("period", _USUAL)
        periods = [
            (p.label, f"?{_asked_for(request, p.key)}", p.key == chosen)
            for p in periods_of(request)[1:]
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Try it: {about}",
            "opts": self.opts,
            "about": about,
            "is_rule": isinstance(about, Policy),
            "form": form,
            "periods": periods,
        }
        return TemplateResponse(request, "admin/resolutions/try_it.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What came out; or how far it is."""
        trial = self._trial(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": trial.change,
            "opts": self.opts,
            "trial": trial,
            "headline": headline(trial),
            "days": days_words(trial),
            "numbers": numbers_of(trial),
            "again": _way_again(trial),
            "approval_cost": Decimal(trial.result.get("approval_cost", "0")),
            "return_cost": _cost_of_returns(trial),
            "short": Decimal(trial.result.get("months", {}).get("short", "0")),
        }
        # Asked for by the server, so that it needs no script.
        headers = None if trial.is_over else {"Refresh": "3"}
        return TemplateResponse(request, "admin/resolutions/trial.html", context, headers=headers)

    def behind(self, request: HttpRequest, number: int, kind: str) -> HttpResponse:
        """The cases behind one number."""
        trial = self._trial(request, str(number))
        if kind not in TrialDifference.Kind.values:
            raise Http404
        found = TrialDifference.objects.visible_to(actor(request)).filter(trial=trial, kind=kind)
        page = Paginator(found.with_what_happened(), _A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": TrialDifference.Kind(kind).label,
            "opts": self.opts,
            "trial": trial,
            "page": page,
            "each": [(one, what_else(one, trial.division.currency)) for one in page],
        }
        return TemplateResponse(request, "admin/resolutions/trial_behind.html", context)

    def _trial(self, request: HttpRequest, number: str) -> Trial:
        trials = self.get_queryset(request).select_related(
            "division", "policy", "tier", "asked_by__team"
        )
        trial = trials.filter(pk=number).first() if is_row_number(number) else None
        if trial is None or not is_manager(request):
            raise Http404
        return cast("Trial", trial)

    @admin.display(description="days")
    def days(self, trial: Trial) -> str:
        """From the first to the last."""
        return days_words(trial)

    @admin.display(description="what came out")
    def what_came_out(self, trial: Trial) -> str:
        """In a sentence."""
        return headline(trial)

    @admin.display(description="asked by", ordering="asked_by__first_name")
    def who(self, trial: Trial) -> str:
        """By name."""
        return called(trial.asked_by)


def _form(request: HttpRequest) -> tuple[Policy | AuthorityTier, TrialForm]:
    """What is to be tried, and the form for it."""
    me = actor(request)
    period = {p.key: p for p in periods_of(request)}
    chosen = period.get(request.GET.get("period", ""), period[_USUAL])
    until = (chosen.until or timezone.now()).astimezone(me.zone)
    initial: dict[str, Any] = {
        "first": chosen.since.astimezone(me.zone).date(),
        "last": until.date() - A_DAY if chosen.until else until.date(),
    }
    if figure := request.GET.get("figure"):
        initial["figure"] = figure
    told: dict[str, Any] = {"manager": me, "initial": initial}
    if tier := _row(AuthorityTier.objects.visible_to(me), request.GET.get("tier")):
        return tier, LimitTrialForm(request.POST or None, tier=tier, **told)
    rule = _row(Policy.objects.visible_to(me).readable(), request.GET.get("policy"))
    if rule is None or not may_be_tried(rule):
        raise Http404
    return rule, RuleTrialForm(request.POST or None, rule=rule, **told)


def _cost_of_returns(trial: Trial) -> Decimal:
    """What taking something back is reckoned at; 0 where no return is saved, or one more due."""
    returns = trial.result.get("returns", {})
    return Decimal(returns["cost"] if returns.get("count") else 0)


def _way_again(trial: Trial) -> str:
    """Where the same is tried once more; nothing for a rule that has changed since."""
    gone = trial.policy is not None and not may_be_tried(trial.policy)
    return "" if gone else way_to_try(trial.policy or trial.tier)


def _row(rows: QuerySet[Any], number: str | None) -> Any:
    rows = rows.select_related("division")
    return rows.filter(pk=number).first() if number and is_row_number(number) else None


def _asked_for(request: HttpRequest, period: str) -> str:
    asked = request.GET.copy()
    asked["period"] = period
    return asked.urlencode()
