"""What each person may see of authority gaps and of the answers to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from employees.models import Employee, Role
from employees.visibility import visible_q
from policies.models import Policy

if TYPE_CHECKING:
    from resolutions.models import AuthorityGap, GapAnswer


class AuthorityGapQuerySet(models.QuerySet["AuthorityGap"]):
    """Authority gaps: what the rules refused, and what was said in words."""

    def visible_to(self, employee: Employee) -> Self:
        """One's own; the team's for a lead; the division's for managers."""
        own = Q(employee=employee.pk)
        team = Q(employee__team=employee.team_id) if employee.team_id else own
        return self.filter(
            visible_q(
                employee,
                agent=own,
                team_lead=own | team,
                division="division",
                finance=False,
                administrator=False,
            )
        )

    def refused(self) -> Self:
        """What the rules refused."""
        return self.filter(remedy__isnull=False)

    def in_words(self) -> Self:
        """What agents said that they could not do, where no rule was asked."""
        return self.filter(remedy__isnull=True)

    def answerable_by(self, employee: Employee) -> Self:
        """Those without an answer that a manager may answer: of the division, but not their own."""
        if employee.role != Role.MANAGER:
            return self.none()
        return self.visible_to(employee).filter(answer__isnull=True).exclude(employee=employee.pk)

    def news_for(self, employee: Employee) -> Self:
        """One's own that were answered since one last looked."""
        return self.filter(
            employee=employee.pk, answer__isnull=False, answer_seen_at__isnull=True
        ).latest_first()

    def latest_first(self) -> Self:
        """What happened last comes first, be it the gap or its answer.

        So what one answer is for stands together.
        """
        happened = Coalesce("answer__at", "at")
        return self.order_by(happened.desc(), "-answer", "-at", "-pk")

    def readable(self, at: datetime) -> Self:
        """Joined with all that a page of theirs reads.

        `rule_now` is the number of the version that holds at this moment of the rule that the
        answer is about: where it stands in the handbook.
        """
        versions = Policy.objects.filter(
            series=OuterRef("answer__policy__series"), status="published", starts_at__lte=at
        )
        return self.select_related(
            "employee", "remedy", "policy", "case__division", "answer__answered_by"
        ).annotate(rule_now=Subquery(versions.order_by("-version").values("pk")[:1]))


class GapAnswerQuerySet(models.QuerySet["GapAnswer"]):
    """Answers to authority gaps."""

    def visible_to(self, employee: Employee) -> Self:
        """Those to the gaps one sees."""
        from resolutions.models import AuthorityGap

        seen = AuthorityGap.objects.visible_to(employee).filter(answer__isnull=False)
        return self.filter(pk__in=seen.order_by().values("answer"))
