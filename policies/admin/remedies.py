"""Remedies: the kinds of things that can be given, and what they cost the company."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from employees.admin.forms import ReasonedForm
from employees.admin.history import HistoryAdmin
from employees.admin.spreadsheets import CsvAdmin
from policies.admin.in_use import InUseAdmin
from policies.costing import COSTING
from policies.models import Remedy
from policies.resources import RemedyResource
from policies.sentences import costing_words
from policies.still_needed import refuse_to_stop_counting


class RemedyForm(ReasonedForm):
    """A remedy: a change of what it costs says why."""

    needs_reason = COSTING

    class Meta:
        labels = {
            "rationale": "Why we give it",
            "customer_wording": "Words to say to the customer",
            "cost_share_percent": "Share, in %",
            "cost_per_unit": "One costs us",
            "face_value_per_unit": "One is worth",
            "max_quantity": "At most in a case",
            "unit": "One of them is called",
            "unit_plural": "Several are called",
            "position": "Place on the case form",
            "avoids_return": "It saves us a return",
            "gl_account": "Account in the books",
        }
        help_texts = {
            "name": "As one would say what was done: Free pizza, Bill credit.",
            "rationale": "One line. The agent reads it under the name.",
            "customer_wording": "As it is said: I'm sorry about that. This one is on us.",
            "needs_description": "The agent writes down what was given.",
            "position": "The lowest comes first.",
            "cost_share_percent": "Of what is given: with 30, a voucher of 10.00 costs us 3.00.",
            "max_quantity": "How many of them, such as 2.",
            "unit": "Such as day, GB or pizza.",
            "unit_plural": "Such as days, GB or pizzas.",
        }

    def clean(self) -> dict[str, Any] | None:
        """Refuse to give by amount what rules count."""
        cleaned = super().clean()
        costing = self.cleaned_data.get("costing")
        if self.instance.pk and costing and "costing" in self.changed_data:
            refuse_to_stop_counting(self.instance, costing, at=timezone.now())
        return cleaned


@admin.register(Remedy)
class RemedyAdmin(InUseAdmin, CsvAdmin, HistoryAdmin):
    """The division's remedies, in the order of the case form."""

    form = RemedyForm
    resource_classes = [RemedyResource]
    list_display = ("name", "code", "costs", "rationale", "gl_account", "position", "is_active")
    list_filter = ("is_active", "costing")
    search_fields = ("name", "code", "rationale", "customer_wording", "gl_account")
    radio_fields = {"costing": admin.VERTICAL}
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "division", "name", "code", "rationale", "customer_wording",
                    "needs_description", "position", "is_active",
                ]
            },
        ),
        (
            "What it costs the company",
            {
                "fields": [
                    "costing",
                    "cost_share_percent",
                    ("cost_per_unit", "face_value_per_unit", "max_quantity"),
                    ("unit", "unit_plural"),
                    "avoids_return",
                    "gl_account",
                ],
                "classes": ["costing"],
            },
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the division, for its currency."""
        return super().get_queryset(request).select_related("division")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A code stays: other programs use it."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "code"] if obj else fields

    @admin.display(description="costs us")
    def costs(self, remedy: Remedy) -> str:
        """How it is costed, in words."""
        return costing_words(remedy)
