"""What one could not do: one's own gaps with what was answered to them; a lead's team's too."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from employees.doors import EmployeeRequest, agents_page
from employees.models import Employee, Role
from resolutions.models import AuthorityGap, GapAnswer

A_PAGE = 25
_NEWS = 50  # gaps looked at for the desk; one answer is for many of them
_CARDS = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """An answer with the gaps it is for; or gaps that have none yet, each by itself."""

    answer: GapAnswer | None
    gaps: list[AuthorityGap] = field(default_factory=list)

    @property
    def rule_now(self) -> int | None:
        """The version of the rule that holds now, by its number in the handbook."""
        now: int | None = getattr(self.gaps[0], "rule_now", None)
        return now

    @property
    def first(self) -> AuthorityGap:
        """The latest of them."""
        return self.gaps[0]

    @property
    def more(self) -> int:
        """How many there are besides."""
        return len(self.gaps) - 1


def answers_for(employee: Employee, *, at: datetime) -> list[Alike]:
    """What was answered to someone since they last looked, the latest first; one query."""
    news = AuthorityGap.objects.news_for(employee).readable(at)
    return _told(news.select_related("division")[:_NEWS])[:_CARDS]


@agents_page
def my_gaps(request: EmployeeRequest) -> HttpResponse:
    """One's own, the latest first; reading them marks their answers as read."""
    employee, now = request.user, timezone.now()
    leads = employee.role == Role.TEAM_LEAD
    of_team = leads and request.GET.get("of") == "team"
    seen = AuthorityGap.objects.visible_to(employee)
    rows = seen if of_team else seen.filter(employee=employee)
    rows = rows.latest_first().readable(now).select_related("division")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    told = _told(page.object_list)
    if not of_team:
        _mark_as_seen(employee, told, at=now)
    context = {"page": page, "told": told, "leads": leads, "of_team": of_team}
    return render(request, "resolutions/my_gaps.html", context)


def _told(gaps: Iterable[AuthorityGap]) -> list[Alike]:
    """Put together what one answer is for: those stand next to each other."""
    told: list[Alike] = []
    for answer, alike in groupby(gaps, key=lambda gap: gap.answer):
        rows = list(alike)
        told += [Alike(answer, rows)] if answer else [Alike(None, [gap]) for gap in rows]
    return told


def _mark_as_seen(employee: Employee, told: Iterable[Alike], *, at: datetime) -> None:
    """Who has read an answer has read it for all that it is for, on whatever page those are."""
    news = {
        gap.answer_id
        for each in told
        if each.answer
        for gap in each.gaps
        if gap.answer_seen_at is None
    }
    if news:
        AuthorityGap.objects.filter(
            employee=employee, answer__in=news, answer_seen_at__isnull=True
        ).update(answer_seen_at=at)
