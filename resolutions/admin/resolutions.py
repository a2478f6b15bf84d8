"""Resolutions: what was given, by whom, and the decision it rested on, as it was."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join

from employees.admin.amounts import money_column
from employees.admin.base import DivisionAdmin, LookOnly, called, person_column, when
from resolutions.admin.afterwards import AfterwardsFilter
from resolutions.admin.giving_back import (
    GivenBackFilter,
    give_back_view,
    may_give_back_here,
    whose_money,
)
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
        when,
        "case",
        "remedy",
        "quantity",
        money_column("face_value", "worth", division=_CURRENCY),
        money_column("cost", division=_CURRENCY),
        "by",
        "decided",
    )
    list_filter = (
        "verdict",
        GivenBackFilter,
        AfterwardsFilter,
        "owed",
        ("remedy", admin.RelatedOnlyFieldListFilter),
        ("tier", admin.RelatedOnlyFieldListFilter),
        ("team", admin.RelatedOnlyFieldListFilter),
        ("case__reason_code", admin.RelatedOnlyFieldListFilter),
        "case__channel",
    )
    search_fields = (
        "case__customer__reference", "case__order_reference", "given_by__username", "description",
    )  # fmt: skip
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": [
                    "case", "remedy", "quantity", "description",
                    money_column("face_value", "worth", _CURRENCY),
                    money_column("cost", "", _CURRENCY),
                    money_column("against_limit", "of the limit for the case", _CURRENCY),
                    "decided", person_column("given_by", "given by"), "team", "tier", when,
                ]
            },
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whether each was given back."""
        rows: Any = super().get_queryset(request)
        joined: QuerySet[Any] = rows.with_give_back()
        return joined.select_related("case__division", "remedy", "entry__budget")

    def get_urls(self) -> list[URLPattern]:
        """Giving back has a page of its own."""
        view = self.admin_site.admin_view(self.give_back)
        return [
            path("<path:object_id>/give-back/", view, name="resolutions_resolution_give_back"),
            *super().get_urls(),
        ]

    def give_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give back what could not be carried out, with a reason."""
        return give_back_view(self, request, self.get_object(request, unquote(object_id)))

    def title_of(self, obj: Any) -> str:
        """What was given, and where."""
        return f"{obj.remedy}, {obj.case}"

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """It stays."""
        return (
            "A resolution is never changed or deleted. What could not be carried out is given back."
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the decision, in words, and the way to give it back or that it was."""
        resolution = cast("Resolution", kwargs["obj"])
        context["given_back"] = resolution.give_back
        context["where_to"] = whose_money(resolution)
        context["may_give_back"] = may_give_back_here(request, resolution)
        currency = resolution.case.division.currency
        context["decision"] = decision_words(resolution.decision, currency)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without a quantity where an amount was given, and without words that nobody wrote."""
        fieldsets = super().get_fieldsets(request, obj)
        empty = {f for f in ("quantity", "description") if obj and not getattr(obj, f)}
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f not in empty]})
            for name, options in fieldsets
        ]

    @admin.display(description="decision", ordering="verdict")
    def decided(self, resolution: Resolution) -> str:
        """How far it went, whether it was owed, whether someone reads it, and if it stands."""
        kind = "go" if resolution.verdict == Resolution.Verdict.WITHIN else "grace"
        marks = [(kind, resolution.get_verdict_display())]
        if resolution.owed:
            marks.append(("plain", "Owed to the customer"))
        if resolution.review_afterwards:
            marks.append(("plain", "Read afterwards"))
        if resolution.give_back is not None:
            marks.append(("plain", "Given back"))
        return format_html(
            '<span class="marks">{}</span>',
            format_html_join(" ", '<span class="mark {}">{}</span>', marks),
        )

    @admin.display(description="given by", ordering="given_by")
    def by(self, resolution: Resolution) -> str:
        """Who gave it."""
        return called(resolution.given_by)
