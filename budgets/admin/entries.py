"""The ledger: every movement of money, in the order in which it was written."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from budgets.admin.columns import whose
from budgets.models import LedgerEntry
from employees.admin.amounts import money_column
from employees.admin.base import DivisionAdmin, LookOnly, called, person_column, when


@admin.register(LedgerEntry)
class LedgerEntryAdmin(LookOnly, DivisionAdmin):
    """The division's entries."""

    division_path = "budget.division"
    show_full_result_count = False
    list_display = (
        when,
        "whose",
        "kind",
        money_column("amount", division="budget.division"),
        money_column("balance_after", "left then", division="budget.division"),
        "by",
        "note",
    )
    list_select_related = ("budget__division", "budget__employee", "actor")
    list_filter = (
        "kind",
        ("budget__employee__team", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("note", "budget__employee__username", "budget__name", "request_id")
    date_hierarchy = "at"
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": [
                    when, "budget_words", "kind", "amount",
                    money_column("balance_after", "left then", "budget.division"),
                    person_column("actor", "by", "By itself"), "note",
                ]
            },
        ),
    )  # fmt: skip

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """It stays."""
        return "An entry is never changed or deleted. A correction is a new entry."

    def title_of(self, obj: Any) -> str:
        """What moved, and whose money."""
        return f"{obj.get_kind_display()}, {whose(obj.budget)}"

    @admin.display(description="budget")
    def whose(self, entry: LedgerEntry) -> str:
        """Whose money moved, and of which month."""
        month = f", {entry.budget.month:%B %Y}" if entry.budget.month else ""
        return f"{whose(entry.budget)}{month}"

    @admin.display(description="budget")
    def budget_words(self, entry: LedgerEntry) -> str:
        """The same, with the way to the budget."""
        where = reverse("admin:budgets_budget_change", args=[entry.budget_id])
        return format_html('<a href="{}">{}</a>', where, self.whose(entry))

    @admin.display(description="by")
    def by(self, entry: LedgerEntry) -> str:
        """Who moved it."""
        return called(entry.actor, "By itself")
