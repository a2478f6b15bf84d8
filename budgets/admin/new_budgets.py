"""Applying new budgets now: from the list of tiers or a tier's page, after a look at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone

from budgets.admin.chosen import MOST_CHOSEN, address_of, chosen_rows, is_manager, list_address
from budgets.admin.movement import ReasonForm
from budgets.new_budgets import Raise, apply_new_budgets, would_raise
from employees.admin.base import actor
from employees.admin.tiers import TierAdmin
from employees.models import AuthorityTier
from employees.own_authority import is_own

APPLY = "admin:budgets_budget_new_budgets"
_SHOWN = 12  # kinds of raises of a tier


class ApplyForm(ReasonForm):
    """Why. Applied twice, it adds nothing: it needs no number."""

    reason_help = "Kept in the ledger with your name. Everyone whose month it is reads it."


@dataclass(frozen=True, slots=True)
class Outlook:
    """What applying a tier's new budgets would do."""

    tier: AuthorityTier
    raises: Sequence[tuple[Raise, int]]
    stay: int

    @property
    def months(self) -> int:
        """How many months would be raised."""
        return sum(months for _, months in self.raises)

    @property
    def shown(self) -> Sequence[tuple[Raise, int]]:
        """The most frequent raises first; the rest are counted."""
        return self.raises[:_SHOWN]

    @property
    def rest(self) -> int:
        """How many months are raised otherwise than those shown."""
        return sum(months for _, months in self.raises[_SHOWN:])


def new_budgets_view(budgets: Any, request: HttpRequest) -> HttpResponse:
    """Show what would be raised, ask why, then raise it; `budgets` is the admin of budgets."""
    if not is_manager(request):
        raise PermissionDenied
    me = actor(request)
    theirs = AuthorityTier.objects.visible_to(me).select_related("division")
    tiers = chosen_rows(request, theirs)
    filters = budgets.get_preserved_filters(request)
    back = list_address(AuthorityTier, filters)
    own = [tier for tier in tiers if is_own(me, tier)]
    form = ApplyForm(request.POST or None)
    if request.method == "POST" and not own and form.is_valid():
        reason, at = form.cleaned_data["reason"], timezone.now()
        raised = sum(apply_new_budgets(tier, actor=me, reason=reason, at=at) for tier in tiers)
        messages.success(request, _done(raised))
        return HttpResponseRedirect(back)
    others = [tier for tier in tiers if tier not in own]
    outlooks = [outlook(tier) for tier in others]
    context = {
        **budgets.admin_site.each_context(request),
        "title": "Apply new budgets now",
        "outlooks": outlooks,
        "months": sum(each.months for each in outlooks),
        "own": own,
        "without": address_of(APPLY, [tier.pk for tier in others], filters),
        "form": form,
        "back": back,
        "opts": AuthorityTier._meta,
    }
    return TemplateResponse(request, "admin/budgets/new_budgets.html", context)


def outlook(tier: AuthorityTier) -> Outlook:
    """What applying the tier's new budgets would do at this moment."""
    counted = would_raise(tier, at=timezone.now())
    raises = [(up, months) for up, months in counted.most_common() if up is not None]
    return Outlook(tier=tier, raises=raises, stay=counted[None])


@admin.action(description="Apply new budgets now…", permissions=["manager"])
def apply_now(tiers: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Go and look at what it would do; `tiers` is the admin of tiers."""
    numbers = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_CHOSEN + 1])
    if len(numbers) > MOST_CHOSEN:
        messages.error(request, f"At most {MOST_CHOSEN} tiers at once: choose fewer.")
        return None
    return HttpResponseRedirect(address_of(APPLY, numbers, tiers.get_preserved_filters(request)))


def months_of_tier(request: HttpRequest, tier: AuthorityTier) -> str:
    """How many open months are lower than what the tier gives now, and the way to raise them."""
    if not is_manager(request):
        return ""
    context = {
        "outlook": outlook(tier),
        "is_own": is_own(actor(request), tier),
        "where": address_of(APPLY, [tier.pk]),
    }
    return render_to_string("admin/budgets/months_of_tier.html", context, request)


def _done(raised: int) -> str:
    if not raised:
        return "All months have it already."
    return f"Raised {raised} {'month' if raised == 1 else 'months'}."


TierAdmin.actions.append(apply_now)
TierAdmin.panels.append(months_of_tier)
