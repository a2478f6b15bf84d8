"""Cases: one customer's problem each, with everything that was given in it."""

import re
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from employees.admin.amounts import NONE, money
from employees.admin.base import DivisionAdmin, LookOnly, called, person_column
from policies.models import AskedFact
from resolutions.admin.case_filters import (
    GivenFilter,
    HandedOverFilter,
    ScoreFilter,
)
from resolutions.models import Case, FollowUp, Resolution

_NUMBER = re.compile(r"^([A-Za-z0-9]{1,6})-([0-9]{1,15})$")


@admin.register(Case)
class CaseAdmin(LookOnly, DivisionAdmin):
    """The division's cases."""

    change_form_template = "admin/resolutions/case.html"
    show_full_result_count = False
    list_display = (
        "number",
        "opened_at",
        "reason_code",
        "state",
        "customer_words",
        "given",
        "channel",
        "by",
    )
    list_select_related = ("division", "reason_code", "customer", "opened_by")
    list_filter = (
        "state",
        HandedOverFilter,
        ("reason_code", admin.RelatedOnlyFieldListFilter),
        "channel",
        ("team", admin.RelatedOnlyFieldListFilter),
        ("tier", admin.RelatedOnlyFieldListFilter),
        GivenFilter,
        ScoreFilter,
        ("incident", admin.RelatedOnlyFieldListFilter),
        "second_failure",
    )
    search_fields = (
        "customer__reference", "customer__name", "order_reference", "external_reference",
    )  # fmt: skip
    search_help_text = "A case number such as F-2051, a customer or an order."
    date_hierarchy = "opened_at"
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": [
                    "number", "state", "reason_code", "incident", "channel", "customer",
                    "order_reference", "order_value", "order_date", "told", "second_failure",
                    "note", "team",
                    person_column("opened_by", "opened by", "Brought in"), "opened_at",
                    "ended_at", "external_reference",
                ]
            },
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what was given in each and stands, at cost."""
        given = Resolution.objects.standing()
        of_case = given.filter(case=OuterRef("pk")).order_by().values("case")
        total = Subquery(of_case.annotate(total=Sum("cost")).values("total"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(given=total)
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a case by its number too."""
        if number := _NUMBER.match(search_term.strip()):
            prefix, pk = number.groups()
            case = queryset.filter(division__case_prefix__iexact=prefix, pk=int(pk))
            if case.exists():  # an order may be called F-2051, too
                return case, False
        return super().get_search_results(request, queryset, search_term)

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """What was decided stays decided."""
        return "What was decided within authority stays decided; here you can read it."

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what was not told."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        name, options = fieldsets[0]
        told = [f for f in options["fields"] if callable(f) or self._told(obj, f)]
        return [(name, {**options, "fields": told})]

    def _told(self, case: Case, field: str) -> bool:
        value = case.facts if field == "told" else getattr(case, field)
        return value not in (None, "", {}, False)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what was given and said of it, how it ended, who came back, what could not be."""
        case = cast("Case", kwargs["obj"])
        context |= {
            "currency": case.division.currency,
            "resolutions": case.resolutions.with_give_back().select_related("remedy"),
            "follow_up": FollowUp.objects.filter(case=case).select_related("response").first(),
            "contacts": case.contacts.select_related("employee"),
            "conclusions": case.conclusions.select_related("employee"),
            "gaps": case.gaps.select_related("remedy", "employee", "policy"),
            "reviews": case.reviews.select_related("employee", "reviewed_by"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="number", ordering="pk")
    def number(self, case: Case) -> str:
        """What people call it."""
        return case.number

    @admin.display(description="customer and order", ordering="customer__reference")
    def customer_words(self, case: Case) -> str:
        """The customer by their reference, with the order below."""
        reference = case.customer.reference if case.customer else NONE
        if not case.order_reference:
            return reference
        return format_html(
            '{} <span class="below quiet">{}</span>', reference, case.order_reference
        )

    @admin.display(description="opened by", ordering="opened_by")
    def by(self, case: Case) -> str:
        """Who took it in."""
        return called(case.opened_by, "Brought in")

    @admin.display(description="given, at cost", ordering="given")
    def given(self, case: Any) -> str:
        """All remedies of the case together."""
        return NONE if case.given is None else money(case.given, case.division.currency)

    @admin.display(description="told")
    def told(self, case: Case) -> str:
        """What the reason code asked, and the answers."""
        labels = {f.key: f.label for f in AskedFact.objects.filter(reason_code=case.reason_code_id)}
        return "; ".join(f"{labels.get(k, k)}: {v}" for k, v in case.facts.items())
