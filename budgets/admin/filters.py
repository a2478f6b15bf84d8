"""The list of budgets by month and by use: this month at first sight, and who is near its end.

On the first of a month it is the new one already in some time zones and the old one still in
others: "this month" is then, for each person, the month that it is where they work.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import GreaterThanOrEqual
from django.http import HttpRequest
from django.utils import timezone

from budgets.days import month_before
from budgets.models import BudgetKind
from budgets.months import month_in
from budgets.querysets import over_q
from employees.admin.base import actor
from employees.models import Team

NEAR_PERCENT = 80  # of a budget used, from which on it is near its end
_EARLIER = 10  # months to choose from, besides this and the last one


class MonthFilter(admin.SimpleListFilter):
    """This month, unless another one is asked for. Funds have no month, and stand with this one."""

    title = "month"
    parameter_name = "month"
    template = "admin/budgets/month_filter.html"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.zones = Team.objects.visible_to(actor(request)).zones()
        self.at = timezone.now()
        super().__init__(request, *args)

    @property
    def words(self) -> str:
        """The month that is shown, as in "48 people this month"; empty where all are."""
        match self.value():
            case None:
                return "this month"
            case "last":
                return "last month"
            case asked:
                month = _month(asked)
                return f"in {month:%B %Y}" if month else ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """This one, the last one, all, and the ones before."""
        month = month_before(month_in(ZoneInfo("UTC"), self.at))
        earlier = [month := month_before(month) for _ in range(_EARLIER)]
        asked = _month(self.used_parameters.get(self.parameter_name))
        if asked and asked not in earlier:
            earlier.append(asked)
        return [
            ("", "This month"),
            ("last", "Last month"),
            ("all", "All months"),
            *((f"{month:%Y-%m}", f"{month:%B %Y}") for month in earlier),
        ]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Without a neutral first choice: one of them always holds."""
        asked = self.value() or ""
        for value, label in self.lookup_choices:
            yield {
                "selected": value == asked,
                "earlier": _month(value) is not None,
                "query_string": changelist.get_query_string({self.parameter_name: value or None}),
                "display": label,
            }

    def value(self) -> str | None:
        """What is asked for; what is no month asks for this one."""
        asked = self.used_parameters.get(self.parameter_name)
        return asked if asked in ("last", "all") or _month(asked) else None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only these."""
        match self.value():
            case None:
                return queryset.filter(_this_month(self.zones, self.at) | Q(month__isnull=True))
            case "last":
                return queryset.filter(_last_month(self.zones, self.at))
            case "all":
                return queryset
            case asked:
                return queryset.filter(month=_month(asked))


class UseFilter(admin.SimpleListFilter):
    """How much of it is used."""

    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What managers look for."""
        return [
            ("near", "Near the end"),
            ("over", "Gone over"),
            ("used-up", "Used up"),
            ("left", "Something left"),
            ("untouched", "Nothing used"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only these; entitlements have no cap, and so no use."""
        capped = queryset.exclude(kind=BudgetKind.ENTITLEMENTS)
        match self.value():
            case "near":
                return capped.filter(near_q())
            case "over":
                return capped.filter(over_q())
            case "used-up":
                return capped.filter(spent__gt=0, spent__gte=F("allotted"))
            case "left":
                return capped.filter(spent__lt=F("allotted"))
            case "untouched":
                return capped.filter(spent=0)
        return queryset


def near_q() -> Q:
    """Near the end, or at it, and not beyond."""
    share = GreaterThanOrEqual(F("spent") * Value(100), F("allotted") * Value(NEAR_PERCENT))
    return Q(share) & Q(spent__gt=0, spent__lte=F("allotted"))


def _this_month(zones: Collection[str], at: datetime) -> Q:
    return _month_q({zone: month_in(ZoneInfo(zone), at) for zone in {*zones, "UTC"}})


def _last_month(zones: Collection[str], at: datetime) -> Q:
    return _month_q({zone: month_before(month_in(ZoneInfo(zone), at)) for zone in {*zones, "UTC"}})


def _month_q(there: dict[str, date]) -> Q:
    """The month of each zone; there are never more than two at a time.

    What belongs to no team, such as what customers are owed, is shown for both.
    """
    earlier, later = min(there.values()), max(there.values())
    if earlier == later:
        return Q(month=later)
    ahead = Q(employee__team__time_zone__in=[z for z, month in there.items() if month == later])
    nowhere = Q(employee__team__isnull=True)
    return Q(month=later) & (ahead | nowhere) | Q(month=earlier) & (nowhere | ~ahead)


def _month(asked: str | None) -> date | None:
    """The month of an address: "2026-11"; None for anything else."""
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return None
