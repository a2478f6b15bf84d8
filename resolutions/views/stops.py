"""What may not be given now, and why: never a bare no.

A rule that stops something is told with its reason and with words to say. Several remedies that
are stopped by the same thing are told of together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policies.decision import Bound, BoundKind, Decision, Verdict
from policies.rules import Rulebook
from policies.words import measured
from resolutions.views.offers import RULES, Need, Purse, listed

_TRUST = (BoundKind.TIER, BoundKind.BUDGET)
_HARD = (BoundKind.FORBIDDEN, BoundKind.RESTRICTION, BoundKind.REMEDY)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why something is not possible, for the remedies it is about."""

    title: str
    about: str
    rationale: str = ""
    words: str = ""
    only_when: str = ""
    is_rule: bool = False
    needs: tuple[Need, ...] = ()


def stops_of(
    decisions: Iterable[Decision],
    *,
    purse: Purse,
    until: str,
    needs: Mapping[str, Need],
    why_so_far: str,
) -> list[Stop]:
    """What stands in the way of each, the same thing told once; rules come first.

    `why_so_far` is the reason for the tier's limit and budget, where it is they that stop.
    """
    about: dict[tuple[object, ...], list[str]] = {}
    stops: dict[tuple[object, ...], tuple[Bound, str]] = {}
    for decision in decisions:
        bound = _in_the_way(decision)
        title = _title(bound, decision, purse, until)
        key = (bound.kind, bound.policy_id, title)
        about.setdefault(key, []).append(decision.remedy.name)
        stops[key] = (bound, title)
    return sorted(
        (
            Stop(
                title=title,
                about=listed(about[key]),
                rationale=bound.rationale or (why_so_far if bound.kind in _TRUST else ""),
                words=bound.customer_wording,
                only_when=bound.only_when,
                is_rule=bound.kind in RULES,
                needs=tuple(needs[n] for n in bound.needs if n in needs),
            )
            for key, (bound, title) in stops.items()
        ),
        key=lambda stop: not stop.is_rule,
    )


def _in_the_way(decision: Decision) -> Bound:
    """The bound to tell of: one that stays, whatever else is told, before one that waits."""
    stays = [b for b in decision.bounds if b.reach <= 0 and not b.needs]
    hard = sorted((b for b in stays if b.kind in _HARD), key=lambda b: _HARD.index(b.kind))
    waiting = [b for b in decision.bounds if b.entitlement and b.needs]
    empty = [b for b in stays if b.kind == BoundKind.BUDGET]
    return [*hard, *waiting, *empty, decision.binding][0]


def refused(refusal: Mapping[str, Any], rulebook: Rulebook, *, why_so_far: str) -> list[Stop]:
    """What an act refused, as it told it: the rule, why, and words to say."""
    return [
        _refused(told, rulebook, why_so_far)
        for told in refusal["decisions"]
        if told["verdict"] == Verdict.OUTSIDE
    ]


def _refused(told: Mapping[str, Any], rulebook: Rulebook, why_so_far: str) -> Stop:
    remedy = rulebook.remedy(told["remedy"])
    name = remedy.name if remedy else told["remedy"]
    forbidding = [b for b in told["bounds"] if b["kind"] == BoundKind.FORBIDDEN]
    bound = forbidding[0] if forbidding else told["binding"]
    title = bound["title"]
    if remedy and bound["kind"] not in RULES:
        title = {
            BoundKind.TIER: "That is more than is yours for one case",
            BoundKind.BUDGET: "That is more than is left of your month",
            BoundKind.REMEDY: "That is more than one case can have",
        }[BoundKind(bound["kind"])]
    if remedy and not forbidding and told["asked"] is not None:
        name = f"{name}, {measured(remedy, Decimal(told['asked']))}"
    return Stop(
        title=title,
        about=name,
        rationale=bound["rationale"] or (why_so_far if bound["kind"] in _TRUST else ""),
        words=bound["customer_wording"] or _words_instead(told, rulebook),
        only_when=bound.get("only_when", ""),
        is_rule=True,
    )


def _words_instead(told: Mapping[str, Any], rulebook: Rulebook) -> str:
    """Words for what can be given instead: less of the same, or else the first there is."""
    codes = [instead["remedy"] for instead in told["alternatives"]]
    code = told["remedy"] if told["remedy"] in codes else next(iter(codes), None)
    remedy = rulebook.remedy(code) if code else None
    return remedy.customer_wording if remedy else ""


def _title(bound: Bound, decision: Decision, purse: Purse, until: str) -> str:
    match bound.kind:
        case BoundKind.TIER:
            return purse.case_words(decision.remedy)
        case BoundKind.BUDGET if purse.left > 0:
            return f"Only {purse.money(purse.left)} is left of your month, until {until}"
        case BoundKind.BUDGET:
            return f"Your month is used up until {until}"
        case BoundKind.REMEDY:
            return "Given as often as one case can have it"
    return bound.title
