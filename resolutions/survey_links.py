"""The links in the mail that asks how it went, and what they lead back to.

What must stay true: a link is good for its own mail only, and from one nobody can make another:
it is signed. A link that is wrong or cut tells nothing. Links to answer are good for 60 days after
the mail was sent, the one to get no more mails for ever.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from resolutions.errors import LinkBroken, LinkTooOld
from resolutions.models import FollowUp, SurveyResponse

GOOD_FOR = timedelta(days=60)
SCORES = range(SurveyResponse.WORST, SurveyResponse.BEST + 1)


def token_of(follow_up: FollowUp) -> str:
    """What the links of this mail have in them: short, as some mail programs cut long ones."""
    return _signer().sign(signing.b62_encode(follow_up.pk))


def follow_up_of(token: str) -> FollowUp:
    """The mail that a link was in, with all that it says. Raises LinkBroken."""
    try:
        number = signing.b62_decode(_signer().unsign(token))
    except signing.BadSignature as error:
        raise LinkBroken from error
    mails = FollowUp.objects.with_what_was_given().filter(case__customer__isnull=False)
    if (follow_up := mails.filter(pk=number).first()) is None:
        raise LinkBroken
    return follow_up


def refuse_old_link(follow_up: FollowUp, *, at: datetime) -> None:
    """Raise LinkTooOld when the mail was sent too long ago to be answered by its links."""
    if follow_up.sent_at is not None and at > follow_up.sent_at + GOOD_FOR:
        raise LinkTooOld


def score_links(follow_up: FollowUp) -> list[tuple[int, str]]:
    """Each score with its link, from the lowest on."""
    token = token_of(follow_up)
    return [(score, _whole("how-it-went-score", token, score)) for score in SCORES]


def trap_link(follow_up: FollowUp) -> str:
    """A link that nobody sees: see `surveys.py`."""
    return _whole("how-it-went-all", token_of(follow_up))


def no_more_link(follow_up: FollowUp) -> str:
    """Where one says that one wants no more of these mails."""
    return _whole("no-more-mails", token_of(follow_up))


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt="resolutions.how-it-went")


def _whole(name: str, *parts: str | int) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=parts)}"
