"""Rules: the list, who may do what, and withdrawing. `publishing.py` has the form."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from employees.admin.base import DivisionAdmin
from policies.admin.cell import cell_view
from policies.admin.grid import grid_view
from policies.admin.matrix import MatrixAdmin
from policies.admin.policy_columns import PolicyColumns
from policies.admin.policy_form import ConditionInline, PolicyForm
from policies.admin.publishing import PublishingAdmin
from policies.admin.standing import StandingFilter
from policies.admin.withdrawing import withdraw_view
from policies.models import Policy, Status
from policies.versions import may_be_changed


@admin.register(Policy)
class PolicyAdmin(PolicyColumns, PublishingAdmin, MatrixAdmin, DivisionAdmin):
    """The division's rules."""

    form = PolicyForm
    inlines = (ConditionInline,)
    change_form_template = "admin/policies/policy_form.html"
    list_filter = (
        StandingFilter,
        "effect",
        *((scope, admin.RelatedOnlyFieldListFilter) for scope in ("remedies", "reason_codes")),
        ("tiers", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = (
        "title", "rationale", "customer_wording", "remedies__name", "reason_codes__name",
        "tiers__name",
    )  # fmt: skip
    ordering = ("title", "version")
    radio_fields = {"effect": admin.VERTICAL}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With all that its columns say."""
        rules = cast("Any", super().get_queryset(request))
        return cast("QuerySet[Any]", rules.readable().with_successor().with_readers())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of a version that others have followed."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or may_be_changed(obj, timezone.now()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts only, and one at a time."""
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.status == Status.DRAFT

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """It is past."""
        if not super().has_change_permission(request):
            return "Rules are written by the division's managers."
        return "This version is past; what was decided under it stays as it was."

    def get_urls(self) -> list[URLPattern]:
        """Withdrawing, the grid and its cells have pages of their own."""
        door = self.admin_site.admin_view
        return [
            path("grid/", door(self.grid), name="policies_policy_grid"),
            path("grid/<int:tier>/<int:remedy>/", door(self.cell), name="policies_policy_cell"),
            path(
                "<path:object_id>/withdraw/", door(self.withdraw), name="policies_policy_withdraw"
            ),
            *super().get_urls(),
        ]

    def grid(self, request: HttpRequest) -> HttpResponse:
        """How far each tier goes with each remedy, and why."""
        return grid_view(self, request)

    def cell(self, request: HttpRequest, tier: int, remedy: int) -> HttpResponse:
        """Set the limit of one cell of it."""
        return cell_view(self, request, tier, remedy)

    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End a rule, with a reason."""
        return withdraw_view(self, request, self.get_object(request, unquote(object_id)))
