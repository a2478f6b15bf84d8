"""Giving back what could not be carried out, by a manager: why, and where the money goes."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from budgets.admin.movement import MovementForm
from budgets.errors import GivenBackAlready
from budgets.models import BudgetKind
from employees.admin.base import actor, called
from employees.money import format_money
from resolutions.errors import InvalidCase, ResolutionsError
from resolutions.give_back import give_back, may_give_back
from resolutions.models import Resolution


class GivenBackFilter(admin.SimpleListFilter):
    """What could not be carried out, and what stands."""

    title = "given back"
    parameter_name = "given_back"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one and the other."""
        return [("yes", "Given back"), ("no", "It stands")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what was asked for."""
        rows: Any = queryset
        match self.value():
            case "yes":
                return rows.given_back()  # type: ignore[no-any-return]
            case "no":
                return rows.standing()  # type: ignore[no-any-return]
        return queryset


class GiveBackForm(MovementForm):
    """Why it could not be carried out."""

    reason_label = "Why could it not be carried out?"
    reason_help = "Kept with your name. Whoever gave it reads it in the case."

    def clean_reason(self) -> str:
        """As it was typed: the act says what is wrong with it, in words of its own."""
        reason: str = self.cleaned_data["reason"]
        return reason


def may_give_back_here(request: HttpRequest, resolution: Resolution) -> bool:
    """Whether whoever is at the door can give it back, and it was not done yet."""
    may = may_give_back(resolution, resolution.case, actor(request))
    return may and resolution.give_back is None


def give_back_view(page: Any, request: HttpRequest, resolution: Resolution | None) -> HttpResponse:
    """Ask why, then give it back; what was given back already is shown on its own page."""
    if resolution is None:
        raise Http404
    if not may_give_back(resolution, resolution.case, actor(request)):
        raise PermissionDenied
    back = reverse("admin:resolutions_resolution_change", args=[resolution.pk])
    amount = format_money(resolution.cost, resolution.case.division.currency)
    form = GiveBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            give_back(resolution, acting_employee=actor(request), **form.cleaned_data)
        except GivenBackAlready as already:
            messages.warning(request, str(already))
            return HttpResponseRedirect(back)
        except InvalidCase as refusal:
            form.add_error("reason", refusal.errors["reason"])
        except ResolutionsError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{amount} went back to {whose_money(resolution)}.")
            return HttpResponseRedirect(back)
    elif resolution.give_back is not None:
        messages.warning(request, str(GivenBackAlready()))
        return HttpResponseRedirect(back)
    context = {
        **page.admin_site.each_context(request),
        "title": f"Give back {amount}",
        "resolution": resolution,
        "where_to": whose_money(resolution),
        "form": form,
        "back": back,
        "opts": page.opts,
    }
    return TemplateResponse(request, "admin/resolutions/give_back.html", context)


def whose_money(resolution: Resolution) -> str:
    """Which budget paid for it: "Ann Lee’s October 2026", a fund, or the division."""
    budget = resolution.entry.budget
    if budget.kind == BudgetKind.MONTH:
        return f"{called(resolution.given_by)}’s {budget.month:%B %Y}"
    if budget.kind == BudgetKind.FUND:
        return f"the fund of “{budget.name}”"
    return f"what customers were owed in {budget.month:%B %Y}"
