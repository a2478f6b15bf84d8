"""Authority tiers: how far someone's word goes, set in one place, with the reason why."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from employees.admin.amounts import money_column
from employees.admin.base import actor
from employees.admin.forms import ReasonedForm
from employees.admin.history import HistoryAdmin
from employees.admin.spreadsheets import CsvAdmin
from employees.changes import TIER_LIMITS
from employees.models import AuthorityTier, Role
from employees.own_authority import OwnAuthority, is_own
from employees.resources.tiers import TierResource


class TierForm(ReasonedForm):
    """A tier: a change of how far it goes says why."""

    needs_reason = TIER_LIMITS

    class Meta:
        labels = {
            "rationale": "Why this far",
            "grace_percent": "Grace, in %",
            "over_budget_percent": "Over budget, in %",
        }
        help_texts = {
            "rationale": "The people in this tier read it.",
            "grace_percent": "Beyond the limit: with 20, a limit of 50 goes to 60. It is allowed "
            "at once and read afterwards.",
            "over_budget_percent": "Beyond the budget: with 10, a month of 400 goes to 440. It is "
            "allowed at once and read afterwards.",
        }


@admin.register(AuthorityTier)
class TierAdmin(CsvAdmin, HistoryAdmin):
    """The division's tiers. Nobody changes the tier that they have themselves."""

    form = TierForm
    resource_classes = [TierResource]
    list_display = (
        "name",
        money_column("limit_per_case", "limit per case"),
        money_column("monthly_budget", "monthly budget"),
        "grace",
        "over_budget",
        "people",
    )
    ordering = ("division", "limit_per_case")
    search_fields = ("name", "rationale")
    actions: Any = []  # higher apps append theirs
    fieldsets = (
        (None, {"fields": ["division", "name", "rationale"]}),
        (
            "In one case",
            {"fields": [("limit_per_case", "grace_percent")], "classes": ["limits"]},
        ),
        (
            "In one month",
            {"fields": [("monthly_budget", "over_budget_percent")], "classes": ["limits"]},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many people have each."""
        active = Count("holders", filter=Q(holders__is_active=True))
        rows = super().get_queryset(request).select_related("division")
        annotated: QuerySet[Any] = rows.annotate(people=active)
        return annotated

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not for one's own tier."""
        own = obj is not None and is_own(actor(request), obj)
        return not own and super().has_change_permission(request, obj)

    def has_manager_permission(self, request: HttpRequest) -> bool:
        """For the division's managers only: actions that higher apps add can ask for it."""
        return actor(request).role == Role.MANAGER

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """It is their own."""
        own = is_own(actor(request), obj)
        return f"This is your own tier. {OwnAuthority()}" if own else ""

    @admin.display(description="grace", ordering="grace_percent")
    def grace(self, tier: AuthorityTier) -> str:
        """How far beyond the limit."""
        return f"{tier.grace_percent} %"

    @admin.display(description="over budget", ordering="over_budget_percent")
    def over_budget(self, tier: AuthorityTier) -> str:
        """How far beyond the month."""
        return f"{tier.over_budget_percent} %"

    @admin.display(description="people", ordering="people")
    def people(self, tier: Any) -> int:
        """How many people have it."""
        return int(tier.people)
