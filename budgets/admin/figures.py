"""The month in a sentence above the list: how many people, how many near the end, how many over.

Numbers of people and not a ranking of them.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q
from django.http import HttpRequest

from budgets.admin.filters import MonthFilter, UseFilter, near_q
from budgets.models import BudgetKind
from budgets.querysets import over_q


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people have a month, and how many of them are near its end or beyond it."""

    people: int
    near: int
    over: int
    when: str  # as in "48 people this month"


class BudgetList(ChangeList):
    """The list, with figures of the month that is shown; of all months together there are none."""

    figures: Figures | None = None

    def get_results(self, request: HttpRequest) -> None:
        """Count besides: what is narrowed to, such as a team, counts; by use everyone does."""
        super().get_results(request)
        rows: Any = self.root_queryset
        when = ""
        for spec in self.filter_specs:
            if not isinstance(spec, UseFilter):
                rows = spec.queryset(request, rows)
            if isinstance(spec, MonthFilter):
                when = spec.words
        if when:
            month = Q(kind=BudgetKind.MONTH)
            counted = rows.order_by().aggregate(
                people=Count("pk", filter=month),
                near=Count("pk", filter=month & near_q()),
                over=Count("pk", filter=month & over_q()),
            )
            self.figures = Figures(**counted, when=when)

    @property
    def near_address(self) -> str:
        """The list, narrowed to who is near the end."""
        return self.get_query_string({UseFilter.parameter_name: "near"})

    @property
    def over_address(self) -> str:
        """The list, narrowed to who has gone over."""
        return self.get_query_string({UseFilter.parameter_name: "over"})
