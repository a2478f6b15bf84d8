"""Budgets: how much of each is used, and every entry of it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from budgets.models import Budget, BudgetKind, LedgerEntry
from employees.admin.amounts import NONE, money
from employees.admin.base import DivisionAdmin, LookOnly, called

_ENTRIES_PER_PAGE = 50


class UseFilter(admin.SimpleListFilter):
    """How much of it is used."""

    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What managers look for."""
        return [
            ("untouched", "Nothing used"),
            ("left", "Something left"),
            ("used-up", "Used up"),
            ("over", "Gone over"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only these; entitlements have no cap, and so no use."""
        capped = queryset.exclude(kind=BudgetKind.ENTITLEMENTS)
        match self.value():
            case "untouched":
                return capped.filter(spent=0)
            case "left":
                return capped.filter(spent__lt=F("allotted"))
            case "used-up":
                return capped.filter(spent__gte=F("allotted"))
            case "over":
                return capped.filter(spent__gt=F("allotted"))
        return queryset


@admin.register(Budget)
class BudgetAdmin(LookOnly, DivisionAdmin):
    """The division's budgets."""

    change_form_template = "admin/budgets/budget.html"
    list_display = (
        "whose",
        "month_words",
        "team",
        "allotted_words",
        "spent_words",
        "left_words",
        "used",
    )
    list_select_related = ("division", "employee__team")
    list_filter = (
        "kind",
        UseFilter,
        ("employee__team", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = (
        "name", "employee__username", "employee__first_name", "employee__last_name",
    )  # fmt: skip
    date_hierarchy = "month"
    ordering = ("-month", "employee__username")
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": [
                    "whose", "month_words", "team", "allotted_words", "spent_words",
                    "left_words", "used", "grace", "opened_at",
                ]
            },
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what moved in each: entitlements keep no counter, the ledger has their sum."""
        of_budget = LedgerEntry.objects.filter(budget=OuterRef("pk")).order_by().values("budget")
        moved = Subquery(of_budget.annotate(total=Sum("amount")).values("total"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(moved=moved)
        return rows

    def title_of(self, obj: Any) -> str:
        """Whose, and which month."""
        return f"{whose(obj)}, {obj.month:%B %Y}" if obj.month else whose(obj)

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """Money moves by itself."""
        return "Money is never edited. It moves when cases are put right, and each entry stays."

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the entries, a page at a time."""
        budget = cast("Budget", kwargs["obj"])
        entries = budget.entries.select_related("actor")
        context["page"] = Paginator(entries, _ENTRIES_PER_PAGE).get_page(request.GET.get("p"))
        context["currency"] = budget.division.currency
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="whose", ordering="employee__username")
    def whose(self, budget: Budget) -> str:
        """An employee's, an incident's, or the division's."""
        return whose(budget)

    @admin.display(description="month", ordering="month")
    def month_words(self, budget: Budget) -> str:
        """The month in words."""
        return f"{budget.month:%B %Y}" if budget.month else NONE

    @admin.display(description="team", ordering="employee__team")
    def team(self, budget: Budget) -> str:
        """The employee's team."""
        return str(budget.employee.team) if budget.employee and budget.employee.team else NONE

    @admin.display(description="allotted", ordering="allotted")
    def allotted_words(self, budget: Budget) -> str:
        """What was set aside; entitlements have no cap."""
        capped = budget.kind != BudgetKind.ENTITLEMENTS
        return money(budget.allotted, budget.division.currency) if capped else NONE

    @admin.display(description="spent", ordering="spent")
    def spent_words(self, budget: Any) -> str:
        """What was spent of it."""
        capped = budget.kind != BudgetKind.ENTITLEMENTS
        return money(
            budget.spent if capped else -(budget.moved or Decimal(0)), budget.division.currency
        )

    @admin.display(description="left")
    def left_words(self, budget: Budget) -> str:
        """What is left of it, without going over."""
        capped = budget.kind != BudgetKind.ENTITLEMENTS
        return money(budget.left, budget.division.currency) if capped else NONE

    @admin.display(description="used")
    def used(self, budget: Budget) -> str:
        """The share that is used, as a bar and in figures; beyond all of it is marked."""
        if budget.kind == BudgetKind.ENTITLEMENTS:
            return NONE
        percent = used_percent(budget)
        over = percent > 100 or budget.spent > budget.allotted  # noqa: PLR2004
        return format_html(
            '<meter class="used{}" max="100" value="{}">{} %</meter> '
            '<span class="num">{} %</span>{}',
            " over" if over else "",
            min(percent, 100),
            percent,
            percent,
            format_html(' <span class="mark grace">{}</span>', "over") if over else "",
        )


def whose(budget: Budget) -> str:
    """Whose money it is, in words."""
    if budget.employee:
        return called(budget.employee)
    return budget.name or f"{budget.division}, owed to customers"


def used_percent(budget: Budget) -> int:
    """The share of a month or a fund that is used, in whole percent; 0 of nothing is 0."""
    if not budget.allotted:
        return 100 if budget.spent else 0
    share = budget.spent / budget.allotted * Decimal(100)
    return int(share.to_integral_value(ROUND_HALF_UP))
