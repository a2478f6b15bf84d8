"""Budgets: those of the month at first sight, how much of each is used, and every entry of it."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from budgets import top_ups
from budgets.admin.chosen import MOST_CHOSEN, address_of, chosen_rows, is_manager, list_address
from budgets.admin.columns import BudgetColumns, moved_by_kind, title
from budgets.admin.figures import BudgetList
from budgets.admin.filters import MonthFilter, UseFilter
from budgets.admin.new_budgets import new_budgets_view
from budgets.admin.topping_up import TOP_UP, top_up_view
from budgets.models import Budget
from employees.admin.base import DivisionAdmin, LookOnly, actor
from employees.own_authority import is_own

_ENTRIES_PER_PAGE = 50


@admin.register(Budget)
class BudgetAdmin(LookOnly, BudgetColumns, DivisionAdmin):
    """The division's budgets: read, topped up, and never edited."""

    change_form_template = "admin/budgets/budget.html"
    change_list_template = "admin/budgets/budgets.html"
    show_full_result_count = False
    list_select_related = ("division", "employee__team")
    list_filter = (
        MonthFilter,
        UseFilter,
        ("employee__team", admin.RelatedOnlyFieldListFilter),
        ("employee__tier", admin.RelatedOnlyFieldListFilter),
        "kind",
    )
    search_fields = (
        "name", "employee__username", "employee__first_name", "employee__last_name",
    )  # fmt: skip
    ordering: ClassVar[Any] = (F("month").desc(nulls_last=True), "employee__username")
    actions = ("top_up",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what entitlements took: they keep no counter."""
        rows: Any = super().get_queryset(request)
        charged: QuerySet[Any] = rows.with_charged()
        return charged

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that counts besides."""
        return BudgetList

    def get_urls(self) -> list[URLPattern]:
        """Topping up, and applying new budgets, have pages of their own."""
        opened = self.admin_site.admin_view
        return [
            path("top-up/", opened(self.top_up_chosen), name="budgets_budget_top_up"),
            path("new-budgets/", opened(self.new_budgets), name="budgets_budget_new_budgets"),
            path(
                "<path:object_id>/top-up/",
                opened(self.top_up_one),
                name="budgets_budget_top_up_one",
            ),
            *super().get_urls(),
        ]

    def has_manager_permission(self, request: HttpRequest) -> bool:
        """For the division's managers only."""
        return is_manager(request)

    @admin.action(description="Top up…", permissions=["manager"])
    def top_up(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Go and say how much, and why."""
        numbers = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_CHOSEN + 1])
        if len(numbers) > MOST_CHOSEN:
            messages.error(request, f"At most {MOST_CHOSEN} budgets at once: choose fewer.")
            return None
        return HttpResponseRedirect(
            address_of(TOP_UP, numbers, self.get_preserved_filters(request))
        )

    def top_up_chosen(self, request: HttpRequest) -> HttpResponse:
        """Top up what was chosen in the list, and go back to it."""
        if not is_manager(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("division", "employee__team")
        back = list_address(Budget, self.get_preserved_filters(request))
        return top_up_view(self, request, chosen_rows(request, rows), back)

    def top_up_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Top up one budget from its own page, and go back there."""
        if not is_manager(request):
            raise PermissionDenied
        budget = self.get_object(request, unquote(object_id))
        if budget is None:
            raise Http404
        back = reverse("admin:budgets_budget_change", args=[budget.pk])
        return top_up_view(self, request, [budget], back)

    def new_budgets(self, request: HttpRequest) -> HttpResponse:
        """Apply what tiers give now to the months that are open."""
        return new_budgets_view(self, request)

    def title_of(self, obj: Any) -> str:
        """Whose, and which month."""
        return title(obj)

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """Money moves by itself, or is topped up."""
        words = (
            "Money is never edited. It moves when cases are put right and when it is topped up, "
            "and each entry stays."
        )
        own = obj.employee is not None and is_own(actor(request), obj.employee)
        return f"{words} This is your own month: a colleague can top it up." if own else words

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the sums, the entries a page at a time, and the way to top it up."""
        budget = cast("Any", kwargs["obj"])
        budget.by_kind = moved_by_kind(budget)
        entries = budget.entries.select_related("actor")
        context["page"] = Paginator(entries, _ENTRIES_PER_PAGE).get_page(request.GET.get("p"))
        context["currency"] = budget.division.currency
        refused = top_ups.why_not(budget, actor=actor(request), at=timezone.now())
        context["may_top_up"] = is_manager(request) and not refused
        return super().render_change_form(request, context, *args, **kwargs)
