"""Customers: by the reference that the division knows them by, with their cases."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.loader import render_to_string

from employees.admin.base import DivisionAdmin, actor
from resolutions.models import Case, Customer

_CASES = 20


@admin.register(Customer)
class CustomerAdmin(DivisionAdmin):
    """The division's customers. They come with their first case; their reference stays."""

    show_full_result_count = False
    list_display = ("reference", "name", "segment", "customer_since", "case_count")
    list_filter = ("segment",)
    search_fields = ("reference", "name", "email")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "reference",
                    ("name", "email"),
                    ("segment", "customer_since", "lifetime_value"),
                ]
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many cases each has."""
        rows = super().get_queryset(request).select_related("division")
        of_customer = Case.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
        count = Subquery(of_customer.annotate(count=Count("pk")).values("count"))
        annotated: QuerySet[Any] = rows.annotate(case_count=Coalesce(count, 0))
        return annotated

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The reference is how cases find them."""
        return [*super().get_readonly_fields(request, obj), "reference"]

    @admin.display(description="cases", ordering="case_count")
    def case_count(self, customer: Any) -> int:
        """How many cases."""
        return int(customer.case_count)


def cases_beside(request: HttpRequest, customer: Any) -> str:
    """Their last cases."""
    cases = cast("Any", Case.objects.visible_to(actor(request)).filter(customer=customer))
    rows = cases.select_related("division", "reason_code")[:_CASES]
    context = {"cases": rows, "customer": customer}
    return render_to_string("admin/resolutions/cases_beside.html", context, request)


CustomerAdmin.panels.append(cases_beside)
