"""Rules in plain words: what a policy says, from its row.

Pure functions, for the admin, the handbook and whoever else tells people what a rule means. Read
the rows with `Policy.objects.readable()`, so that a list of them costs a fixed number of queries.
Amounts are written in the form of the division's currency.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError

from employees.money import format_money
from employees.typed_money import amount_text
from policies.facts import (
    BUILT_IN,
    FactKind,
    FactTerms,
    FactValue,
    Operator,
    read_value,
    read_values,
)
from policies.models import Channel, Condition, Costing, Effect, Measure, Per, Policy, Remedy
from policies.rulebook import fact_terms

_BY_CHANNEL = {
    Channel.DOORSTEP: "at the doorstep",
    Channel.PHONE: "by phone",
    Channel.COUNTER: "at the counter",
    Channel.CHAT: "by chat",
    Channel.EMAIL: "by e-mail",
    Channel.WEB: "on the web",
}
_BY_EFFECT = {Effect.GRANT: "At least", Effect.RESTRICT: "At most", Effect.FORBID: "Never"}


def rule_sentence(policy: Policy) -> str:
    """The whole rule in a sentence.

    "At most 100 % of the order, for Money off the bill, if order value is more than $50.00."
    """
    if policy.effect == Effect.FORBID:
        what = f"No {any_of(names(policy.remedies.all()))}" if policy.remedies.all() else "Nothing"
    else:
        what = f"{effect_words(policy)} {how_much(policy)}"
        if policy.remedies.all():
            what += f", for {any_of(names(policy.remedies.all()))}"
    where = circumstances(policy)
    conditions = conditions_words(policy)
    parts = [what, where, f"if {conditions}" if conditions else ""]
    return ", ".join(part for part in parts if part) + "."


def effect_words(policy: Policy) -> str:
    """At least, at most, or never; owed for what the customer is owed."""
    words = _BY_EFFECT[Effect(policy.effect)]
    return f"Owed: {words.lower()}" if policy.entitlement else words


def how_much(policy: Policy) -> str:
    """The rule's figure and what it counts together: "$25.00 per case", "once per customer".

    Empty for a rule that forbids.
    """
    if policy.effect == Effect.FORBID or policy.value is None:
        return ""
    figure, value = "", policy.value
    match policy.measure:
        case Measure.AMOUNT:
            figure = format_money(value, policy.division.currency)
        case Measure.PERCENT:
            figure = f"{number(value)} % of the order"
            if policy.per == Per.ORDER:
                return figure
        case Measure.QUANTITY:
            figure = f"{number(value)} {_unit(policy.remedies.all(), value)}".strip()
        case Measure.TIMES:
            figure = {1: "once", 2: "twice"}.get(int(value), f"{number(value)} times")
    return f"{figure} {per_words(policy)}"


def per_words(policy: Policy) -> str:
    """What the rule counts together: "per case", "per customer in 30 days"."""
    if policy.per == Per.CUSTOMER and policy.window_days:
        return f"per customer in {days(policy.window_days)}"
    return f"per {Per(policy.per).label.lower()}"


def circumstances(policy: Policy) -> str:
    """Where it applies, but for the remedies: reason codes, tiers, teams and channels."""
    parts = [
        _after("for", names(policy.reason_codes.all()))
        if policy.effect == Effect.FORBID
        else _after("after", names(policy.reason_codes.all())),
        _after("given by", names(policy.tiers.all())),
        _after("in", names(policy.teams.all())),
        any_of([_BY_CHANNEL[Channel(c)] for c in policy.channels if c in _BY_CHANNEL]),
    ]
    return ", ".join(part for part in parts if part)


def scope_words(policy: Policy) -> str:
    """Everything it covers, for a column: "Voucher, after Late, by phone", or "everything"."""
    remedies = any_of(names(policy.remedies.all()))
    return ", ".join(p for p in (remedies, circumstances(policy)) if p) or "everything"


def conditions_words(policy: Policy) -> str:
    """All of its conditions: "minutes late is at least 30 and seal broken is yes"."""
    facts = facts_of(policy)
    currency = policy.division.currency
    return " and ".join(condition_words(c, facts, currency) for c in policy.conditions.all())


def condition_words(condition: Condition, facts: Mapping[str, FactTerms], currency: str) -> str:
    """One comparison: "order value is more than $50.00"."""
    fact = facts.get(condition.fact)
    if fact is None:
        fact = FactTerms(condition.fact, condition.fact.replace("_", " "), FactKind.CHOICE)
    label = fact.label
    if condition.window_days:
        label += f" in {days(condition.window_days)}"
    comparison = Operator(condition.operator).label
    return f"{label} {comparison} {_compared(condition, fact, currency)}"


def notes(policy: Policy) -> list[str]:
    """What else there is to know about it, each in a few words."""
    return [
        words
        for holds, words in (
            (policy.entitlement, "Charged to the division, not to the employee's month"),
            (policy.allows_grace, "The tier's grace may go beyond it"),
            (policy.review_afterwards, "Looked at afterwards"),
        )
        if holds
    ]


def costing_words(remedy: Remedy) -> str:
    """What a remedy costs the company: "$5.00 a pizza, worth $15.00; at most 2 in a case"."""
    currency = remedy.division.currency
    match remedy.costing:
        case Costing.SHARE:
            return f"{remedy.cost_share_percent} % of the amount given"
        case Costing.PER_UNIT if remedy.cost_per_unit is not None:
            words = f"{format_money(remedy.cost_per_unit, currency)} a {remedy.unit or 'piece'}"
            if remedy.face_value_per_unit not in (None, remedy.cost_per_unit):
                words += (
                    f", worth {format_money(remedy.face_value_per_unit or Decimal(0), currency)}"
                )
            return f"{words}; at most {remedy.max_quantity} in a case"
    return "the amount given"


def facts_of(policy: Policy) -> dict[str, FactTerms]:
    """Every fact that a condition of the policy's division can compare, by its key."""
    reasons = policy.division.reason_codes.all()
    return BUILT_IN | {f.key: fact_terms(f) for r in reasons for f in r.asked_facts.all()}


def names(rows: Iterable[object]) -> list[str]:
    """What the rows are called."""
    return [str(row) for row in rows]


def any_of(words: list[str]) -> str:
    """A list as people say it: "a", "a or b", "a, b or c"."""
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def number(value: Decimal) -> str:
    """A plain number without idle zeros: "100", "12.5"."""
    return amount_text(value, at_least=0)


def days(count: int) -> str:
    """A number of days: "1 day", "30 days"."""
    return "1 day" if count == 1 else f"{count} days"


def _after(word: str, listed: list[str]) -> str:
    return f"{word} {any_of(listed)}" if listed else ""


def _unit(remedies: Iterable[Remedy], value: Decimal) -> str:
    """The remedies' unit where they share one."""
    units = {r.unit if value == 1 else (r.unit_plural or r.unit) for r in remedies}
    return units.pop() if len(units) == 1 else "pieces"


def _compared(condition: Condition, fact: FactTerms, currency: str) -> str:
    try:
        if condition.operator == Operator.IN:
            values = sorted(read_values(fact, condition.value), key=str)
            return any_of([_value(fact, value, currency) for value in values])
        return _value(fact, read_value(fact, condition.value), currency)
    except ValidationError:
        return condition.value


def _value(fact: FactTerms, value: FactValue, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        if fact.kind == FactKind.MONEY:
            return format_money(value, currency)
        unit = fact.unit if fact.unit and fact.unit not in fact.label else ""
        return f"{number(value)} {unit}".strip()
    return Channel(value).label.lower() if fact.key == "channel" and value in Channel else value
