"""Invents rulebooks and questions: small numbers, so that they meet each other's edges.

What is drawn from is made once and kept (`cache`, `_one_of`): Hypothesis works out what it can do
with each strategy that is new to it, which took a third of the time.
"""

import os
from collections.abc import Hashable, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from policies.authority import Ask
from policies.facts import BUILT_IN
from policies.question import Given, Question
from policies.rules import ConditionTerms, RemedyTerms, Rule, Rulebook
from tests.policies.builders import A_DAY, ASKED, NOW, TODAY, by_unit, remedy, rule, rulebook
from tests.policies.oracle import PLACES, UNLIMITED

# LAW_EXAMPLES=2000 looks longer for what breaks a law.
law = settings(max_examples=int(os.environ.get("LAW_EXAMPLES", "50")), deadline=None)

CURRENCIES = ("USD", "JPY", "KWD")
CHANNELS = ("phone", "chat")
SHARES = ("1", "0.5", "0.6", "0.33", "0.9")

_few = st.integers(0, 3)
_rarely = st.sampled_from([False, False, False, True])
_facts = st.sampled_from([*BUILT_IN.values(), *ASKED.values()])
_days_ago = _few.map(lambda days: TODAY - days * A_DAY)
_grace = st.sampled_from([0, 10, 15, 100]).map(Decimal)


@lru_cache(maxsize=None, typed=True)  # False is not 0 here
def _one_of(*values: Hashable) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@cache
def money(currency: str, most: int = 60, *, least: int = 0) -> st.SearchStrategy[Decimal]:
    """Up to so many cents, or the currency's own smallest coin."""
    return st.integers(least, most).map(lambda cents: Decimal(cents).scaleb(-PLACES[currency]))


@cache
@st.composite
def remedies(draw: st.DrawFn, id: int, currency: str) -> RemedyTerms:  # noqa: A002
    """An amount, a share of it, or so many units, some of which cost nothing."""
    code = f"remedy-{id}"
    active = not draw(_rarely)
    if draw(st.booleans()):
        share = draw(_one_of(*SHARES))
        return remedy(code, id=id, currency=currency, cost_share=share, is_active=active)
    return by_unit(
        code,
        draw(money(currency, 9)),
        draw(money(currency, 9)),
        id=id,
        currency=currency,
        max_quantity=draw(st.integers(1, 12)),
        is_active=active,
    )


@cache
@st.composite
def conditions(draw: st.DrawFn, currency: str) -> ConditionTerms:
    """A comparison of any fact with a value that the fact may well have."""
    fact = draw(_facts)
    operators = ["eq", "ne", "in"]
    if fact.kind in ("number", "money"):
        operators += ["lt", "le", "gt", "ge"]
    operator = draw(_one_of(*operators))
    values = values_of(fact.key, currency)
    value = draw(st.frozensets(values, min_size=1, max_size=2) if operator == "in" else values)
    window = draw(_one_of(None, 1, 2, 3)) if fact.windowed else None
    return ConditionTerms(fact, operator, value, window)


@cache
def values_of(key: str, currency: str) -> st.SearchStrategy[Any]:
    if key in ("order_value", "earlier_value", "lifetime_value"):
        return money(currency, 30)
    if key in ("second_failure", "seal_broken"):
        return st.booleans()
    choices = {"channel": CHANNELS, "customer_segment": ("gold", "new"), "plan": ("basic", "max")}
    if key in choices:
        return st.sampled_from(choices[key])
    return _few.map(Decimal)


@st.composite
def rules(
    draw: st.DrawFn,
    known: Sequence[RemedyTerms],
    effects: Sequence[str] = ("grant", "restrict", "forbid"),
) -> Rule:
    """A rule that could be published: a quantity, or granted times, only for remedies by unit.

    Rarely one of them has been given by amount since.
    """
    currency = known[0].currency
    effect = draw(_one_of(*effects))
    by_quantity = [r.id for r in known if r.by_quantity]
    measure = "" if effect == "forbid" else draw(_measures(effect, units=bool(by_quantity)))
    counts = measure == "quantity" or (measure == "times" and effect == "grant")
    named = by_quantity if counts and not draw(_rarely) else [r.id for r in known]
    per = draw(_one_of("case", "case", "order", "customer"))
    starts = draw(_one_of(-A_DAY, -A_DAY, -A_DAY, timedelta(0), timedelta(seconds=1)))
    ends = draw(_one_of(None, None, None, timedelta(seconds=1), timedelta(0)))
    return rule(
        effect,
        measure=measure,
        value=draw(_figures(measure, currency)),
        per=per,
        window_days=draw(_one_of(None, 1, 2, 3)) if per == "customer" else None,
        entitlement=effect == "grant" and draw(st.booleans()),
        allows_grace=draw(st.booleans()),
        review_afterwards=draw(_rarely),
        starts_at=NOW + starts,
        ends_at=None if ends is None else NOW + ends,
        remedies=draw(st.frozensets(_one_of(*named), min_size=int(counts))),
        reason_codes=draw(_scope((1, 2))),
        tiers=draw(_scope((1, 2))),
        teams=draw(_scope((1, 2))),
        channels=draw(_scope(CHANNELS)),
        conditions=draw(st.lists(conditions(currency), max_size=2)),
    )


