"""Customers who were asked how it went, in a line each: `asked(forno)`."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from resolutions.models import Case, FollowUp
from resolutions.problem import CustomerDetails
from resolutions.survey_links import token_of
from resolutions.surveys import answer
from tests.cast import Cast
from tests.putting_right import KIM_LEE, put_right, so_many

A_DAY = timedelta(days=1)


def owed(
    company: Cast, *, at: datetime, customer: CustomerDetails = KIM_LEE, **told: Any
) -> FollowUp:
    """A case put right at this moment, whose customer is still to be asked."""
    remedy = "free-pizza" if "free-pizza" in company.remedies else "extra-data"
    reason = "late" if "late" in company.reasons else "outage"
    receipt = put_right(
        company.agent, so_many(remedy), at=at, customer=customer, reason_code=reason, **told
    )
    return FollowUp.objects.get(case=receipt["id"])


def asked(
    company: Cast,
    *,
    at: datetime | None = None,
    customer: CustomerDetails = KIM_LEE,
    **told: Any,
) -> FollowUp:
    """A case whose customer was asked at this moment, or just now."""
    at = at or timezone.now()
    mail = owed(company, at=at - A_DAY, **told)
    FollowUp.objects.filter(pk=mail.pk).update(
        sent_at=at, address=told.get("customer", KIM_LEE).email
    )
    return FollowUp.objects.get(pk=mail.pk)


def said(case: int, score: int, *, at: datetime, aspect: str = "", comment: str = "") -> None:
    """The customer of a case is asked, with an address or without one, and answers by hand."""
    mail, _ = FollowUp.objects.get_or_create(case_id=case, defaults={"due_at": at})
    FollowUp.objects.filter(pk=mail.pk).update(sent_at=at)
    answer(mail, score=score, aspect=aspect, comment=comment, by_hand=True, at=at)


def page_of(mail: FollowUp, *parts: str | int) -> str:
    """The address of a mail's page: `page_of(mail, 4)`, `page_of(mail, "no-more")`."""
    return "/".join(["/how-it-went", token_of(mail), *(str(part) for part in parts if part), ""])


def case_of(mail: FollowUp) -> Case:
    """The case that a mail is about, as it is now."""
    return Case.objects.get(pk=mail.case_id)
