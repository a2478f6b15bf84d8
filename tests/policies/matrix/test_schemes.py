"""Published schemes of authority, brought in as matrix files, decide as they say."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from policies.authority import Ask, decide
from policies.question import Given, Question
from policies.rulebook import rulebook_of
from policies.rules import RemedyTerms, Rulebook
from tests.admin.desk import Desk
from tests.cast import Cast
from tests.cast import bring_in as found
from tests.policies.matrix.decisions import DECISIONS, Row
from tests.policies.matrix.houses import HOUSES
from tests.policies.matrix.sheets import bring_in, look_at, what_happens

FILES = Path(__file__).parents[1] / "matrices"


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


@pytest.mark.once
@pytest.mark.parametrize("scheme", DECISIONS)
def test_the_decisions_come_out_as_the_scheme_says(house: Cast, scheme: str) -> None:
    rows, book = DECISIONS[scheme], rulebook_of(house.division)
    assert plainly([answer(house, book, row) for row in rows]) == plainly(rows)


@pytest.mark.once
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


@pytest.mark.once
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
