"""What can happen to cases, in a line each, at a clock that moves on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from employees.models import Employee
from resolutions.conclude import close_without_remedy, hand_over, take_up_again
from resolutions.models import Case, FollowUp, SurveyResponse
from resolutions.problem import NO_DETAILS, CustomerDetails, Details
from tests.cast import Cast
from tests.closing import entry_of, lent
from tests.gaps import answered, refuse
from tests.giving_back import gave_back
from tests.putting_right import give_also, put_right, so_many, so_much

BEGIN = datetime(2026, 11, 2, 13, 30, tzinfo=UTC)  # past midnight in Sydney, not in Perth
KNOWN = CustomerDetails("555-0142", "Kim Lee", "kim@example.com")
Receipt = dict[str, Any]


class Happenings:
    """Southern Cross Mobile, whose teams are in two time zones, and its clock."""

    def __init__(self, company: Cast) -> None:
        self.company, self.at = company, BEGIN

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)

    @property
    def agent(self) -> Employee:
        return self.company.agent

    def told(self, customer: CustomerDetails | None = KNOWN, reason: str = "late-fee") -> Receipt:
        """A case is opened, and nothing is given yet."""
        return self.gave(customer=customer, reason_code=reason)

    def gave(self, *amounts: str, by: Employee | None = None, **told: Any) -> Receipt:
        """A credit, and a waiver if there are two amounts."""
        kinds = ("bill-credit", "fee-waiver")
        gives = [so_much(kind, amount) for kind, amount in zip(kinds, amounts, strict=False)]
        usual: dict[str, Any] = {"reason_code": "late-fee", "channel": "phone", "customer": KNOWN}
        return put_right(by or self.agent, *gives, at=self.at, **usual | told)

    def gave_more(self, receipt: Receipt, *, later: Details = NO_DETAILS) -> Receipt:
        return give_also(receipt, self.agent, so_many("extra-data"), at=self.at, later=later)

    def gave_back(self, receipt: Receipt, place: int = 0) -> None:
        gave_back(self.company.manager, receipt, place, at=self.at)

    def came_back(self, receipt: Receipt) -> None:
        take_up_again(self.case(receipt), channel="chat", **self._act())

    def closed(self, receipt: Receipt) -> None:
        close_without_remedy(self.case(receipt), said="Explained the bill.", **self._act())

    def handed_over(self, receipt: Receipt) -> None:
        hand_over(self.case(receipt), to="Billing", reason="A double charge.", **self._act())

    def lent(self, receipt: Receipt) -> None:
        """A rep in Perth pays a part of it."""
        lent(self.company.people["scm.rep3"], "7.50", entry_of(receipt), self.at)

    def refused(self, **told: Any) -> None:
        told = {"reason_code": "late-fee", "channel": "phone"} | told
        gap = refuse(self.agent, so_much("bill-credit", "900.00"), at=self.at, **told)
        answered(self.company, gap)

    def asked(self, receipt: Receipt) -> None:
        FollowUp.objects.filter(case=receipt["id"], sent_at=None).update(sent_at=self.at)

    def said(self, receipt: Receipt, score: int) -> None:
        """They answer the mail, or change what they said."""
        mail = FollowUp.objects.get(case=receipt["id"])
        said = {"score": score, "changed_at": self.at}
        SurveyResponse.objects.update_or_create(
            follow_up=mail, defaults=said, create_defaults={**said, "at": self.at}
        )

    def case(self, receipt: Receipt) -> Case:
        return Case.objects.get(pk=receipt["id"])

    def _act(self) -> dict[str, Any]:
        return {"acting_employee": self.agent, "request_id": uuid4(), "at": self.at}
