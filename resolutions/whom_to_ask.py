"""Whom the mail goes to that asks how it went, and who is left in peace.

What must stay true: an address is asked once within the days that its division has set, however
many cases and customers it stands for, and however many senders there are; who wanted no more of
these mails gets none. Why somebody is not asked is kept.

Addresses are compared in small letters, as the database writes them.
"""

from datetime import datetime, timedelta

from django.db import connection as database
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from employees.models import Division
from resolutions.models import CaseState, FollowUp, NotAsked, SurveyOptOut

_ADDRESS = Lower("case__customer__email")
_THEIRS = Lower(OuterRef("case__customer__email"))  # of the mail that is looked at


def choose_alone() -> None:
    """No other sender chooses until this transaction ends.

    Two of them could each choose one of two mails to the same address: no row stands for an
    address, so the choosing itself is locked. SQLite has one writer at a time anyway.
    """
    if database.vendor == "sqlite":
        return
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('asking how it went', 0))")


def asked_lately(at: datetime) -> Q:
    """Whether they were sent one within the days that their division leaves between two."""
    # Whoever's address is another now was asked at the old one, and may be at the new one.
    theirs = FollowUp.objects.alias(went_to=Lower("address")).filter(
        case__division=OuterRef("case__division"),
        address__gt="",  # by its index
        went_to=_THEIRS,
    )
    capped = Division.objects.filter(survey_cap_days__gt=0).order_by()
    lately = Q(pk=None)
    for days in capped.values_list("survey_cap_days", flat=True).distinct():
        sent = theirs.filter(sent_at__gt=at - timedelta(days=days))
        lately |= Q(case__division__survey_cap_days=days) & Q(Exists(sent))
    return lately


def leave_in_peace(due: QuerySet[FollowUp], *, lately: Q) -> None:
    """Of the mails that are due, keep why some will not be sent; `lately` is `asked_lately`."""
    no_more = SurveyOptOut.objects.filter(division=OuterRef("case__division"), email=_THEIRS)
    ended_otherwise = Q(case__state__in=(CaseState.CLOSED, CaseState.HANDED_OVER))
    for why, when in (
        (NotAsked.NOT_PUT_RIGHT, ended_otherwise),
        (NotAsked.NO_ADDRESS, Q(case__customer=None) | Q(case__customer__email="")),
        (NotAsked.NO_MORE, Exists(no_more)),
        (NotAsked.ASKED_LATELY, lately),
    ):
        due.filter(when).update(not_asked=why, claimed_at=None)


def one_to_each(
    due: QuerySet[FollowUp], most: int, *, lately: Q, held_since: datetime
) -> list[int]:
    """The numbers of the next mails that are due, at most one to an address.

    An address that a sender has a mail for in its hands, claimed after `held_since`, waits for
    what becomes of that: it may fail. One statement asks for both, as of one moment: it may have
    gone out just after `leave_in_peace` looked.
    """
    in_hand = (
        FollowUp.objects.owed()
        .alias(goes_to=_ADDRESS)
        .filter(
            claimed_at__gt=held_since,
            case__customer__division=OuterRef("case__division"),
            goes_to=_THEIRS,
        )
    )
    next_due = due.filter(~Exists(in_hand), ~lately).annotate(goes_to=_ADDRESS)
    chosen: dict[tuple[int, str], int] = {}
    for pk, division, address in next_due.values_list("pk", "case__division", "goes_to")[:most]:
        chosen.setdefault((division, address), pk)
    return list(chosen.values())
