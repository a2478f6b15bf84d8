"""No more of these mails, and the way back.

What must stay true: who asked for no more mails gets none from that division, whatever letters
their address is written in, until they say otherwise themselves.
"""

from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone

from resolutions.models import FollowUp, SurveyOptOut


def ask_no_more(follow_up: FollowUp, *, at: datetime | None = None) -> None:
    """Send no more such mails to the address that this one was for; asked twice, it is one."""
    if wants_no_more(follow_up):
        return
    # The database writes the small letters: it compares addresses by them.
    opt_out = SurveyOptOut(
        division=follow_up.case.division,
        email=Lower(Value(_address(follow_up))),
        at=at or timezone.now(),
    )
    SurveyOptOut.objects.bulk_create([opt_out], ignore_conflicts=True)


def ask_again(follow_up: FollowUp) -> None:
    """They may be asked again."""
    _opt_outs(follow_up).delete()


def wants_no_more(follow_up: FollowUp) -> bool:
    """Whether the address that this mail was for gets no more; nor does who has none now."""
    return not _address(follow_up) or _opt_outs(follow_up).exists()


def _opt_outs(follow_up: FollowUp) -> QuerySet[SurveyOptOut]:
    return SurveyOptOut.objects.filter(
        division=follow_up.case.division, email=Lower(Value(_address(follow_up)))
    )


def _address(follow_up: FollowUp) -> str:
    """Where it went, also when the customer has another address now; or where it will go."""
    customer = follow_up.case.customer
    return follow_up.address or (customer.email if customer else "")
