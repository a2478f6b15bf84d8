"""Whatever happens, in whatever order and however often it is followed: the rollups are right."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from employees.models import Employee, Team
from reports.rollups.follow import follow, rebuild
from resolutions.models import CaseState, FollowUp, Resolution
from resolutions.problem import NO_DETAILS, CustomerDetails, Details
from tests.cast import Cast
from tests.reports.rollups.agreed import assert_agreed, differing, every_scope
from tests.reports.rollups.happenings import Happenings, Receipt

CUSTOMERS = [None, *(CustomerDetails(f"555-010{n}", "", f"{n}@example.com") for n in range(2))]
ZONES = ["Australia/Sydney", "Pacific/Kiritimati", "Pacific/Honolulu"]

customers = st.sampled_from(CUSTOMERS)
reasons = st.sampled_from(["late-fee", "roaming"])
people = st.sampled_from(["scm.rep1", "scm.rep3"])
some = st.integers(0, 999)  # one of those that are there


class Cases(RuleBasedStateMachine):
    """One step is one act; whenever it is followed, all is as if it had been counted at the end."""

    company: Cast

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        Team.objects.filter(name="Sydney").update(time_zone=ZONES[0])
        self.happenings = Happenings(self.company)
        self.receipts: list[Receipt] = []

    def teardown(self) -> None:
        """In the end a plain reckoning agrees; and nothing of it stays."""
        try:
            follow(at=self.happenings.at)
            today = self.happenings.at.date()
            assert_agreed(*every_scope(self.company.division), today=today)
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def those(self, *states: CaseState) -> list[Receipt]:
        return [r for r in self.receipts if self.happenings.case(r).state in states]

    @rule(hours=st.integers(1, 80))
    def time_goes_by(self, hours: int) -> None:
        self.happenings.later(hours=hours)

    @rule(customer=customers, reason=reasons)
    def somebody_tells(self, customer: CustomerDetails | None, reason: str) -> None:
        self.receipts.append(self.happenings.told(customer, reason))

    @rule(customer=customers, reason=reasons, who=people, two=st.booleans())
    def it_is_put_right(
        self, customer: CustomerDetails | None, reason: str, who: str, *, two: bool
    ) -> None:
        by = Employee.objects.with_authority().get(username=who)
        amounts = ["1.25", "0.50"][: 1 + two]
        told = self.happenings.gave(*amounts, by=by, customer=customer, reason_code=reason)
        self.receipts.append(told)

    @precondition(lambda self: self.receipts)
    @rule(which=some, customer=customers)
    def more_is_given(self, which: int, customer: CustomerDetails | None) -> None:
        receipt = self.receipts[which % len(self.receipts)]
        known = self.happenings.case(receipt).customer is not None
        later = NO_DETAILS if known else Details(customer=customer)
        self.happenings.gave_more(receipt, later=later)

    @precondition(lambda self: Resolution.objects.standing().exists())
    @rule(which=some)
    def something_is_given_back(self, which: int) -> None:
        standing = Resolution.objects.standing().order_by("pk")
        number = standing[which % len(standing)].pk
        self.happenings.gave_back({"resolutions": [{"id": number}]})

    @precondition(lambda self: self.those(CaseState.OPEN))
    @rule(which=some, escalated=st.booleans())
    def it_ends_without_a_remedy(self, which: int, *, escalated: bool) -> None:
        open_ = self.those(CaseState.OPEN)
        end = self.happenings.handed_over if escalated else self.happenings.closed
        end(open_[which % len(open_)])

    @precondition(lambda self: self.receipts)
    @rule(which=some)
    def they_come_back(self, which: int) -> None:
        self.happenings.came_back(self.receipts[which % len(self.receipts)])

    @precondition(lambda self: FollowUp.objects.exists())
    @rule(which=some, score=st.integers(1, 5), only_asked=st.booleans())
    def they_are_asked_and_answer(self, which: int, score: int, *, only_asked: bool) -> None:
        mails = FollowUp.objects.order_by("pk")
        receipt = {"id": mails[which % len(mails)].case_id}
        self.happenings.asked(receipt)
        if not only_asked:
            self.happenings.said(receipt, score)

    @rule(reason=reasons)
    def it_is_refused(self, reason: str) -> None:
        self.happenings.refused(reason_code=reason)

    @rule(zone=st.sampled_from(ZONES))
    def a_team_moves(self, zone: str) -> None:
        Team.objects.filter(name="Sydney").update(time_zone=zone)

    @rule()
    def it_is_followed(self) -> None:
        follow(at=self.happenings.at)
        assert differing() == []

    @rule()
    def all_is_counted_anew(self) -> None:
        rebuild(at=self.happenings.at)


@pytest.mark.once  # in a test's one transaction nothing is settled on PostgreSQL
def test_whatever_happens_is_counted(scm: Cast) -> None:
    scm.division.tiers.update(monthly_budget=5000)
    Cases.company = scm
    run_state_machine_as_test(
        Cases,
        settings=settings(
            max_examples=4,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
