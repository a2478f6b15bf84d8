"""Finance's months: which are closed, what the next one would hold, and closing it."""

from datetime import date, datetime
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from budgets.days import read_month
from employees.doors import EmployeeRequest, page_for
from employees.models import Division, Role
from reports.closing.close import close_month
from reports.closing.order import Standing, standing_of, standings_of
from reports.closing.preview import over_at, preview_if_next
from reports.errors import JournalChanged, ReportsError
from reports.journal import document_of, journal_file
from reports.models import PeriodClose
from reports.views.sums import told

A_YEAR = 12


@page_for(Role.FINANCE)
@require_safe
def months(request: EmployeeRequest) -> HttpResponse:
    """Each division that one sees: the month to close next, and those that are closed."""
    divisions = list(Division.objects.visible_to(request.user))
    standings = standings_of(divisions, at=timezone.now())
    closes: dict[int, list[PeriodClose]] = {}
    seen = PeriodClose.objects.visible_to(request.user).select_related("closed_by")
    for close in seen.order_by("-month"):
        closes.setdefault(close.division_id, []).append(close)
    parts = [
        {
            "division": division,
            "standing": standings[division.pk],
            "over_at": _there(standings[division.pk]),
            "lately": closes.get(division.pk, [])[:A_YEAR],
            "earlier": closes.get(division.pk, [])[A_YEAR:],
        }
        for division in divisions
    ]
    return render(request, "reports/months.html", {"parts": parts})


@page_for(Role.FINANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def month_to_close(request: EmployeeRequest, division: str) -> HttpResponse:
    """What the next close of a division would hold; and closing it. Raises Http404."""
    now = timezone.now()
    there = get_object_or_404(Division.objects.visible_to(request.user), code=division)
    try:
        if request.method == "POST":
            month = _month(request.POST.get("month", ""))
            close = close_month(there, month=month, acting_employee=request.user, at=now)
            return redirect("month-close", close.pk)
        return _look(request, there, now)
    except ReportsError as error:
        context = {"division": there, "refused": error}
        status = HTTPStatus.CONFLICT if request.method == "POST" else HTTPStatus.OK
        return render(request, "reports/month_not_closed.html", context, status=status)


@page_for(Role.FINANCE)
@require_safe
def month_close(request: EmployeeRequest, close_id: int) -> HttpResponse:
    """A closed month with its lines, its checksum and the way to its journal. Raises Http404."""
    return _close_page(request, _found(request, close_id))


@page_for(Role.FINANCE)
@require_safe
def month_journal(request: EmployeeRequest, close_id: int) -> HttpResponse:
    """The journal as a file; where it is not what was closed, a page that says so."""
    close = _found(request, close_id)
    try:
        return journal_file(close)
    except JournalChanged as error:
        return _close_page(request, close, trouble=error)


def _look(request: EmployeeRequest, division: Division, now: datetime) -> HttpResponse:
    """Show the next month, or another one to begin with. Raises ReportsError."""
    standing = standing_of(division, at=now)
    asked = request.GET.get("month")
    month = _month(asked) if asked else standing.next or standing.running
    held = preview_if_next(division, month=month, at=now)
    context = {
        "division": division,
        "held": held,
        "told": told(held.lines, division),
        "others": [other for other in standing.could_begin_with if other != month],
        "is_first": standing.last is None,
    }
    return render(request, "reports/month_to_close.html", context)


def _close_page(
    request: EmployeeRequest, close: PeriodClose, *, trouble: JournalChanged | None = None
) -> HttpResponse:
    context = {
        "close": close,
        "document": document_of(close),
        "told": told(list(close.lines.all()), close.division),
        "trouble": trouble,
    }
    status = HTTPStatus.INTERNAL_SERVER_ERROR if trouble else HTTPStatus.OK
    return render(request, "reports/close.html", context, status=status)


def _found(request: EmployeeRequest, close_id: int) -> PeriodClose:
    seen = PeriodClose.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("division", "closed_by"), pk=close_id)


def _month(text: str) -> date:
    """Read a month of an address or a form. Raises Http404: we write them ourselves."""
    try:
        return read_month(text)
    except ValueError:
        raise Http404 from None


def _there(standing: Standing) -> str:
    """The day from which the next month can be closed, in the words of the place."""
    moment = over_at(standing)
    return f"{moment:%-d %B}" if moment else ""
