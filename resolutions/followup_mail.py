"""What the mail says that asks the customer how it went."""

from decimal import Decimal
from email.utils import formataddr, parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from employees.money import format_money
from resolutions.models import Case, Resolution


def follow_up_mail(case: Case) -> EmailMultiAlternatives:
    """The mail about a case that was put right, as plain text and HTML.

    It comes from the division by name, and an answer goes to LEEWAY_REPLY_TO. Raises ValueError
    for a case without a customer.
    """
    customer = case.customer
    if customer is None:
        raise ValueError(f"Nobody is known to have told us about case {case.number}.")
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = address.rpartition("@")[2] or "localhost"
    zone = ZoneInfo(case.team.time_zone if case.team else "UTC")
    about = {
        "case": case,
        "name": customer.name,
        "day": case.opened_at.astimezone(zone).date(),
        "given": [given_in_words(r, case.division.currency) for r in case.resolutions.all()],
    }
    mail = EmailMultiAlternatives(
        subject=f"{case.division.name}: did we put it right?",
        body=render_to_string("resolutions/mail/follow_up.txt", about),
        from_email=formataddr((case.division.name, address)),
        to=[customer.email],
        reply_to=[settings.FOLLOW_UP_REPLY_TO],
        headers={
            "Message-ID": f"<how-it-went-{case.pk}-{case.opened_at:%Y%m%d%H%M%S%f}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("resolutions/mail/follow_up.html", about), "text/html")
    return mail


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
