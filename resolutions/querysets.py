"""What each person may see of customers, cases and what was given in them."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from budgets.models import EntryKind, LedgerEntry
from employees.models import Employee
from employees.visibility import visible_q

if TYPE_CHECKING:
    from resolutions.models import (
        Case,
        Conclusion,
        Contact,
        Customer,
        Incident,
        Resolution,
        Review,
        SurveyResponse,
    )


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Customers."""

    def visible_to(self, employee: Employee) -> Self:
        """The division's; agents and leads find one by its reference and never list them.

        Finance knows customers by reference only, on the money it sees; administrators none.
        """
        return self.filter(
            visible_q(
                employee,
                agent=Q(),
                team_lead=Q(),
                division="division",
                finance=False,
                administrator=False,
            )
        )

    def known_by(self, reference: str, employee: Employee) -> Self:
        """Who is known by this reference in the employee's division: one, or nobody."""
        return self.filter(division=employee.division_id, reference=reference.strip())


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Mass incidents."""

    def visible_to(self, employee: Employee) -> Self:
        """The division's: who takes its cases in reads what happened."""
        return self.filter(
            visible_q(
                employee,
                agent=Q(),
                team_lead=Q(),
                division="division",
                finance=False,
                administrator=False,
            )
        )

    def hitting(self, *, division: int | None, team: int | None, at: datetime) -> Self:
        """Those that hit whom this team serves at this moment, the newest first."""
        teams = self.model.teams.through.objects.filter(incident=OuterRef("pk"))
        return (
            self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)
            .filter(division=division)
            .filter(~Exists(teams) | Exists(teams.filter(team=team)))
            .order_by("-starts_at", "-pk")
        )

    def paying_for(self, employee: Employee) -> Self:
        """Those whose fund someone put no money into themselves: see the trigger in `guards.py`."""
        topped_up = LedgerEntry.objects.filter(
            budget=OuterRef("fund"), kind=EntryKind.TOP_UP, actor=employee.pk
        )
        return self.filter(~Q(opened_by=employee.pk), ~Exists(topped_up))


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases."""

    def visible_to(self, employee: Employee) -> Self:
        """One's own; the team's for a lead; the division's for managers and finance."""
        return self.filter(_case_q(employee))

    def touched_by(self, employee: Employee) -> Self:
        """Those that someone opened, gave something in or took up again."""
        return self.filter(_touched_by(employee))

    def of_customer(self, customer: "Customer") -> Self:
        """A customer's, whoever in their division opened them: for who has them before them."""
        return self.filter(customer=customer)

    def usual_channel(self, employee: Employee) -> str:
        """Where the employee, or else their team, was told of a problem last; else at the door."""
        own = self.filter(opened_by=employee.pk)
        team = self.filter(division=employee.division_id, team=employee.team_id)
        for cases in (own, team):
            channel = cases.order_by("-opened_at").values_list("channel", flat=True).first()
            if channel is not None:
                return channel
        return "doorstep"

    def with_given(self) -> Self:
        """Joined with what was given in them and stands, in two queries however many there are."""
        from resolutions.models import Resolution

        given = Resolution.objects.standing()
        return self.select_related("division").prefetch_related(
            models.Prefetch("resolutions", given)
        )

    def with_story(self, reader: Employee) -> Self:
        """Joined with everything that happened in them and the reader may see: seven queries."""
        from resolutions.models import AuthorityGap, Conclusion, Contact, Resolution, Review

        said = (
            Review.objects.visible_to(reader).looked_at().select_related("employee", "reviewed_by")
        )
        given = Resolution.objects.with_give_back()
        return self.select_related(
            "division",
            "customer",
            "reason_code",
            "incident",
            "opened_by",
            "follow_up__response",
        ).prefetch_related(
            models.Prefetch("resolutions", given),
            models.Prefetch("contacts", Contact.objects.select_related("employee")),
            models.Prefetch("conclusions", Conclusion.objects.select_related("employee")),
            models.Prefetch(
                "gaps",
                AuthorityGap.objects.visible_to(reader).select_related("employee", "remedy"),
            ),
            models.Prefetch("reviews", said),
        )

    def with_receipt(self) -> Self:
        """Joined with all that `receipt.case_json` reads, in three queries however many."""
        from resolutions.models import Resolution

        given = Resolution.objects.with_give_back()
        return self.select_related(
            "division", "customer", "reason_code", "incident"
        ).prefetch_related(models.Prefetch("resolutions", given))


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts."""

    def visible_to(self, employee: Employee) -> Self:
        """Those of the cases one sees."""
        from resolutions.models import Case

        return self.filter(case__in=Case.objects.visible_to(employee))


class SurveyResponseQuerySet(models.QuerySet["SurveyResponse"]):
    """What customers answered."""

    def visible_to(self, employee: Employee) -> Self:
        """Those about the cases one sees."""
        from resolutions.models import Case

        return self.filter(follow_up__case__in=Case.objects.visible_to(employee))


class ConclusionQuerySet(models.QuerySet["Conclusion"]):
    """Conclusions."""

    def visible_to(self, employee: Employee) -> Self:
        """Those of the cases one sees."""
        from resolutions.models import Case

        return self.filter(case__in=Case.objects.visible_to(employee))


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Resolutions. One that could not be carried out stays, and its money was given back."""

    def standing(self) -> Self:
        """Those that count: what was given back is on no limit and in no sum."""
        return self.filter(~_given_back())

    def given_back(self) -> Self:
        """Those that could not be carried out."""
        return self.filter(_given_back())

    def to_look_at(self) -> Self:
        """Those whose giver has something in the case that is still to be looked at."""
        from resolutions.models import Review

        return self.filter(Exists(_about_giver(Review.objects.to_look_at())))

    def looked_at(self) -> Self:
        """Those whose giver has something in the case that was looked at."""
        from resolutions.models import Review

        return self.filter(Exists(_about_giver(Review.objects.looked_at())))

    def with_give_back(self) -> Self:
        """Joined with who gave it, and with its `give_back`; one query more."""
        about = LedgerEntry.objects.select_related("actor")
        return self.select_related("given_by", "entry__budget").prefetch_related(
            models.Prefetch("entry__concerned_by", about)
        )

    def cases_put_right_by(self, employee: Employee, *, since: datetime) -> int:
        """In how many cases someone gave something since a moment, and it stands."""
        given = self.standing().filter(given_by=employee.pk, at__gte=since)
        return given.order_by().values("case").distinct().count()

    def visible_to(self, employee: Employee) -> Self:
        """Those of the cases one sees."""
        from resolutions.models import Case

        return self.filter(case__in=Case.objects.visible_to(employee))


