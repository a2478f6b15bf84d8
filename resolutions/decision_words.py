"""A stored decision, as a person reads it: what was asked, and every bound with its reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from employees.money import format_money

_KINDS = {
    "tier": "The tier's limit for the case",
    "grant": "A rule grants",
    "restriction": "A rule allows at most",
    "forbidden": "A rule forbids",
    "remedy": "The remedy's own maximum",
    "budget": "What is left of the month",
}
_VERDICTS = {
    "within": "Within authority",
    "grace": "A little further, read afterwards",
    "outside": "Outside authority",
}


@dataclass(frozen=True, slots=True)
class BoundWords:
    """One bound that was considered."""

    what: str
    limit: str
    with_grace: str
    why: str
    only_when: str
    binds: bool
    policy: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """A decision: what was asked, what came out, and what it rested on."""

    verdict: str
    asked: str
    limit: str
    counted_in: str
    bounds: tuple[BoundWords, ...]


def decision_words(decision: Mapping[str, Any], currency: str) -> DecisionWords | None:
    """The stored decision in words; None where nothing was decided."""
    if not decision.get("verdict"):
        return None
    return DecisionWords(
        verdict=_VERDICTS.get(decision["verdict"], ""),
        asked=measure(decision.get("asked"), decision, currency),
        limit=measure(decision.get("limit"), decision, currency),
        counted_in=decision.get("unit", "") if decision.get("measured_in") == "quantity" else "",
        bounds=tuple(_bounds(decision, currency)),
    )


def kind_words(kind: str) -> str:
    """What kind of bound it was."""
    return _KINDS.get(kind, "")


def measure(value: str | None, decision: Mapping[str, Any], currency: str) -> str:
    """An amount in the currency's form, or a number of units; without a value, no limit."""
    if value is None:
        return "no limit"
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if decision.get("measured_in") == "quantity":
        return value
    return format_money(number, currency)


def _bounds(decision: Mapping[str, Any], currency: str) -> Iterator[BoundWords]:
    binding = decision.get("binding") or {}
    for bound in decision.get("bounds") or ():
        title = f": {bound['title']}" if bound.get("title") else ""
        limit, reach = (
            measure(bound.get(key), decision, currency) for key in ("limit", "limit_with_grace")
        )
        yield BoundWords(
            what=f"{kind_words(bound.get('kind', ''))}{title}",
            limit=limit,
            with_grace=reach if reach != limit else "",
            why=bound.get("rationale") or "",
            only_when=bound.get("only_when") or "",
            binds=bound == binding,
            policy=bound.get("policy"),
        )
