"""What changed, and where, in two or three sentences that are made from the numbers.

What must stay true: each sentence is true for every month, also one without anything in it; nothing
is read from fewer than `measures.SMALLEST_SHOWN`; no person is named.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.text import capfirst

from employees.counts import counted
from employees.money import format_money
from reports import measures
from reports.charts.ranked import NamedGaps
from reports.figures import By
from reports.measure_words import (
    amount_change,
    answered_words,
    score_words,
    share_change,
    share_words,
    times_words,
)
from reports.measures import Cases, Costs, Satisfaction
from reports.monthly.known import Known
from reports.monthly.lines import enough

_NOTABLE = Decimal("0.03")  # of a share: less is noise in most months
_PLACES = {
    By.TEAM: "in the team “{}”",
    By.REMEDY: "for “{}”",
    By.REASON: "after “{}”",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of both months: what was of one team, one remedy or one reason code."""

    by: By
    name: str
    costs: Costs
    costs_before: Costs
    cases: Cases
    cases_before: Cases

    @property
    def where(self) -> str:
        """Such as: for “Money off”."""
        return _PLACES[self.by].format(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What the sentences are made of: "October", against "in September".

    `before` is None where nothing is known of it; `stopped` is what rules and limits stopped, those
    that did so most often first.
    """

    named: str
    before_in_words: str
    currency: str
    now: Known
    before: Known | None
    parts: Sequence[Part]
    stopped: Sequence[NamedGaps]

    def money(self, amount: Decimal) -> str:
        """An amount in the currency's own form."""
        return format_money(amount, self.currency)


def sentences(told: Month) -> tuple[str, ...]:
    """Say what changed: the cost, how content customers were, and one thing more."""
    found = (_cost(told), _satisfaction(told), _first_contact(told) or _stopped(told))
    return tuple(sentence for sentence in found if sentence)


def _cost(told: Month) -> str:
    cost, before = told.now.cost or Decimal(0), told.before
    if cost < 0:
        return f"In {told.named}, {told.money(-cost)} more came back than was spent."
    if before is None:
        if not told.now.given and not cost:
            return f"Nothing was given in {told.named}."
        cases = counted(told.now.put_right or 0, "case")
        return f"{told.named} cost {told.money(cost)}, with {cases} put right."
    was = before.cost or Decimal(0)
    if cost == was:
        if not cost:
            return f"Nothing was spent in {told.named}, as {told.before_in_words}."
        return f"{told.named} cost {told.money(cost)}, the same as {told.before_in_words}."
    if was <= 0:
        return f"{told.named} cost {told.money(cost)}, after nothing {told.before_in_words}."
    if not cost:
        return f"Nothing was spent in {told.named}, after {told.money(was)} {told.before_in_words}."
    return _cost_change(told, cost, was)


def _cost_change(told: Month, cost: Decimal, was: Decimal) -> str:
    begin = f"{told.named} cost {told.money(cost)}"
    if told.before is None or not enough(told.now.given, told.before.given):
        return (
            f"{begin}, after {told.money(was)} {told.before_in_words}: "
            "too few remedies were given to read anything from that."
        )
    more = "more" if cost > was else "less"
    by = amount_change(cost, was, told.before_in_words)
    if more not in by and "as much" not in by:
        return f"{begin}, about {by}."
    said = f"{begin}, which is {by}."
    part = _weightiest(told.parts, _cost_grew, up=cost > was)
    if part is None:
        return said
    grew, all_of_it = abs(_cost_grew(part)), abs(cost - was)
    if grew > all_of_it:  # others went the other way
        return f"{said} {capfirst(part.where)} alone it was {told.money(grew)} {more}."
    share = "Most of that" if 2 * grew >= all_of_it else "The largest part of that"
    return f"{said} {share} was {part.where}: {told.money(grew)} {more}."


def _satisfaction(told: Month) -> str:
    now, before = told.now, told.before
    said, was = now.satisfaction, before.satisfaction if before else None
    if not now.asked:
        return ""
    answered = answered_words(said, now.asked)
    if said is None or not enough(said.answers):
        return f"Of the customers who were asked how it went, {answered}: too few to read from."
    if was is None or not enough(was.answers):
        return f"Customers gave {score_words(said)} ({answered})."
    if _tenths(said) == _tenths(was):
        return f"Satisfaction stayed at {score_words(said)} ({answered})."
    up = _tenths(said) > _tenths(was)
    change = f"{'rose' if up else 'fell'} from {_tenths(was)} to {score_words(said)}"
    part = _weightiest(told.parts, _content_grew, up=up)
    scores = _scores(part) if part else None
    if part is None or scores is None:
        return f"Satisfaction {change} ({answered})."
    weighs = f"That weighs most {part.where}: from {scores[1]} to {scores[0]}"
    return f"Satisfaction {change} ({answered}). {weighs}."


def _first_contact(told: Month) -> str:
    now, before = told.now, told.before
    if before is None or now.first_contact is None or before.first_contact is None:
        return ""
    if not enough(now.watched, before.watched):
        return ""
    if abs(now.first_contact - before.first_contact) < _NOTABLE:
        return ""
    by = share_change(now.first_contact, before.first_contact, told.before_in_words)
    return f"{share_words(now.first_contact)} of the cases were solved at first contact, {by}."


def _stopped(told: Month) -> str:
    if not told.stopped or not enough(told.stopped[0].gaps):
        return ""
    most = told.stopped[0]
    return (
        f"What people could not do was most often stopped by “{most.name}”: "
        f"{times_words(most.gaps)}, and would have cost {told.money(most.cost)}."
    )


def _weightiest(parts: Sequence[Part], grew: Callable[[Part], Decimal], *, up: bool) -> Part | None:
    """The part that grew (or shrank) most, of those that are not all there is."""
    so_many = Counter(part.by for part in parts)
    several = [part for part in parts if so_many[part.by] > 1]
    sign = 1 if up else -1
    most = max(several, key=lambda part: sign * grew(part), default=None)
    return most if most is not None and sign * grew(most) > 0 else None


def _cost_grew(part: Part) -> Decimal:
    if not enough(part.costs.given + part.costs_before.given):
        return Decimal(0)
    return measures.cost(part.costs) - measures.cost(part.costs_before)


def _content_grew(part: Part) -> Decimal:
    """How much its scores moved the average: the change of its score, by its answers."""
    scores = _scores(part)
    if scores is None:
        return Decimal(0)
    return measures.answers(part.cases) * (scores[0] - scores[1])


def _scores(part: Part) -> tuple[Decimal, Decimal] | None:
    """Its score now and before, as they are told; None where too few answered."""
    now, before = measures.satisfaction(part.cases), measures.satisfaction(part.cases_before)
    if now is None or before is None or not enough(now.answers, before.answers):
        return None
    return _tenths(now), _tenths(before)


def _tenths(said: Satisfaction) -> Decimal:
    """A score to one place, as it is told."""
    return said.score.quantize(Decimal("0.1"), ROUND_HALF_UP)
