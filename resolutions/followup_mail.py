"""What the mail says that asks the customer how it went.

It works in any mail program: a table with styles of its own, no images, no scripts, and the same
as plain text. Each score is a link that a thumb hits. One link is seen by nobody: `surveys.py` says
what it is for.
"""

from datetime import date
from decimal import Decimal
from email.utils import formataddr
from typing import TypedDict
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from employees.mail_addresses import own_address, own_domain
from employees.money import format_money
from resolutions.models import Case, FollowUp, Resolution
from resolutions.survey_links import no_more_link, score_links, trap_link


class About(TypedDict):
    """What the mail is about, as its page tells it too."""

    case: Case
    day: date
    given: list[str]


def follow_up_mail(follow_up: FollowUp) -> EmailMultiAlternatives:
    """The mail about a case that was put right, as plain text and HTML.

    It comes from the division by name, and an answer goes to LEEWAY_REPLY_TO. Who wants no more of
    them says so by a link, or by the mail program's own button (RFC 2369, RFC 8058). Raises
    ValueError for a case without a customer.
    """
    case = follow_up.case
    customer = case.customer
    if customer is None:
        raise ValueError(f"Nobody is known to have told us about case {case.number}.")
    no_more = no_more_link(follow_up)
    says = {
        **about(case),
        "name": customer.name,
        "scores": score_links(follow_up),
        "trap": trap_link(follow_up),
        "no_more": no_more,
    }
    mail = EmailMultiAlternatives(
        subject=f"{case.division.name}: did we put it right?",
        body=render_to_string("resolutions/mail/follow_up.txt", says),
        from_email=formataddr((case.division.name, own_address())),
        to=[customer.email],
        reply_to=[settings.FOLLOW_UP_REPLY_TO],
        headers={
            "Message-ID": f"<how-it-went-{case.pk}-{case.opened_at:%Y%m%d%H%M%S%f}@{own_domain()}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{no_more}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string("resolutions/mail/follow_up.html", says), "text/html")
    return mail


def about(case: Case) -> About:
    """What went wrong when, and what was done, for a case read `with_what_was_given`."""
    zone = ZoneInfo(case.team.time_zone if case.team else "UTC")
    given = [given_in_words(r, case.division.currency) for r in case.resolutions.all()]
    return {"case": case, "day": case.opened_at.astimezone(zone).date(), "given": given}


def given_in_words(resolution: Resolution, currency: str) -> str:
    """What was given, as the customer knows it: never what it costs the company."""
    remedy = resolution.remedy
    name = resolution.description or remedy.name
    if resolution.quantity is None:
        return f"{name}: {format_money(resolution.face_value, currency)}"
    if resolution.quantity == 1 and remedy.max_quantity == Decimal(1):
        return name
    unit = remedy.unit if resolution.quantity == 1 else remedy.unit_plural or remedy.unit
    return f"{name}: {resolution.quantity} {unit}".rstrip()
