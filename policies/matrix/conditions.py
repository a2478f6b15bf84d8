"""The conditions of a rule in one cell: `minutes_late >= 30; plan in (basic, plus)`.

Facts are read by key or by label, comparisons by sign or in words; written is one form only, so
that rules with the same conditions have the same cell. All conditions of a cell have to hold.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError

from employees.money import places
from employees.typed_money import amount_text, read_typed_money
from policies.complete import refuse_bad_comparison
from policies.facts import FactKind, FactTerms, FactValue, Operator, read_value, read_values
from policies.matrix.quoting import quoted, split, unquoted
from policies.models import Channel, Condition

_WRITTEN = {
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "!=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.MORE: ">",
    Operator.AT_LEAST: ">=",
    Operator.IN: "in",
}
_READ: dict[str, Operator] = {
    **{sign: operator for operator, sign in _WRITTEN.items()},
    **{operator.label: operator for operator in Operator},
    "is under": Operator.LESS,
    "is below": Operator.LESS,
    "is over": Operator.MORE,
    "is above": Operator.MORE,
    "==": Operator.EQUAL,
    "≠": Operator.NOT_EQUAL,
    "<>": Operator.NOT_EQUAL,
    "≤": Operator.AT_MOST,
    "≥": Operator.AT_LEAST,
}
_SIGNS = "|".join(re.escape(s) for s in sorted(_READ, key=len, reverse=True) if not s[0].isalpha())
_WORDS = "|".join(
    w.replace(" ", r"\s+") for w in sorted(_READ, key=len, reverse=True) if w[0].isalpha()
)
_AFTER_FACT = re.compile(
    r"\s*(?:(?:with)?in\s+(?:the\s+last\s+)?(?P<days>\d+)\s+days?\b)?"
    rf"\s*(?P<sign>{_SIGNS}|(?:{_WORDS})(?=[\s(\"]))\s*(?P<value>.+)",
    re.IGNORECASE | re.DOTALL,
)


def write_conditions(
    conditions: Iterable[Condition], facts: Mapping[str, FactTerms], currency: str
) -> str:
    """All of them as one cell, the same for the same conditions in any order."""
    return "; ".join(sorted({_write(c, facts.get(c.fact), currency) for c in conditions}))


def read_conditions(text: str, facts: Mapping[str, FactTerms], currency: str) -> list[Condition]:
    """The conditions in a cell. Raises ValidationError with a sentence for each that is wrong."""
    found, wrong = [], []
    for part in split(text, ";\n"):
        try:
            found.append(_read(part, facts, currency))
        except ValidationError as error:
            wrong += [f"“{part[:80]}”: {words}" for words in error.messages]
    if wrong:
        raise ValidationError(wrong)
    return found


def _write(condition: Condition, fact: FactTerms | None, currency: str) -> str:
    days = f" in {condition.window_days} days" if condition.window_days is not None else ""
    sign = _WRITTEN[Operator(condition.operator)]
    return f"{condition.fact}{days} {sign} {_compared(condition, fact, currency)}"


def _compared(condition: Condition, fact: FactTerms | None, currency: str) -> str:
    """What the fact is compared with; as it is stored where it makes no sense any more."""
    stored = quoted(condition.value)
    several = condition.operator == Operator.IN
    if fact is None:
        return f"({stored})" if several else stored
    try:
        if not several:
            return quoted(_text(fact, read_value(fact, condition.value), currency))
        texts = sorted(_text(fact, v, currency) for v in read_values(fact, condition.value))
        return f"({', '.join(map(quoted, texts))})"
    except ValidationError:
        return f"({stored})" if several else stored


def _text(fact: FactTerms, value: FactValue, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return amount_text(value, places(currency) if fact.kind == FactKind.MONEY else 0)
    return value


def _read(part: str, facts: Mapping[str, FactTerms], currency: str) -> Condition:
    for called_so, rest in _facts_named(part, facts):
        if match := _AFTER_FACT.fullmatch(rest):
            fact = _only(called_so)
            operator = _READ[re.sub(r"\s+", " ", match["sign"].lower())]
            value = _read_compared(match["value"], operator, fact, currency)
            days = _days(match["days"]) if match["days"] else None
            condition = Condition(fact=fact.key, operator=operator, value=value, window_days=days)
            refuse_bad_comparison(condition, facts)
            return condition
    if any(_facts_named(part, facts)):
        raise ValidationError("Write a comparison and a value, such as minutes_late >= 30.")
    raise ValidationError(f"It does not begin with a fact. Known: {', '.join(facts)}.")


def _days(digits: str) -> int:
    """The number; where it has too many digits its first ones, which are too many days as well."""
    return int(digits.lstrip("0")[:9] or 0)


def _only(called_so: list[FactTerms]) -> FactTerms:
    """The fact that is meant. Raises ValidationError where several are called so."""
    if len(called_so) > 1:
        keys = " or ".join(fact.key for fact in called_so)
        raise ValidationError(f"Several facts are called “{called_so[0].label}”: write {keys}.")
    return called_so[0]


def _facts_named(
    part: str, facts: Mapping[str, FactTerms]
) -> Iterator[tuple[list[FactTerms], str]]:
    """The facts with whose key or label the part begins, and the rest of it; the longest first.

    Several, where they share that label.
    """
    by_label: defaultdict[str, list[FactTerms]] = defaultdict(list)
    for fact in facts.values():
        by_label[fact.label.lower()].append(fact)
    names = [(key, [fact]) for key, fact in facts.items()]
    names += [(called_so[0].label, called_so) for called_so in by_label.values()]
    for name, called_so in sorted(names, key=lambda named: -len(named[0])):
        rest = part[len(name) :]
        if part[: len(name)].lower() == name.lower() and not re.match(r"\w", rest):
            yield called_so, rest


def _read_compared(text: str, operator: Operator, fact: FactTerms, currency: str) -> str:
    """The value as a condition keeps it. Raises ValidationError."""
    if operator != Operator.IN:
        return _read_one(unquoted(text.strip()), fact, currency)
    bare = text.strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    try:
        values = [_read_one(unquoted(each), fact, currency) for each in split(bare, ",")]
    except ValueError as error:
        raise ValidationError(str(error)) from error
    if any("," in value for value in values):
        raise ValidationError("A value in a list can't have a comma in it.")
    return ", ".join(values)


def _read_one(text: str, fact: FactTerms, currency: str) -> str:
    if fact.kind == FactKind.MONEY:
        text = f"{read_typed_money(text, currency):f}"
    elif fact.kind == FactKind.NUMBER and fact.unit:
        text = re.sub(rf"\s*{re.escape(fact.unit)}$", "", text, flags=re.IGNORECASE)
    elif fact.kind == FactKind.CHOICE:
        text = _choice(text, fact)
    return _text(fact, read_value(fact, text), currency)


def _choice(text: str, fact: FactTerms) -> str:
    """The choice that is meant, however it is capitalised; a channel by its name, too."""
    known = {choice.lower(): choice for choice in fact.choices}
    if fact.key == "channel":
        known = {channel.label.lower(): channel.value for channel in Channel}
    return text if text in fact.choices else known.get(text.lower(), text)
