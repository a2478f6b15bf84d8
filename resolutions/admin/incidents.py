"""Mass incidents: a manager opens one with a fund, and reads what it costs and what is left."""

from decimal import Decimal
from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from budgets.models import BudgetKind
from employees.admin.amounts import money
from employees.admin.base import actor
from employees.admin.history import HistoryAdmin
from resolutions.admin.incident_form import IncidentForm, OpeningForm
from resolutions.incidents import open_incident
from resolutions.models import Case, Incident, Resolution

_CASES_SHOWN = 20


class RunningFilter(admin.SimpleListFilter):
    """Whether new cases are still charged to it."""

    title = "running"
    parameter_name = "running"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Now, or not."""
        return [("yes", "Now"), ("no", "Ended, or yet to come")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only these."""
        now = timezone.now()
        ended_or_to_come = Q(ends_at__isnull=False, ends_at__lte=now) | Q(starts_at__gt=now)
        match self.value():
            case "yes":
                return queryset.exclude(ended_or_to_come)
            case "no":
                return queryset.filter(ended_or_to_come)
        return queryset


@admin.register(Incident)
class IncidentAdmin(HistoryAdmin):
    """The division's incidents."""

    form = IncidentForm
    show_full_result_count = False
    change_form_template = "admin/resolutions/incident.html"
    list_display = (
        "name",
        "reason_code",
        "starts_at",
        "ends_at",
        "cases",
        "fund_words",
        "spent",
        "left",
    )
    list_select_related = ("division", "reason_code", "fund")
    list_filter = (RunningFilter, ("reason_code", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "rationale")
    ordering = ("-starts_at",)
    fieldsets = (
        (None, {"fields": ["division", "name", "reason_code", "teams"]}),
        ("When", {"fields": [("starts_at", "ends_at")], "classes": ["limits"]}),
        ("Why, and what to say", {"fields": ["rationale", "customer_wording"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With how many cases each has."""
        of_incident = Case.objects.filter(incident=OuterRef("pk")).order_by().values("incident")
        counted = Subquery(of_incident.annotate(total=Count("pk")).values("total"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(case_count=counted)
        return rows

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one is given its fund."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        return [*fieldsets, ("Money", {"fields": ["fund_amount", "once"]})]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A new one is opened, an old one changed."""
        return super().get_form(
            request, obj, change, **({"form": OpeningForm} if obj is None else {}), **kwargs
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What went wrong stays: the cases of it are there."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None else [*fields, "reason_code"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Open it with its fund, or save what was changed."""
        if change:
            super().save_model(request, obj, form, change)
            return
        obj._history_user = actor(request)
        obj.request_id = form.cleaned_data["once"]
        opened = open_incident(
            obj,
            fund=form.cleaned_data["fund_amount"],
            teams=form.cleaned_data["teams"],
            acting_employee=actor(request),
            at=timezone.now(),
        )
        obj.pk = opened.pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The teams of a new one are there already, by the act that opened it."""
        if change:
            super().save_related(request, form, formsets, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what it cost, what is left, and its latest cases."""
        incident = cast("Incident | None", kwargs.get("obj"))
        if incident is not None:
            cases = incident.cases.select_related("division", "opened_by", "team")
            context |= {
                "incident": incident,
                "currency": incident.division.currency,
                "case_count": cases.count(),
                "of_months": _paid_by_months(incident),
                "cases": cases.annotate(given=_given())[:_CASES_SHOWN],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="cases", ordering="case_count")
    def cases(self, incident: Any) -> int:
        """How many cases it has."""
        return incident.case_count or 0

    @admin.display(description="fund", ordering="fund__allotted")
    def fund_words(self, incident: Incident) -> str:
        """What was set aside for it."""
        return money(incident.fund.allotted, incident.division.currency)

    @admin.display(description="spent", ordering="fund__spent")
    def spent(self, incident: Incident) -> str:
        """What its fund paid."""
        return money(incident.fund.spent, incident.division.currency)

    @admin.display(description="left")
    def left(self, incident: Incident) -> str:
        """What is left of its fund."""
        return money(incident.fund.left, incident.division.currency)


def _paid_by_months(incident: Incident) -> Decimal:
    """What people's own months paid for its cases, when the fund did not hold it."""
    of_months = Resolution.objects.standing().filter(
        case__incident=incident, entry__budget__kind=BudgetKind.MONTH
    )
    total: Decimal | None = of_months.aggregate(total=Sum("cost"))["total"]
    return total or Decimal(0)


def _given() -> Any:
    """What was given in each case, at cost."""
    given = Resolution.objects.standing()
    of_case = given.filter(case=OuterRef("pk")).order_by().values("case")
    return Subquery(of_case.annotate(total=Sum("cost")).values("total"))
