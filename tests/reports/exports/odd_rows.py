"""Rows of every export with odd texts and amounts, in currencies with 0, 2 and 3 places.

They are written past the acts, which would refuse some of them; the files must hold whatever is
there.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count, cycle
from uuid import UUID

from budgets.models import Budget, LedgerEntry
from resolutions.models import AuthorityGap, Case, Customer, Resolution
from tests.cast import Cast, bring_in
from tests.companies import FORNO, ORCHARD, SCM
from tests.reports.exports.odd_texts import FRAMED, ODD_TEXTS

AT = datetime(2026, 10, 31, 23, 59, 59, 7, tzinfo=UTC)
MONTH = date(2026, 10, 1)
TEXTS = (*ODD_TEXTS, *FRAMED[::40])
AMOUNTS = {
    "USD": ["0", "0.01", "-0.01", "5", "1234567.89", "9999999999.99"],
    "JPY": ["0", "1", "-1", "500", "1234567", "9999999999"],
    "KWD": ["0", "0.001", "-0.001", "5", "1234567.891", "9999999999.999"],
}


def odd_companies() -> list[Cast]:
    """Three companies, in dollars, yen and dinars, each with a row per text in every table."""
    made = [
        bring_in(company)
        for company in (FORNO, replace(SCM, currency="JPY"), replace(ORCHARD, currency="KWD"))
    ]
    for company in made:
        _write_oddly(company)
    return made


def _amounts(company: Cast, *, sign: int = 1) -> Iterator[Decimal]:
    """The currency's amounts, again and again, all below zero or none."""
    return (abs(Decimal(text)) * sign for text in cycle(AMOUNTS[company.division.currency]))


def _write_oddly(company: Cast) -> None:
    division, agent = company.division, company.agent
    reason, remedy = next(iter(company.reasons.values())), next(iter(company.remedies.values()))
    type(remedy).objects.filter(pk=remedy.pk).update(unit="", gl_account="=5200")
    amounts, numbers = _amounts(company), count(1)
    funds = Budget.objects.bulk_create(
        Budget(kind="fund", division=division, name=text[:120], allotted=abs(amount), opened_at=AT)
        for text, amount in zip(TEXTS, amounts, strict=False)
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            budget=fund, kind="allotment", amount=fund.allotted, balance_after=fund.allotted, at=AT
        )
        for fund in funds
    )
    owed = Budget.objects.create(kind="entitlements", division=division, month=MONTH, opened_at=AT)
    customers = Customer.objects.bulk_create(
        Customer(division=division, reference=f"{text[:70]}#{number}", segment=text[:40])
        for number, text in enumerate(TEXTS)
    )
    cases = Case.objects.bulk_create(
        Case(
            division=division,
            team=agent.team if number % 2 else None,
            customer=customer if number % 3 else None,
            reason_code=reason,
            channel="phone",
            order_reference=text[:80],
            order_value=next(amounts) if number % 4 else None,
            order_date=date(1 + number, 2, 3) if number % 5 else None,
            second_failure=bool(number % 2),
            note=text * 3,
            outcome_note=text,
            opened_by=agent if number % 2 else None,
            opened_at=AT.replace(microsecond=number),
            ended_at=AT.replace(microsecond=0) if number % 2 else None,
        )
        for number, (text, customer) in enumerate(zip(TEXTS, customers, strict=True))
    )
    spent = _amounts(company, sign=-1)
    entries = LedgerEntry.objects.bulk_create(
        LedgerEntry(
            budget=owed,
            kind="spend",
            amount=next(spent),
            note=text[:200],
            actor=agent,
            at=AT,
            request_id=UUID(int=next(numbers)),
        )
        for text in TEXTS
    )
    Resolution.objects.bulk_create(
        Resolution(
            case=case,
            remedy=remedy,
            given_by=agent,
            team=agent.team if case.team else None,
            tier=agent.tier,
            quantity=number or None,
            face_value=-entry.amount,
            cost=-entry.amount,
            against_limit=0,
            description=entry.note,
            verdict="within",
            owed=bool(number % 2),
            decision={},
            entry=entry,
            request_id=entry.request_id,
            at=AT,
        )
        for number, (case, entry) in enumerate(zip(cases, entries, strict=True))
    )
    AuthorityGap.objects.bulk_create(
        AuthorityGap(
            division=division,
            employee=agent,
            team=case.team,
            tier=None,
            case=case,
            customer=case.customer,
            reason_code=None,
            remedy=remedy if number % 2 else None,
            quantity=number or None,
            face_value=next(amounts),
            cost=next(amounts),
            words=case.note,
            request_id=UUID(int=number),
            at=AT,
        )
        for number, case in enumerate(cases)
    )
