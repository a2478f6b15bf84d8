"""Looking afterwards: a lead at their team's decisions, a manager at the division's."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from employees.doors import EmployeeRequest, agents_page, page_for
from employees.models import Role
from policies.rulebook import rulebook_of
from resolutions.errors import InvalidCase, NotTheirsToReview, ReviewedAlready
from resolutions.forms.reviews import ReviewForm
from resolutions.models import Review
from resolutions.reviews import review_up_to
from resolutions.views.review_items import Sent, items_of
from resolutions.views.said import said_once

A_PAGE = 10
LATELY = 10
_LOOKED_THROUGH = 50  # reviews; one look at a decision is of several reasons at times
_LONGEST_NUMBER = 18  # digits

lookers_page = page_for(Role.TEAM_LEAD, Role.MANAGER)


@lookers_page
def afterwards(request: EmployeeRequest) -> HttpResponse:
    """What is to be looked at, and what was lately."""
    return _show(request)


@lookers_page
@require_POST
def look_at(request: EmployeeRequest, pk: int) -> HttpResponse:
    """Back a decision, with a note or without: what waited of it when the page was read."""
    latest = get_object_or_404(
        Review.objects.visible_to(request.user).select_related("case__division"), pk=pk
    )
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "")
    try:
        review_up_to(latest, outcome=outcome, note=note, acting_employee=request.user)
    except InvalidCase as refusal:
        form = ReviewForm(request.POST, review=pk)
        form.show(refusal)
        return _show(request, sent={pk: form}, status=HTTPStatus.BAD_REQUEST)
    except NotTheirsToReview as refusal:
        return _show(request, in_the_way=str(refusal), status=HTTPStatus.FORBIDDEN)
    except ReviewedAlready as refusal:
        return _show(request, in_the_way=str(refusal), status=HTTPStatus.CONFLICT)
    messages.success(request, f"{latest.case.number} is looked at.")
    return redirect(reverse("afterwards", query=request.GET))  # the page that they were on


@agents_page
@require_POST
def seen(request: EmployeeRequest) -> HttpResponse:
    """One has read on the desk what was said of one's decisions."""
    read = [n for n in request.POST.getlist("review") if n.isdecimal() and len(n) < _LONGEST_NUMBER]
    news = Review.objects.news_for(request.user).filter(pk__in=read)
    news.order_by().update(seen_at=timezone.now())
    return redirect("desk")


def _show(
    request: EmployeeRequest,
    *,
    sent: Sent | None = None,
    in_the_way: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    employee = request.user
    if employee.division is None:
        raise PermissionDenied
    theirs = Review.objects.reviewable_by(employee)
    page = Paginator(theirs.to_look_at().by_case(), A_PAGE).get_page(request.GET.get("page"))
    lately = theirs.looked_at().readable().order_by("-reviewed_at", "-pk")[:_LOOKED_THROUGH]
    rulebook = rulebook_of(employee.division)
    items = items_of(theirs.to_look_at(), page.object_list, rulebook, sent or {})
    for form in (sent or {}).values():
        if form not in [item.form for item in items]:  # it has moved on to another page meanwhile
            in_the_way = form.wrong
    context = {
        "page": page,
        "items": items,
        "currency": rulebook.currency,
        "lately": said_once(lately)[:LATELY],
        "in_the_way": in_the_way,
    }
    return render(request, "resolutions/afterwards.html", context, status=status)
