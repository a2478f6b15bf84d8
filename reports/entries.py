"""What an entry of the ledger belongs to: its resolution, whose cost it is, and in which time zone.

A spend is of the resolution that it paid for; what was lent towards it is one step away, and what
was given back of either one or two. Only these few are looked up: joining each of the three ways
would have the database read three times as much.
"""

from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from budgets.models import EntryKind, LedgerEntry
from resolutions.models import Resolution

_ABOUT_ANOTHER = (EntryKind.GIVE_BACK, EntryKind.LENT)


def with_what_they_belong_to(entries: QuerySet[LedgerEntry]) -> QuerySet[Any]:
    """The entries with `of_team`, `of_centre` and `in_zone`.

    The team and its cost centre are those of who gave the remedy, or of who lent. A month ends in
    the zone of the team that gave it. Where there is no resolution (brought in, or odd), whose
    budget it is says the team, unless they work in another division by now, whose cost it is not.
    """
    concerned = LedgerEntry.objects.filter(pk=OuterRef("concerns")).order_by()
    found: QuerySet[Any] = entries.annotate(
        taken_back=Subquery(concerned.values("kind")[:1]),
        of_team=of_team("name"),
        of_centre=of_team("cost_centre"),
        in_zone=_of_giver("time_zone"),
    )
    return found


def of_resolution(path: str, kind: Any = models.TextField) -> Case:
    """Something of the resolution that an entry belongs to; nothing for other entries."""
    about = Q(entry=OuterRef("concerns")) | Q(entry=OuterRef("concerns__concerns"))
    found = Resolution.objects.filter(about).order_by()
    looked_up = When(kind__in=_ABOUT_ANOTHER, then=Subquery(found.values(path)[:1]))
    return Case(looked_up, default=F(f"resolution__{path}"), output_field=kind())


def of_owner(path: str, of: str = "", kind: Any = models.TextField) -> Case:
    """Something of whose month it is, as it is now; nothing once they work in another division.

    That one's teams are not for whoever reads this one's money. `of` is the path to the budget,
    with underscores at the end.
    """
    still_here = {f"{of}employee__division": F(f"{of}division")}
    return Case(When(**still_here, then=F(f"{of}employee__{path}")), output_field=kind())


def of_team(path: str, kind: Any = models.TextField) -> Case:
    """Something of the team whose cost it is: who gave it, or who lent; else whose month it is.

    For entries `with_what_they_belong_to`.
    """
    lent = Q(kind=EntryKind.LENT) | Q(kind=EntryKind.GIVE_BACK, taken_back=EntryKind.LENT)
    of_lender = When(lent, then=of_owner(f"team__{path}", "budget__", kind))
    return Case(of_lender, default=_of_giver(path, kind), output_field=kind())


def _of_giver(path: str, kind: Any = models.TextField) -> Coalesce:
    """Something of the team that gave it; else of whose month it is."""
    of_it = of_resolution(f"team__{path}", kind)
    return Coalesce(of_it, of_owner(f"team__{path}", "budget__", kind), output_field=kind())
