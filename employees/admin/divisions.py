"""Divisions: what asking for approval costs, and what stays as it was set up."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from employees.admin.amounts import money_column
from employees.admin.forms import ReasonedForm
from employees.admin.history import HistoryAdmin
from employees.models import Division


class DivisionsForm(ReasonedForm):
    """A division: what asking costs, in its own currency."""

    class Meta:
        labels = {
            "approval_minutes": "Minutes for one approval",
            "approval_hourly_cost": "An hour of them costs",
            "return_cost": "One return costs",
            "budget_account": "Account that pays for remedies",
            "survey_delay_hours": "Asked after, in hours",
            "survey_cap_days": "Not again for, in days",
        }
        help_texts = {
            "approval_minutes": "Of everyone together: who asks, who waits, who decides.",
            "approval_hourly_cost": "On average. Minutes at this cost are what asking costs.",
            "return_cost": "Postage and handling, for one item that is sent back.",
            "budget_account": "In the general ledger, such as 2190.",
            "time_zone": "Such as Europe/London. Reports come on the first working day there.",
            "survey_delay_hours": "Counted from when the case was put right. 24 is a day later.",
            "survey_cap_days": "However many cases they have meanwhile. 0 asks after each case.",
        }


@admin.register(Division)
class DivisionsAdmin(HistoryAdmin):
    """One's own division; all of them for administrators, who also make new ones."""

    form = DivisionsForm
    division_path = ""
    list_display = (
        "name",
        "currency",
        "approval_minutes",
        money_column("approval_cost", "one approval costs", ""),
        money_column("return_cost", "one return costs", ""),
        "budget_account",
    )
    search_fields = ("name", "code")
    fieldsets = (
        (None, {"fields": ["name", "code", "currency", "case_prefix"]}),
        (
            "What asking costs",
            {
                "fields": ["approval_minutes", "approval_hourly_cost", "return_cost"],
                "description": "What it costs the company when an employee has to ask instead of "
                "deciding. The advice on limits counts with it.",
            },
        ),
        (
            "How it went",
            {
                "fields": ["survey_delay_hours", "survey_cap_days"],
                "description": "After a case is put right its customer gets a short mail, and "
                "answers with one tap.",
            },
        ),
        ("In the books", {"fields": ["budget_account"]}),
        ("Reports", {"fields": ["time_zone"]}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Codes and the currency stay: other programs and every amount rely on them."""
        return ["code", "currency", "case_prefix"] if obj else []
