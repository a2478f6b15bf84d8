"""Which report a request asks for: whose division's, and of which days, narrowed to what."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from employees.doors import EmployeeRequest
from employees.models import Division
from reports.measured.names import names_of
from reports.report_form import ReportForm


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A division's report; whether what is asked of it can be is said by the form."""

    division: Division
    form: ReportForm


def asked_report(request: EmployeeRequest) -> AskedReport | None:
    """The report that is asked for; None for a division that they don't see, or for none."""
    divisions = list(Division.objects.visible_to(request.user))
    division = chosen(divisions, request.GET.get("division", ""))
    return report_of(division, request.GET) if division else None


def chosen(divisions: list[Division], code: str) -> Division | None:
    """The one that is asked for; with one alone there is no choice."""
    if len(divisions) == 1 and not code:
        return divisions[0]
    return next((division for division in divisions if division.code == code), None)


def report_of(division: Division, told: QueryDict) -> AskedReport:
    """The division's report, of days as they are where it is read. Four queries."""
    form = ReportForm(told.dict(), today=today_in(division), names=names_of(division))
    return AskedReport(division, form)


def today_in(division: Division) -> date:
    """What is today where the division's reports are read."""
    return timezone.localdate(timezone=ZoneInfo(division.time_zone))


def address(told: QueryDict, **changed: str) -> str:
    """What the page was asked, with something changed; "" takes it out."""
    query: dict[str, Any] = {**told.dict(), **changed}
    return urlencode({name: value for name, value in query.items() if value})