@cache
def _measures(effect: str, *, units: bool) -> st.SearchStrategy[str]:
    always = ["amount", "percent"] + ["times"] * (effect == "restrict")
    return st.sampled_from(always + ["quantity", "times"] * units)


@cache
def _figures(measure: str, currency: str) -> st.SearchStrategy[Decimal]:
    if measure == "percent":
        return st.sampled_from(["10", "33", "50", "100", "120"]).map(Decimal)
    if measure == "quantity":
        return st.integers(0, 12).map(Decimal)
    return _few.map(Decimal) if measure == "times" else money(currency)


@cache
def _scope(ids: tuple[Hashable, ...]) -> st.SearchStrategy[frozenset[Any]]:
    return st.sampled_from([frozenset(), frozenset(), frozenset(), frozenset(ids[:1])])


@st.composite
def givens(draw: st.DrawFn, known: Sequence[RemedyTerms]) -> Given:
    """Something given before: in this case, on this order, to this customer or to someone else."""
    given = known[draw(st.integers(0, len(known) - 1))]
    measure = draw(measures(given, most=20))
    this_case = draw(st.booleans())
    ago = draw(_few) * A_DAY + timedelta(hours=draw(_one_of(0, 0, 1)))
    return Given(
        remedy_id=given.id,
        measure=measure,
        face_value=given.face_value_of(measure),
        cost=given.cost_of(measure),
        against_limit=given.cost_of(measure) if draw(st.booleans()) else Decimal(0),
        at=NOW - ago,
        this_case=this_case,
        this_order=this_case or draw(st.booleans()),
        this_customer=this_case or draw(st.booleans()),
    )


def measures(given: RemedyTerms, most: int = 60) -> st.SearchStrategy[Decimal]:
    """So much of a remedy: more than nothing, in whole units or cents."""
    if given.by_quantity:
        return st.integers(1, 12).map(Decimal)
    return money(given.currency, most, least=1)


@st.composite
def questions(draw: st.DrawFn, known: Sequence[RemedyTerms]) -> Question:
    """Someone with a tier asks; much may be unknown."""
    currency = known[0].currency

    def maybe(strategy: st.SearchStrategy[Any], unknown: Any = None) -> Any:
        return unknown if draw(_rarely) else draw(strategy)

    left = maybe(st.integers(-10, 60), UNLIMITED)
    left = left if left == UNLIMITED else Decimal(left).scaleb(-PLACES[currency])
    facts = {key: maybe(values_of(key, currency)) for key in ASKED}
    if draw(_rarely):
        facts["minutes_late"] = "20"  # another reason code asks for it as one of a list
    return Question(
        at=NOW,
        today=TODAY,
        limit=draw(money(currency)),
        grace_percent=draw(_grace),
        tier_id=draw(_one_of(1, 2)),
        team_id=draw(_one_of(1, 2)),
        reason_id=draw(_one_of(1, 2)),
        channel=draw(_one_of(*CHANNELS)),
        order_value=maybe(money(currency)),
        order_date=maybe(_days_ago),
        order_reference="" if draw(_rarely) else "A-1",
        facts={key: value for key, value in facts.items() if value is not None},
        customer_known=not draw(_rarely),
        customer_segment=maybe(_one_of("gold", "new"), ""),
        customer_since=maybe(_days_ago),
        lifetime_value=maybe(money(currency)),
        second_failure=maybe(st.booleans()),
        given=tuple(draw(st.lists(givens(known), max_size=3))),
        budget_left=left,
        budget_reach=left + draw(money(currency, 20)),
    )


@st.composite
def situations(draw: st.DrawFn, most_rules: int = 5) -> tuple[Rulebook, Question, tuple[Ask, ...]]:
    """A rulebook, a question to it, and one to three wishes; the same remedy may come twice."""
    currency = draw(_one_of(*CURRENCIES))
    known = [draw(remedies(id, currency)) for id in range(1, 1 + draw(st.integers(1, 3)))]  # noqa: A001
    book = rulebook(known, draw(st.lists(rules(known), max_size=most_rules)))
    wished = draw(st.lists(st.integers(0, len(known) - 1), min_size=1, max_size=3))
    return (
        book,
        draw(questions(known)),
        tuple(Ask(known[place], draw(measures(known[place]))) for place in wished),
    )
