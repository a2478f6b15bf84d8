"""One cell of the grid: how far a tier may go with a remedy, asked with the why and the date.

What is asked is published, or kept as a draft that can be tried first.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from employees.admin.base import actor
from employees.models import AuthorityTier
from policies.admin.limit_form import LimitForm
from policies.admin.publishing import since_words
from policies.cell_change import Place, broader_rules, own_rules
from policies.errors import PolicyError
from policies.grid import grid_of
from policies.grid_words import CellWords, GridWords
from policies.look_once_more import LookOnceMore
from policies.models import Policy, ReasonCode, Remedy, Status
from policies.querysets import PolicyQuerySet
from policies.rulebook import rulebook_of
from policies.rules import Rulebook
from policies.set_limit import place_of, set_limit
from policies.versions import has_one_to_come
from policies.words import any_of, measured


def cell_view(admin: Any, request: HttpRequest, tier_id: int, remedy_id: int) -> HttpResponse:
    """Ask how far from when on, and why; then publish the rule behind it, or keep it as a draft."""
    if not (admin.has_add_permission(request) and admin.has_change_permission(request)):
        raise PermissionDenied
    tier, remedy, reasons = _rows(request, tier_id, remedy_id)
    rulebook, at = rulebook_of(tier.division), timezone.now()
    place = place_of(rulebook, tier, remedy, reasons)
    rules = Policy.objects.visible_to(actor(request)).readable()
    cell = _words(rulebook, place, tier, rules, at)
    moments = [at, *(change.at for change in cell.coming if change.at)]
    own = next(iter(own_rules(rulebook, place, at)), None)
    broader = broader_rules(rulebook, place, moments)
    form = LimitForm(
        request.POST or None,
        place=place,
        own=own,
        broader=broader,
        asked=request.GET.get("limit", ""),
    )
    once_more: LookOnceMore | None = None
    if request.method == "POST" and form.is_valid():
        as_draft = "_draft" in request.POST
        told = {**form.cleaned_data, "looked_at": request.POST.get("looked_at", "")}
        try:
            rule = set_limit(
                tier=tier,
                remedy=remedy,
                reasons=reasons,
                published_by=actor(request),
                as_draft=as_draft,
                **told,
            )
        except LookOnceMore as look:
            once_more = look
        except PolicyError as refusal:
            form.say(refusal)
        else:
            messages.success(request, _done(place, form.cleaned_data["limit"], rule))
            return HttpResponseRedirect(_where_next(rule))
    context = {
        **admin.admin_site.each_context(request),
        "title": _asked(place),
        "opts": admin.opts,
        "tier": tier,
        "remedy": remedy,
        "cell": cell,
        "in_the_way": list(rules.filter(pk__in=form.in_the_way).order_by("title")),
        "for_any_reason": not reasons,
        "form": form,
        "one_to_come": has_one_to_come([r.id for r in (own, *broader) if r and r.in_force(at)], at),
        "warned": once_more.warned if once_more else (),
        "looked_at": once_more.fingerprint if once_more else "",
        "now": at,
    }
    return TemplateResponse(request, "admin/policies/cell.html", context)


def _rows(
    request: HttpRequest, tier_id: int, remedy_id: int
) -> tuple[AuthorityTier, Remedy, list[ReasonCode]]:
    """The rows of the cell; what one may not see, or what is out of use, has none."""
    me, codes = actor(request), request.GET.getlist("after")
    tiers = AuthorityTier.objects.visible_to(me).select_related("division")
    tier = get_object_or_404(tiers, pk=tier_id)
    in_use = {"division": tier.division_id, "is_active": True}
    remedy = get_object_or_404(Remedy.objects.visible_to(me), pk=remedy_id, **in_use)
    # Looked up in the rulebook: what was typed into the address never reaches the database.
    rulebook = rulebook_of(tier.division)
    known = {reason.id for code in codes if (reason := rulebook.reason(code))}
    if len(known) != len(codes):
        raise Http404
    return tier, remedy, list(ReasonCode.objects.visible_to(me).filter(pk__in=known))


def _words(
    rulebook: Rulebook, place: Place, tier: AuthorityTier, rules: PolicyQuerySet, at: datetime
) -> CellWords:
    """What the cell says now, and why."""
    alone = replace(rulebook, remedies=(place.remedy,))
    reason = place.reasons[0].id if place.reasons else None
    grid = grid_of(alone, [place.tier], at=at, reason=reason)
    words = GridWords(grid, rules=rules.in_bulk(grid.rules), tiers=[tier], at=at)
    return words.remedies[0][0].cells[0]


def _asked(place: Place) -> str:
    """What the page asks."""
    return f"How far may each {place.tier.name} go with {_what(place)}?"


def _what(place: Place) -> str:
    """The remedy, and after which reasons: "Money off the bill after Late"."""
    reasons = any_of([reason.name for reason in place.reasons])
    return f"{place.remedy.name} after {reasons}" if reasons else place.remedy.name


def _where_next(rule: Policy) -> str:
    """What is published stands in the grid; a draft is tried and published on its page."""
    if rule.status == Status.DRAFT:
        return reverse("admin:policies_policy_change", args=[rule.pk])
    return reverse("admin:policies_policy_grid")


def _done(place: Place, limit: Decimal, rule: Policy) -> str:
    """What holds from when on."""
    if rule.status == Status.DRAFT:
        return "Saved as draft: nothing has changed yet. Try it on past cases, and publish it here."
    since = since_words(cast("datetime", rule.starts_at))
    what = f"{place.tier.name}, {_what(place)}"
    if not limit:
        return f"{what}: nothing, {since}."
    return f"{what}: up to {measured(place.remedy, limit)} {since}."
