"""Reads the sentence of a rule back into what the rule says: the tests' own reader.

It knows the sentence's words and the names of a company's own things, and nothing of how the
program writes them. What two rules say differently has to read differently.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_CHANNELS = {
    "at the doorstep": "doorstep",
    "by phone": "phone",
    "at the counter": "counter",
    "by chat": "chat",
    "by e-mail": "email",
    "on the web": "web",
}
_OPERATORS = {
    "is one of": "in",
    "is not": "ne",
    "is less than": "lt",
    "is at most": "le",
    "is more than": "gt",
    "is at least": "ge",
    "is": "eq",
}
_SENTENCE = re.compile(
    r"(?P<who>(?:Any|No) .+?|Anyone(?: in .+?)?|Nobody(?: in .+?)?) may give (?P<what>.+?)"
    r"(?:, but at most (?P<most>.+?)(?P<grace>, and a little further by the tier's grace)?"
    r"|, up to (?P<least>.+?))?(?P<rest>(?:, (?:after|for|when|and it|at the|by|on the) .+)?)\."
)
_OWED = re.compile(
    r"Customers are owed (?P<what>.+?), up to (?P<least>.+?)(?:, from (?P<who>any(?:one)? .+?))?"
    r"(?P<rest>(?:, (?:after|for|when|and it|at the|by|on the) .+)?)\."
)
_FIGURE = re.compile(
    r"(?:(?P<times>once|twice|\d+ times)|(?P<percent>[\d.]+) % of the order"
    r"|[A-Z]{0,2}[$£](?P<amount>[\d,.]+)|(?P<quantity>\d+) [^,]+?)"
    r"(?: per (?P<per>case|order|customer)(?: in (?P<days>\d+) days?)?)?"
)
# A fact by its label, within so many days, an operator, and the values it is compared with.
Compared = tuple[str, int | None, str, frozenset[str | Decimal]]


@dataclass(frozen=True)
class Said:
    """What a rule says, in plain values; conditions by label, as the sentence has them."""

    effect: str
    remedies: frozenset[str]
    measure: str = ""
    value: Decimal | None = None
    per: str = "case"
    window_days: int | None = None
    entitlement: bool = False
    allows_grace: bool = False
    review_afterwards: bool = False
    tiers: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    conditions: frozenset[Compared] = frozenset()


def read(sentence: str) -> Said:
    """What the sentence says. A sentence that can't be read fails the test."""
    owed = _OWED.fullmatch(sentence)
    match = owed or _SENTENCE.fullmatch(sentence)
    assert match is not None, sentence
    parts = match.groupdict()
    figure = parts.get("most") or parts["least"]
    reasons, channels, conditions, reviewed = _rest(parts["rest"])
    measure, value, per, days = _figure(figure) if figure else ("", None, "case", None)
    tiers, teams = _who(parts["who"] or "Anyone")
    return Said(
        effect="forbid" if not figure else "restrict" if parts.get("most") else "grant",
        remedies=frozenset() if parts["what"] == "anything" else _listed(parts["what"]),
        measure=measure,
        value=value,
        per=per,
        window_days=days,
        entitlement=owed is not None,
        allows_grace=bool(parts.get("grace")),
        review_afterwards=reviewed,
        tiers=tiers,
        teams=teams,
        reasons=reasons,
        channels=channels,
        conditions=conditions,
    )


def _who(words: str) -> tuple[frozenset[str], frozenset[str]]:
    tiers, _, teams = words.partition(" in ")
    kind, _, named = tiers.partition(" ")
    assert kind in {"Any", "any", "No", "Anyone", "anyone", "Nobody"}
    return _listed(named), _listed(teams)


def _figure(words: str) -> tuple[str, Decimal, str, int | None]:
    match = _FIGURE.fullmatch(words)
    assert match is not None, words
    per = match["per"] or "order"
    days = int(match["days"]) if match["days"] else None
    if times := match["times"]:
        count = {"once": 1, "twice": 2}.get(times) or int(times.split()[0])
        return "times", Decimal(count), per, days
    for measure in ("percent", "amount", "quantity"):
        if number := match[measure]:
            return measure, Decimal(number.replace(",", "")), per, days
    raise AssertionError(words)


def _rest(
    words: str,
) -> tuple[frozenset[str], frozenset[str], frozenset[Compared], bool]:
    words, afterwards, _ = words.partition(", and it is read afterwards")
    where, _, conditions = words.partition(", when ")
    reasons, channels = "", where.removeprefix(", ")
    if channels.startswith(("after ", "for ")):
        reasons, channels = channels.split(" ", 1)[1], ""
        place = re.search(r", (?=at the|by |on the)", reasons)
        if place:
            reasons, channels = reasons[: place.start()], reasons[place.end() :]
    told = [_condition(c) for c in conditions.split(" and ")] if conditions else []
    through = frozenset(_CHANNELS[c] for c in _listed(channels))
    return _listed(reasons), through, frozenset(told), bool(afterwards)


def _condition(words: str) -> Compared:
    said = next(said for said in _OPERATORS if f" {said} " in words)
    fact, _, value = words.partition(f" {said} ")
    window = re.search(r" in (\d+) days?$", fact)
    label = fact[: window.start()] if window else fact
    days = int(window[1]) if window else None
    values = _listed(value) if said == "is one of" else [value]
    return label, days, _OPERATORS[said], frozenset(plain(value) for value in values)


def plain(value: str) -> str | Decimal:
    """A value without its sign, its unit and the commas between thousands."""
    bare = re.sub(r"^[A-Z]{0,2}[$£]| (minutes|days|GB)$|,(?=\d{3})", "", value)
    return Decimal(bare) if re.fullmatch(r"[\d.]+", bare) else bare


def _listed(words: str) -> frozenset[str]:
    return frozenset(part for part in re.split(r", | or ", words) if part)
