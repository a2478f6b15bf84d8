"""What each person may see of the rules, and which rules hold when."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from employees.models import Division, Employee, Role
from employees.visibility import visible_q

if TYPE_CHECKING:
    from policies.models import Acknowledgement, Policy, ReasonCode, Remedy


class ReasonCodeQuerySet(models.QuerySet["ReasonCode"]):
    """Reason codes."""

    def visible_to(self, employee: Employee) -> Self:
        """Those of one's own division."""
        return self.filter(_settings_q(employee))


class RemedyQuerySet(models.QuerySet["Remedy"]):
    """Remedies."""

    def visible_to(self, employee: Employee) -> Self:
        """Those of one's own division."""
        return self.filter(_settings_q(employee))

    def avoiding_returns(self, division: Division) -> set[int]:
        """The keys of those that save the division a return each time they are given."""
        avoiding = self.filter(division=division, avoids_return=True)
        return set(avoiding.values_list("pk", flat=True))


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Versions of policies: what is in force, scheduled, past or a draft.

    A published version never changes; a later version of the same series takes over from the
    moment it starts.
    """

    def visible_to(self, employee: Employee) -> Self:
        """Published rules of one's own division; drafts only for those who may write them."""
        published = Q(status="published")
        return self.filter(
            visible_q(
                employee,
                agent=published,
                team_lead=published,
                division="division",
                finance=True,
                administrator=True,
            )
        ).filter(Q() if employee.role in ("manager", "administrator") else published)

    def drafts(self) -> Self:
        """Not published yet."""
        return self.filter(status="draft")

    def never_published(self) -> Self:
        """Drafts of rules of which there is no published version."""
        versions = self.model._default_manager.filter(series=OuterRef("series"))
        return self.drafts().filter(~Exists(versions.filter(status="published")))

    def in_force(self, at: datetime) -> Self:
        """The versions that decide at this moment."""
        return self._started(at).filter(
            ~self._superseded(at), Q(ends_at__isnull=True) | Q(ends_at__gt=at), withdrawn=False
        )

    def scheduled(self, at: datetime) -> Self:
        """Published, and to start after this moment, unless a later version comes before it."""
        return self.filter(status="published", starts_at__gt=at).filter(~self._replaced_unused())

    def current(self, at: datetime) -> Self:
        """Those in force and those scheduled, withdrawals to come among them."""
        return self.in_force(at) | self.scheduled(at)

    def past(self, at: datetime) -> Self:
        """No longer in force: ended, withdrawn, or a later version has taken over."""
        ended = Q(starts_at__lte=at) & (
            self._superseded(at) | Q(ends_at__lte=at) | Q(withdrawn=True)
        )
        return self.filter(status="published").filter(ended | Q(self._replaced_unused()))

    def for_work_of(self, employee: Employee) -> Self:
        """Those about the tier and team of someone with a tier; someone without one gets all."""
        if employee.tier_id is None:
            return self
        return self.filter(
            Q(tiers__isnull=True) | Q(tiers=employee.tier_id),
            Q(teams__isnull=True) | Q(teams=employee.team_id),
        )

    def readable(self) -> Self:
        """Joined with all that `policies/sentences.py` reads, in a fixed number of queries."""
        return self.select_related("division").prefetch_related(
            "reason_codes",
            "remedies",
            "tiers",
            "teams",
            "conditions",
            "division__reason_codes__asked_facts",
        )

    def with_successor(self) -> Self:
        """Each with `taken_over_at`: when the first later version of its series starts."""
        later = self.model._default_manager.filter(
            series=OuterRef("series"), status="published", version__gt=OuterRef("version")
        )
        return self.annotate(
            taken_over_at=Subquery(later.order_by("starts_at").values("starts_at")[:1])
        )

    def with_readers(self) -> Self:
        """Hard rules with `readers`, how many work by each, and `have_read`, who confirmed it.

        Who left, or works by other rules now, counts in neither. Both are None for other rules.
        """
        readers = self._readers(OuterRef(OuterRef("pk"))).filter(division=OuterRef("division"))
        return self.annotate(
            readers=_count(readers),
            have_read=_count(readers.filter(acknowledgements__policy=OuterRef("pk"))),
        )

    def readers_of(self, policy: "Policy") -> QuerySet[Employee]:
        """Everyone who works by this version now, by name."""
        people = self._readers(policy.pk).filter(division=policy.division_id)
        return people.order_by("first_name", "last_name", "username")

    def _readers(self, policy: Any) -> QuerySet[Employee]:
        """Those who put cases right and are in the policy's tiers and teams."""
        works_by_it = self.model._default_manager.filter(
            Q(tiers__isnull=True) | Q(tiers=OuterRef("tier")),
            Q(teams__isnull=True) | Q(teams=OuterRef("team")),
            pk=policy,
        )
        people = Employee.objects.filter(is_active=True, tier__isnull=False)
        return people.exclude(role__in=(Role.FINANCE, Role.ADMINISTRATOR)).filter(
            Exists(works_by_it)
        )

    def _started(self, at: datetime) -> Self:
        return self.filter(status="published", starts_at__lte=at)

    def _superseded(self, at: datetime) -> Exists:
        later = self.model._default_manager.filter(
            series=OuterRef("series"),
            status="published",
            version__gt=OuterRef("version"),
            starts_at__lte=at,
        )
        return Exists(later)

    def _replaced_unused(self) -> Exists:
        """A later version starts no later than this one: it never decided anything."""
        later = self.model._default_manager.filter(
            series=OuterRef("series"),
            status="published",
            version__gt=OuterRef("version"),
            starts_at__lte=OuterRef("starts_at"),
        )
        return Exists(later)


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    """Who has read which hard rule."""

    def visible_to(self, employee: Employee) -> Self:
        """One's own; one's team's for a lead; the division's for managers."""
        own = Q(employee=employee.pk)
        return self.filter(
            visible_q(
                employee,
                agent=own,
                team_lead=own | Q(employee__team=employee.team_id, employee__team__isnull=False),
                division="employee__division",
                finance=False,
                administrator=True,
            )
        )


def _count(people: QuerySet[Employee]) -> Case:
    """How many they are, in a subquery, for rules that forbid."""
    counted = people.order_by().values("division").annotate(n=Count("pk")).values("n")
    return Case(When(effect="forbid", then=Coalesce(Subquery(counted), 0)))


def _settings_q(employee: Employee) -> Q:
    return visible_q(
        employee, agent=Q(), team_lead=Q(), division="division", finance=True, administrator=True
    )
