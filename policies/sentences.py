"""Rules in plain words: what a policy says, from its row.

Pure functions, for the admin, the handbook and whoever else tells people what a rule means. Read
the rows with `Policy.objects.readable()`, so that a list of them costs a fixed number of queries.
Amounts are written in the form of the division's currency.
"""

from collections.abc import Iterable
from decimal import Decimal

from employees.money import format_money
from policies.because import as_it_goes_on
from policies.condition_words import all_words
from policies.facts import FactTerms, comparable_facts
from policies.models import Channel, Costing, Effect, Measure, Per, Policy, Remedy
from policies.rulebook import fact_terms
from policies.words import any_of, days, names, number

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
    """What the rule means, in a sentence that means nothing else; for why, see `whole_rule`.

    "Any Driver may give Money off the bill, up to $40.00 per case, after Late, when minutes late
    is at least 30."
    """
    conditions = conditions_words(policy)
    parts = [
        _what(policy),
        _where(policy),
        f"when {conditions}" if conditions else "",
        "and it is read afterwards" if policy.review_afterwards else "",
    ]
    return ", ".join(part for part in parts if part) + "."


def whole_rule(policy: Policy) -> str:
    """The rule with its reason: "Nobody may give Voucher, because two in a month …"."""
    return f"{rule_sentence(policy)[:-1]}, because {as_it_goes_on(policy)}"


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
        by_channel(policy),
    ]
    return ", ".join(part for part in parts if part)


def scope_words(policy: Policy) -> str:
    """Everything it covers, for a column: "Voucher, after Late, by phone", or "everything"."""
    remedies = any_of(names(policy.remedies.all()))
    return ", ".join(p for p in (remedies, circumstances(policy)) if p) or "everything"


def conditions_words(policy: Policy) -> str:
    """All of its conditions: "minutes late is at least 30 and seal broken is yes"."""
    return all_words(policy.conditions.all(), facts_of(policy), policy.division.currency)


def facts_of(policy: Policy) -> dict[str, FactTerms]:
    """Every fact that a condition of the policy's division can compare, by its key."""
    reasons = policy.division.reason_codes.all()
    return comparable_facts(fact_terms(f) for r in reasons for f in r.asked_facts.all())


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
    """What it costs the company: "$5.00 for each pizza, worth $15.00; at most 2 in a case"."""
    currency = remedy.division.currency
    match remedy.costing:
        case Costing.SHARE:
            return f"{remedy.cost_share_percent} % of the amount given"
        case Costing.PER_UNIT if remedy.cost_per_unit is not None:
            cost, worth = remedy.cost_per_unit, remedy.face_value_per_unit
            words = format_money(cost, currency) if cost else "nothing"
            if cost or worth:
                words += f" for each {remedy.unit or 'piece'}"
            if worth is not None and worth != cost:
                words += f", worth {format_money(worth, currency)}"
            return f"{words}; at most {remedy.max_quantity} in a case"
    return "the amount given"


def _what(policy: Policy) -> str:
    """Who may give what, and how much of it; or that the customer is owed it."""
    given = any_of(names(policy.remedies.all())) or "anything"
    if policy.effect == Effect.FORBID:
        return f"{_who(policy, 'No', 'Nobody')} may give {given}"
    figure = how_much(policy)
    if policy.effect == Effect.RESTRICT:
        grace = ", and a little further by the tier's grace" if policy.allows_grace else ""
        return f"{_who(policy)} may give {given}, but at most {figure}{grace}"
    if not policy.entitlement:
        return f"{_who(policy)} may give {given}, up to {figure}"
    anyone = not policy.tiers.all() and not policy.teams.all()
    giver = "" if anyone else f", from {_who(policy, 'any', 'anyone')}"
    return f"Customers are owed {given}, up to {figure}{giver}"


def _who(policy: Policy, each: str = "Any", everyone: str = "Anyone") -> str:
    """Whom the rule is about: "Any Driver or Shift lead in Queens", or everyone."""
    tiers, teams = any_of(names(policy.tiers.all())), any_of(names(policy.teams.all()))
    who = f"{each} {tiers}" if tiers else everyone
    return f"{who} in {teams}" if teams else who


def _where(policy: Policy) -> str:
    """After what, and through which channels."""
    word = "for" if policy.effect == Effect.FORBID else "after"
    parts = [_after(word, names(policy.reason_codes.all())), by_channel(policy)]
    return ", ".join(part for part in parts if part)


def by_channel(policy: Policy) -> str:
    """Through which channels: "by phone or by chat"; empty for any."""
    return any_of([_BY_CHANNEL[Channel(c)] for c in policy.channels if c in _BY_CHANNEL])


def _after(word: str, listed: list[str]) -> str:
    return f"{word} {any_of(listed)}" if listed else ""


def _unit(remedies: Iterable[Remedy], value: Decimal) -> str:
    """The remedies' unit where they share one."""
    units = {r.unit if value == 1 else (r.unit_plural or r.unit) for r in remedies}
    return units.pop() if len(units) == 1 else "pieces"