def _about_giver(reviews: models.QuerySet["Review"]) -> models.QuerySet["Review"]:
    """The reviews of the case and whoever gave in it, for each resolution."""
    return reviews.filter(case=OuterRef("case"), employee=OuterRef("given_by"))


def _given_back() -> Exists:
    """Whether the ledger returned a resolution's money."""
    return Exists(LedgerEntry.objects.filter(concerns=OuterRef("entry"), kind=EntryKind.GIVE_BACK))


def _touched_by(employee: Employee) -> Q:
    """Cases that someone opened, gave something in or took up again."""
    from resolutions.models import Case, Contact, Resolution

    # A union of three indexed searches; an OR of them would read the division's whole history.
    opened = Case.objects.filter(opened_by=employee.pk).order_by().values("pk")
    return Q(
        pk__in=opened.union(
            Resolution.objects.filter(given_by=employee.pk).order_by().values("case"),
            Contact.objects.filter(employee=employee.pk).order_by().values("case"),
        )
    )


def _case_q(employee: Employee) -> Q:
    """A case is someone's when they opened it, gave something in it or took it up again."""
    own = _touched_by(employee)
    team = Q(team=employee.team_id) if employee.team_id else own
    return visible_q(
        employee,
        agent=own,
        team_lead=own | team,
        division="division",
        finance=True,
        administrator=False,
    )
