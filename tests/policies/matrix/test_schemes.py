"""Published schemes of authority, brought in as matrix files: the decisions that must come out.

Each row: who, what, how much, what is known; then the verdict, the limit, and what binds.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from policies.authority import Ask, decide
from policies.decision import Verdict
from policies.question import Given, Question
from policies.rulebook import rulebook_of
from policies.rules import RemedyTerms, Rulebook
from tests.admin.desk import Desk
from tests.cast import Cast
from tests.cast import bring_in as found
from tests.policies.matrix.houses import HOUSES
from tests.policies.matrix.sheets import bring_in, look_at, what_happens

FILES = Path(__file__).parents[1] / "matrices"

WITHIN, GRACE, OUTSIDE = Verdict.WITHIN, Verdict.GRACE, Verdict.OUTSIDE
Row = tuple[str, str, str, dict[str, Any], Verdict, str, str]

FLIGHT = {"order_reference": "LH 401", "customer_known": True}
ORDER: dict[str, Any] = {"order_reference": "A-1", "order_value": Decimal(250)}
LOST: dict[str, Any] = {
    "reason": "not-delivered",
    "customer_known": True,
    "lifetime_value": Decimal("500.01"),
    "days_ago": 15,
}
SHIPPED: dict[str, Any] = {**ORDER, "reason": "changed-mind", "facts": {"shipped": True}}
REGULAR = {"customer_known": True}


def segment(status: str) -> dict[str, Any]:
    return {**FLIGHT, "customer_segment": status}


def waived(times: int) -> dict[str, Any]:
    """Someone whose fee was waived so many times, long ago."""
    return {**REGULAR, "given": [("fee-waiver", "45", {"days": 700})] * times}


DECISIONS: dict[str, list[Row]] = {
    "a_refunds_by_level": [
        ("Rep", "refund", "499.99", {}, WITHIN, "499.99", "Refunds under 500"),
        ("Rep", "refund", "500", {}, OUTSIDE, "499.99", "Refunds under 500"),
        ("Lead", "refund", "500", {}, WITHIN, "1999.99", "Refunds from 500 to under 2,000"),
        ("Lead", "refund", "1999.99", {}, WITHIN, "1999.99", "Refunds from 500 to under 2,000"),
        ("Lead", "refund", "2000", {}, OUTSIDE, "1999.99", "Refunds from 500 to under 2,000"),
        ("Director", "refund", "2000", {}, WITHIN, "1000000", "Refunds from 2,000"),
        ("Director", "refund", "25000", {}, WITHIN, "1000000", "Refunds from 2,000"),
        # In two steps it comes to no more than in one.
        ("Rep", "refund", "100", {"given": [("refund", "400", {"now": True})]},
         OUTSIDE, "99.99", "Refunds under 500"),
    ],
    "b_any_employee": [
        *(
            (who, "refund", much, {}, verdict, "2000", "Never more than 2,000 for one incident")
            for who in ("Bellhop", "Concierge")
            for much, verdict in (("2000", WITHIN), ("2000.01", OUTSIDE))
        ),
        ("Bellhop", "night", "5", {}, WITHIN, "5", "Never more than 2,000 for one incident"),
        ("Bellhop", "night", "6", {}, OUTSIDE, "5", "Never more than 2,000 for one incident"),
        # For one incident all of it counts together; another one, or another guest, begins anew.
        ("Bellhop", "refund", "500.01", {"given": [("refund", "1500", {"now": True})]},
         OUTSIDE, "500", "Never more than 2,000 for one incident"),
        ("Bellhop", "refund", "801", {"given": [("night", "3", {"now": True})]},
         OUTSIDE, "800", "Never more than 2,000 for one incident"),
        ("Bellhop", "refund", "2000", {**REGULAR, "given": [("refund", "2000", {"days": 1})]},
         WITHIN, "2000", "Never more than 2,000 for one incident"),
    ],
    "c_miles_by_status": [
        ("Agent", "miles", "5000", segment("member"), WITHIN, "5000",
         "Member: at most 5,000 a flight"),
        ("Agent", "miles", "5001", segment("member"), OUTSIDE, "5000",
         "Member: at most 5,000 a flight"),
        ("Agent", "miles", "10000", segment("silver"), WITHIN, "10000",
         "Silver: at most 10,000 a flight"),
        ("Agent", "miles", "10001", segment("silver"), OUTSIDE, "10000",
         "Silver: at most 10,000 a flight"),
        ("Agent", "miles", "15000", segment("gold"), WITHIN, "15000",
         "Gold: at most 15,000 a flight"),
        ("Agent", "miles", "15001", segment("gold"), OUTSIDE, "15000",
         "Gold: at most 15,000 a flight"),
        # Once per flight, though less than 15,000 was given; another flight begins anew.
        ("Agent", "miles", "1", {**segment("gold"), "given": [("miles", "5000", {"order": True})]},
         OUTSIDE, "0", "Once per flight"),
        ("Agent", "miles", "15000", {**segment("gold"), "given": [("miles", "15000", {"days": 2})]},
         WITHIN, "15000", "Gold: at most 15,000 a flight"),
        # Before the flight is told, nobody can say whether it was made up for.
        ("Agent", "miles", "1", {**segment("gold"), "order_reference": ""},
         OUTSIDE, "0", "Gold: at most 15,000 a flight"),
    ],
    "d_online_shop": [
        ("Agent", "refund", "250", {**ORDER, "reason": "damaged"},
         WITHIN, "250", "Damaged: the money back"),
        ("Agent", "replacement", "1", {**ORDER, "reason": "damaged"},
         WITHIN, "1", "Damaged: a new one, too"),
        # Both: the one does not use up the other.
        ("Agent", "replacement", "1",
         {**ORDER, "reason": "damaged", "given": [("refund", "250", {"now": True})]},
         WITHIN, "1", "Damaged: a new one, too"),
        # No debate: not with someone who had three of them, either.
        ("Agent", "refund", "250",
         {**ORDER, **REGULAR, "reason": "damaged", "given": [("refund", "90", {"days": 9})] * 3},
         WITHIN, "250", "Damaged: the money back"),
        ("Agent", "refund", "1", SHIPPED,
         OUTSIDE, "0", "Changed their mind after shipping: no refund"),
        ("Agent", "store-credit", "200", SHIPPED,
         WITHIN, "200", "Changed their mind: not more than 80 %"),
        ("Agent", "store-credit", "200.01", SHIPPED,
         OUTSIDE, "200", "Changed their mind: not more than 80 %"),
        ("Agent", "refund", "30", {**SHIPPED, "facts": {"shipped": False}}, WITHIN, "30", "tier"),
        ("Agent", "refund", "500", LOST,
         WITHIN, "500", "Not delivered: up to 500 for good customers"),
        ("Agent", "refund", "500.01", LOST,
         OUTSIDE, "500", "Not delivered: up to 500 for good customers"),
        ("Agent", "refund", "37", {**LOST, "days_ago": 14}, OUTSIDE, "30", "tier"),
        ("Agent", "refund", "37", {**LOST, "lifetime_value": Decimal(500)}, OUTSIDE, "30", "tier"),
        ("Agent", "refund", "37", {**LOST, "lifetime_value": None}, OUTSIDE, "30", "tier"),
        ("Agent", "refund", "37", {**LOST, "given": [("refund", "5", {"days": 89})]},
         OUTSIDE, "30", "tier"),
        ("Agent", "refund", "500", {**LOST, "given": [("refund", "5", {"days": 91})]},
         WITHIN, "500", "Not delivered: up to 500 for good customers"),
        # Store credit was no refund.
        ("Agent", "refund", "500", {**LOST, "given": [("store-credit", "5", {"days": 3})]},
         WITHIN, "500", "Not delivered: up to 500 for good customers"),
    ],
    "e_late_fees": [
        ("Agent", "fee-waiver", "45", waived(0), WITHIN, "45", "First late fee: waived"),
        ("Agent", "fee-waiver", "45", waived(1), OUTSIDE, "0", "A second one: not by an agent"),
        ("Lead", "fee-waiver", "45", waived(1), WITHIN, "45", "A second one: by a lead"),
        ("Lead", "fee-waiver", "45", waived(2), OUTSIDE, "0", "No third one"),
        ("Agent", "payment-extension", "30", waived(3),
         WITHIN, "30", "Agents: at most thirty days"),
        ("Agent", "payment-extension", "31", {}, OUTSIDE, "30", "Agents: at most thirty days"),
        ("Lead", "payment-extension", "90", {}, WITHIN, "90", "Ninety more days"),
        ("Lead", "payment-extension", "91", {}, OUTSIDE, "90", "Ninety more days"),
    ],
    "f_regulated_advice": [
        ("Clerk", "advice", "1", {}, OUTSIDE, "0", "No advice on investments, by anyone"),
        ("Director", "advice", "1", {}, OUTSIDE, "0", "No advice on investments, by anyone"),
        ("Clerk", "refund", "100", {}, WITHIN, "100", "tier"),
    ],
}  # fmt: skip


@pytest.fixture
def house(scheme: str, db: None) -> Cast:
    """The company of the scheme, with its matrix brought in and published."""
    company = found(HOUSES[scheme])
    bring_in(Desk(company.manager), file_of(scheme))
    company.refresh()
    return company


def file_of(scheme: str) -> bytes:
    return (FILES / f"{scheme}.csv").read_bytes()


def answer(company: Cast, book: Rulebook, row: Row) -> Row:
    """The row with what authority decides in the place of what should come out."""
    who, what, much, known, *_ = row
    remedies = {remedy.code: remedy for remedy in book.remedies}
    [decision] = decide(
        book,
        _question(company, who, known, remedies),
        [Ask(remedies[what], Decimal(much))],
    )
    binds = decision.binding.title or str(decision.binding.kind)
    return who, what, much, known, decision.verdict, f"{decision.limit:f}", binds


def _question(
    company: Cast, who: str, known: dict[str, Any], remedies: dict[str, RemedyTerms]
) -> Question:
    tier, now = company.tiers[who], timezone.now()
    given = [_given(remedies[code], much, **how) for code, much, how in known.get("given", ())]
    told = {k: v for k, v in known.items() if k not in ("reason", "days_ago", "given")}
    reason = known.get("reason", next(iter(company.reasons)))
    if "days_ago" in known:
        told["order_date"] = now.date() - timedelta(days=known["days_ago"])
    return Question(
        at=now,
        today=now.date(),
        limit=tier.limit_per_case,
        grace_percent=Decimal(tier.grace_percent),
        tier_id=tier.pk,
        reason_id=company.reasons[reason].pk,
        given=tuple(given),
        **told,
    )


def _given(
    remedy: RemedyTerms, much: str, *, days: int = 0, now: bool = False, order: bool = False
) -> Given:
    """Something given in this case, on this order, or to this customer so many days ago."""
    measure = Decimal(much)
    return Given(
        remedy_id=remedy.id,
        measure=measure,
        face_value=remedy.face_value_of(measure),
        cost=remedy.cost_of(measure),
        against_limit=Decimal(0),
        at=timezone.now() - timedelta(days=days),
        this_case=now,
        this_order=now or order,
    )


def plainly(rows: list[Row]) -> list[Row]:
    return [(*row[:5], f"{Decimal(row[5]).normalize():f}", row[6]) for row in rows]


@pytest.mark.parametrize("scheme", DECISIONS)
def test_the_decisions_come_out_as_the_scheme_says(house: Cast, scheme: str) -> None:
    rows, book = DECISIONS[scheme], rulebook_of(house.division)
    assert plainly([answer(house, book, row) for row in rows]) == plainly(rows)


@pytest.mark.parametrize("scheme", DECISIONS)
def test_each_rule_of_a_scheme_decides_something(house: Cast, scheme: str) -> None:
    rows, book = DECISIONS[scheme], rulebook_of(house.division)
    for rule in book.rules:
        without = replace(book, rules=tuple(r for r in book.rules if r is not rule))
        assert plainly([answer(house, without, row) for row in rows]) != plainly(rows), rule.title


@pytest.mark.parametrize("scheme", DECISIONS)
def test_brought_in_again_nothing_of_a_scheme_is_new(house: Cast, scheme: str) -> None:
    looked_at = look_at(Desk(house.manager), file_of(scheme))
    assert {what for _, what in what_happens(looked_at)} == {"same"}


def test_the_answer_to_regulated_advice_says_why_and_what_can_be_done(db: None) -> None:
    company = found(HOUSES["f_regulated_advice"])
    bring_in(Desk(company.manager), file_of("f_regulated_advice"))
    company.refresh()
    book = rulebook_of(company.division)
    advice = next(remedy for remedy in book.remedies if remedy.code == "advice")
    question = _question(company, "Director", {}, {})
    [decision] = decide(book, question, [Ask(advice, Decimal(1))])
    assert decision.binding.rationale.startswith("Advice on investments may only be given by")
    assert decision.binding.customer_wording.endswith("with someone who is, this week.")
    assert [option.remedy.code for option in decision.alternatives] == ["refund"]


def test_every_matrix_has_its_decisions() -> None:
    assert {file.stem for file in FILES.glob("*.csv")} == set(DECISIONS) == set(HOUSES)
