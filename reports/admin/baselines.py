"""How it was before Leeway: entered once by a division's manager, for reports to compare with."""

from django.contrib import admin

from employees.admin.amounts import money_column
from employees.admin.forms import ReasonedForm
from employees.admin.history import HistoryAdmin
from reports.models import Baseline


class BaselineForm(ReasonedForm):
    """A baseline: whoever changes it says why, as every report compares with it."""

    needs_reason = frozenset({"period", "months", *Baseline.FIGURES})

    class Meta:
        labels = {
            "period": "Which months",
            "months": "How many they are",
            "cost_a_month": "Cost a month",
            "cases_a_month": "Cases a month",
            "cost_per_case": "Cost per case",
            "satisfaction": "Satisfaction, from 1 to 5",
            "first_contact_percent": "Solved at first contact, in %",
            "handed_over_percent": "Handed over, in %",
            "minutes_to_resolution": "Minutes until it was put right",
        }
        help_texts = {
            "period": "Such as: January to June 2025.",
            "months": "All figures are averages of so many months.",
            "cost_a_month": "What refunds, credits and the like cost the company.",
            "satisfaction": "The average that customers gave, such as 3.9.",
            "first_contact_percent": "Of all cases, such as 62.5.",
            "handed_over_percent": "Cases that went to somebody else first, such as 30.",
            "minutes_to_resolution": "From being told to being put right, on average.",
        }

    def _get_validation_exclusions(self) -> set[str]:
        """That there is one a division the baseline says itself: the field may not be there."""
        return super()._get_validation_exclusions() | {"division"}


@admin.register(Baseline)
class BaselineAdmin(HistoryAdmin):
    """One a division."""

    form = BaselineForm
    list_display = (
        "period",
        "months",
        money_column("cost_a_month", "cost a month"),
        "satisfaction",
    )
    fieldsets = (
        (None, {"fields": ["division", ("period", "months")]}),
        (
            "What it cost",
            {
                "fields": ["cost_a_month", "cases_a_month", "cost_per_case"],
                "description": "What is not known stays empty: it is not compared with.",
            },
        ),
        (
            "What it brought",
            {
                "fields": [
                    "satisfaction",
                    "first_contact_percent",
                    "handed_over_percent",
                    "minutes_to_resolution",
                ]
            },
        ),
    )
