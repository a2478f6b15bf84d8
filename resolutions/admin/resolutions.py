"""Resolutions: what was given, by whom, and the decision it rested on, as it was."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from employees.admin.amounts import money_column
from employees.admin.base import DivisionAdmin, LookOnly, called
from resolutions.decision_words import decision_words
from resolutions.models import Resolution

_CURRENCY = "case.division"


@admin.register(Resolution)
class ResolutionAdmin(LookOnly, DivisionAdmin):
    """The division's resolutions."""

    division_path = _CURRENCY
    change_form_template = "admin/resolutions/decision.html"
    show_full_result_count = False
    list_display = (
        "at",
        "case",
        "remedy",
        "quantity",
        money_column("face_value", "worth", division=_CURRENCY),
        money_column("cost", division=_CURRENCY),
        "by",
        "verdict",
        "owed",
        "review_afterwards",
    )
    list_select_related = ("case__division", "remedy", "given_by")
    list_filter = (
        "verdict",
        "review_afterwards",
        "owed",
        ("remedy", admin.RelatedOnlyFieldListFilter),
        ("tier", admin.RelatedOnlyFieldListFilter),
        ("team", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = (
        "case__customer__reference", "case__order_reference", "given_by__username", "description",
    )  # fmt: skip
    date_hierarchy = "at"
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "case", "remedy", "quantity", "description", "face_value", "cost",
                    "against_limit", "verdict", "owed", "review_afterwards", "given_by", "team",
                    "tier", "at",
                ]
            },
        ),
    )  # fmt: skip

    def title_of(self, obj: Any) -> str:
        """What was given, and where."""
        return f"{obj.remedy}, {obj.case}"

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """It stays."""
        return "A resolution is never changed or deleted. A correction is a new one."

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the decision, in words."""
        resolution = cast("Resolution", kwargs["obj"])
        currency = resolution.case.division.currency
        context["decision"] = decision_words(resolution.decision, currency)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="given by", ordering="given_by")
    def by(self, resolution: Resolution) -> str:
        """Who gave it."""
        return called(resolution.given_by)
