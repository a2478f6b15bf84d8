"""Rulebooks and questions in a line each, without a database.

`rulebook([money_off()], [rule("restrict", "10.00")])`; a rule's id is its place in the list.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from policies.authority import Ask
from policies.facts import BUILT_IN, FactKind, FactTerms
from policies.question import Given, Question
from policies.rules import ConditionTerms, RemedyTerms, Rule, Rulebook

NOW = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
TODAY = date(2026, 3, 1)
A_DAY = timedelta(days=1)

ASKED = {
    "minutes_late": FactTerms("minutes_late", "minutes late", FactKind.NUMBER, "minutes"),
    "seal_broken": FactTerms("seal_broken", "seal broken", FactKind.YES_NO),
    "plan": FactTerms("plan", "plan", FactKind.CHOICE, choices=("basic", "plus", "max")),
}


def remedy(code: str = "money-off", **terms: Any) -> RemedyTerms:
    """A remedy given as an amount, at cost; in USD."""
    wording = {"rationale": f"Why {code}.", "customer_wording": f"Words for {code}."}
    return RemedyTerms(
        **{"id": 1, "name": code, "code": code, "currency": "USD", **wording, **_exact(terms)}
    )


def by_unit(
    code: str, cost: str | Decimal, face: str | Decimal | None = None, **terms: Any
) -> RemedyTerms:
    """A remedy given by quantity, at so much each; at most 10 in a case."""
    return remedy(
        code,
        **{
            "cost_per_unit": cost,
            "face_per_unit": cost if face is None else face,
            "max_quantity": 10,
            **terms,
        },
    )


def rule(effect: str = "restrict", value: str | Decimal = "0", **terms: Any) -> Rule:
    """A rule on everything, long in force: by default a restriction of an amount per case."""
    told = f"{effect} {value}"
    return Rule(
        **{
            "id": 0,
            "version": 1,
            "title": told,
            "effect": effect,
            "measure": "" if effect == "forbid" else "amount",
            "value": Decimal(value),
            "per": "case",
            "window_days": None,
            "entitlement": False,
            "allows_grace": False,
            "review_afterwards": False,
            "rationale": f"Why we {told}.",
            "customer_wording": f"Words for {told}.",
            "starts_at": NOW - 30 * A_DAY,
            "ends_at": None,
            **{key: _scope(key, term) for key, term in terms.items()},
        }
    )


def when(
    fact: str | FactTerms, operator: str, value: Any, window_days: int | None = None
) -> ConditionTerms:
    """A condition: `when("minutes_late", "ge", "30")`. Texts of numbers become numbers."""
    terms = fact if isinstance(fact, FactTerms) else (BUILT_IN | ASKED)[fact]
    if operator == "in":
        read: Any = frozenset(_fact(terms, each) for each in value)
    else:
        read = _fact(terms, value)
    return ConditionTerms(terms, operator, read, window_days)


def rulebook(remedies: Sequence[RemedyTerms], rules: Sequence[Rule] = ()) -> Rulebook:
    """A rulebook with these remedies and rules, numbered by their places from 1 on."""
    return Rulebook(
        division_id=1,
        version=1,
        currency=remedies[0].currency,
        remedies=tuple(remedies),
        rules=tuple(replace(r, id=r.id or place) for place, r in enumerate(rules, start=1)),
    )


def question(limit: str = "25.00", **known: Any) -> Question:
    """Someone with this limit per case asks now; nothing else is known."""
    return Question(**{"at": NOW, "today": TODAY, "limit": Decimal(limit), **_exact(known)})


def given(remedy: RemedyTerms, measure: str, **how: Any) -> Given:
    """Something given an hour ago, in this case, within the tier's limit."""
    much = Decimal(measure)
    return Given(
        **{
            "remedy_id": remedy.id,
            "measure": much,
            "face_value": remedy.face_value_of(much),
            "cost": remedy.cost_of(much),
            "against_limit": remedy.cost_of(much),
            "at": NOW - timedelta(hours=1),
            **_exact(how),
        }
    )


def earlier(remedy: RemedyTerms, measure: str, *, days: int = 0, **how: Any) -> Given:
    """Something given to this customer in another case, so many days ago."""
    return given(
        remedy,
        measure,
        **{"at": NOW - days * A_DAY, "this_case": False, "this_order": False, **how},
    )


def ask(remedy: RemedyTerms, measure: str) -> Ask:
    """A wish to give so much."""
    return Ask(remedy, Decimal(measure))


_MONEY = {
    "cost_share",
    "cost_per_unit",
    "face_per_unit",
    "grace_percent",
    "order_value",
    "lifetime_value",
    "budget_left",
    "budget_reach",
    "face_value",
    "against_limit",
    "cost",
}


def _exact(terms: dict[str, Any]) -> dict[str, Any]:
    return {
        key: Decimal(term) if key in _MONEY and isinstance(term, str) else term
        for key, term in terms.items()
    }


def _scope(key: str, term: Any) -> Any:
    if key == "remedies":
        return frozenset(r.id if isinstance(r, RemedyTerms) else r for r in term)
    if key in ("reason_codes", "tiers", "teams", "channels"):
        return frozenset(term)
    return tuple(term) if key == "conditions" else term


def _fact(terms: FactTerms, value: Any) -> Any:
    number = terms.kind in (FactKind.NUMBER, FactKind.MONEY) and isinstance(value, str)
    return Decimal(value) if number else value
