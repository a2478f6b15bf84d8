"""The rows of the half year while it is played, and the writing of them all at the end.

Rows are made in the order in which things happened and written in that order, so that numbers
rise with time as they do in real life.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from budgets.models import LedgerEntry
from config.demo.days import Calendar
from config.demo.surveys import ask_and_answer
from employees.models import Employee
from policies.decision import Decision, Verdict
from policies.question import Question
from resolutions.gaps import told_json
from resolutions.models import (
    AuthorityGap,
    Case,
    CaseState,
    Conclusion,
    Contact,
    FollowUp,
    Resolution,
    SurveyOptOut,
    SurveyResponse,
)

BATCH = 500


@dataclass(slots=True)
class Records:
    """What happened so far."""

    cases: list[Case] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    conclusions: list[Conclusion] = field(default_factory=list)
    gaps: list[AuthorityGap] = field(default_factory=list)

    def given(
        self,
        case: Case,
        decisions: Sequence[Decision],
        entries: Sequence[LedgerEntry],
        employee: Employee,
        *,
        descriptions: Sequence[str],
        at: datetime,
        request_id: UUID,
    ) -> list[Resolution]:
        """The case is put right: one resolution for each decision and its ledger entry."""
        made = [
            Resolution(
                case=case,
                remedy_id=decision.remedy.id,
                given_by=employee,
                team=employee.team,
                tier=employee.tier,
                quantity=int(decision.asked or 0) if decision.remedy.by_quantity else None,
                face_value=decision.face_value,
                cost=decision.cost,
                against_limit=decision.against_limit,
                description=description,
                verdict=decision.verdict,
                owed=decision.owed,
                review_afterwards=decision.review,
                decision=decision.as_json(),
                entry=entry,
                request_id=request_id,
                at=at,
            )
            for decision, entry, description in zip(decisions, entries, descriptions, strict=True)
        ]
        self.resolutions += made
        case.state, case.ended_at = CaseState.PUT_RIGHT, at
        return made

    def concluded(
        self,
        case: Case,
        state: CaseState,
        employee: Employee,
        *,
        at: datetime,
        words: str,
        to: str = "",
    ) -> None:
        """A case ended without a remedy, by `conclude.py`."""
        self.conclusions.append(
            Conclusion(
                case=case, employee=employee, state=state, words=words, handed_over_to=to, at=at
            )
        )
        case.state, case.ended_at = state, at
        case.outcome_note, case.handed_over_to = words, to

    def refused(
        self,
        case: Case,
        decisions: Sequence[Decision],
        employee: Employee,
        *,
        asked: Question,
        request_id: UUID,
    ) -> None:
        """The rules refused something: a gap for each refusal."""
        self.gaps += [
            AuthorityGap(
                division=case.division,
                employee=employee,
                team=employee.team,
                tier=employee.tier,
                customer=case.customer,
                reason_code=case.reason_code,
                remedy_id=decision.remedy.id,
                policy_id=decision.binding.policy_id,
                bound=decision.binding.kind,
                quantity=int(decision.asked or 0) if decision.remedy.by_quantity else None,
                face_value=decision.face_value,
                cost=decision.cost,
                decision=decision.as_json(),
                told=told_json(asked, beside=decisions),
                request_id=request_id,
                at=asked.at,
            )
            for decision in decisions
            if decision.verdict == Verdict.OUTSIDE
        ]

    def write(self, calendar: Calendar, random: Random) -> None:
        """Write everything, and what customers answered; the ledger's entries are there already."""
        self.cases.sort(key=lambda case: case.opened_at)
        Case.objects.bulk_create(self.cases, BATCH)
        Resolution.objects.bulk_create(self.resolutions, BATCH)
        Contact.objects.bulk_create(self.contacts, BATCH)
        Conclusion.objects.bulk_create(self.conclusions, BATCH)
        AuthorityGap.objects.bulk_create(sorted(self.gaps, key=lambda gap: gap.at), BATCH)
        asked = ask_and_answer(
            self.resolutions, self.contacts, self.conclusions, calendar=calendar, random=random
        )
        FollowUp.objects.bulk_create(asked.mails, BATCH)
        SurveyResponse.objects.bulk_create(sorted(asked.answers, key=lambda a: a.at), BATCH)
        SurveyOptOut.objects.bulk_create(asked.opt_outs)
