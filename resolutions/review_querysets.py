"""What each person may see of what is looked at afterwards, and what of it is whose to look at."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Max, Q, When

from employees.models import Employee, Role
from employees.visibility import visible_q

if TYPE_CHECKING:
    from resolutions.models import Review


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews: what is looked at afterwards, and what was said of it."""

    def visible_to(self, employee: Employee) -> Self:
        """Those of one's own decisions; the team's for a lead; the division's for managers."""
        own = Q(employee=employee.pk)
        team = Q(team=employee.team_id) if employee.team_id else own
        return self.filter(
            visible_q(
                employee,
                agent=own,
                team_lead=own | team,
                division="case__division",
                finance=False,
                administrator=False,
            )
        )

    def to_look_at(self) -> Self:
        """Those that nobody has looked at yet."""
        return self.filter(outcome="")

    def looked_at(self) -> Self:
        """Those of which something was said."""
        return self.exclude(outcome="")

    def reviewable_by(self, employee: Employee) -> Self:
        """Those that are someone's to look at: see `may_review` in `reviews.py`."""
        others = self.visible_to(employee).exclude(employee=employee.pk)
        match employee.role:
            case Role.TEAM_LEAD:
                return others.filter(team=employee.team_id)  # said once more, for the index
            case Role.MANAGER:
                return others
        return self.none()

    def news_for(self, employee: Employee) -> Self:
        """What was said of one's own decisions since one last looked, the latest first."""
        own = self.looked_at().filter(employee=employee.pk, seen_at__isnull=True)
        return own.order_by("-reviewed_at", "-pk")

    def readable(self) -> Self:
        """Joined with all that a page of theirs reads."""
        return self.select_related(
            "case__division", "case__follow_up__response", "employee", "reviewed_by"
        )

    def by_case(self) -> "models.QuerySet[Any, Any]":
        """Each case and whoever decided in it once, by their numbers.

        Second failures come first, then low scores, then the latest.
        """
        low = Max(Case(When(why="low-score", then=1), default=0))
        once = self.order_by().values("case", "employee", second=F("case__second_failure"))
        return once.annotate(low=low, latest=Max("at")).order_by(
            "-second", "-low", "-latest", "-case", "employee"
        )
