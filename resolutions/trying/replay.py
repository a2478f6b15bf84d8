"""Decides each request of the past twice: with the rulebook as it was, and with it changed.

Pure: no database, no clock. What must stay true:

- A rulebook that decides the same shows no difference, and two runs show the same ones.
- A request that the change can't bear on is not decided at all; deciding it would show nothing.
- What is given only where the change holds counts there from then on: in its case, on its order
  and for its customer. What is refused only there counts as not given.

Requests come in the order in which they were asked. It remembers the differences, and nothing of
the requests without one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policies.authority import Ask, judge
from policies.decision import Decision, Verdict
from policies.question import Question
from policies.rules import Rulebook
from resolutions.trying.again import GivenLately
from resolutions.trying.asked import Asked, Before, Wish
from resolutions.trying.bearing import Bearing, Bearings, Change
from resolutions.trying.difference import Difference, Kind, difference_of
from resolutions.trying.elsewhere import Elsewhere


@dataclass(slots=True)
class Counted:
    """How much was replayed: all that was given, and the refusals that the change is about.

    Whatever else is refused no more is among these, too. `unclear` is what the rules of then do
    not explain: it stays as it was.
    """

    given: int = 0
    refusals: int = 0
    unclear: int = 0


class Replay:
    """Two rulebooks, side by side, through one stretch of the past."""

    def __init__(self, rulebook: Rulebook, change: Change) -> None:
        self._change = change
        self._remedies = {remedy.id: remedy for remedy in rulebook.remedies}
        self._bearings = Bearings(rulebook, change)
        self._lately = GivenLately()
        self._elsewhere = Elsewhere(
            per_customer=self._bearings.per_customer, per_order=self._bearings.per_order
        )
        self.counted = Counted()

    def bearing(self, asked: Asked) -> Bearing:
        """What can bear on this request."""
        return self._bearings.at(asked.question)

    def differences(self, asked: Asked, around: Before) -> Iterator[Difference]:
        """What would have gone differently, wish by wish.

        `around` is what was given, in fact, in the same case, on the same order and to the same
        customer, as far as `bearing` counts it.
        """
        if not asked.refused:
            self.counted.given += len(asked.wishes)
        bearing = self.bearing(asked)
        if not self._is_concerned(asked, bearing):
            return
        spared = [self._lately.spares(asked, wish) for wish in asked.wishes]
        facts = [row for row in around if row.before(asked)]
        after = self._judged(asked, self._there(asked, facts), bearing.after)
        if not asked.refused and not any(spared) and all(map(_as_in_fact, asked.wishes, after)):
            return
        before = self._judged(asked, self._in_fact(asked, facts), bearing.before)
        for wish, then, now, not_asked in zip(asked.wishes, before, after, spared, strict=True):
            about = self._change.of_limit(asked) or bearing.on(wish.remedy_id)
            difference = self._difference(asked, wish, then, now, spared=not_asked, about=about)
            if difference is not None:
                self._elsewhere.remember(difference)
                if difference.kind == Kind.ALLOWED:
                    self._lately.add(asked, wish)
                yield difference

    def _is_concerned(self, asked: Asked, bearing: Bearing) -> bool:
        """Whether the answer can be another: the change is about it, or about what came before."""
        return (
            self._change.of_limit(asked)
            or any(
                bearing.on(wish.remedy_id) or self._lately.spares(asked, wish)
                for wish in asked.wishes
            )
            or any(bearing.on(remedy_id) for remedy_id, _ in asked.beside)
            or self._elsewhere.is_different_for(asked, bearing)
        )

    def _difference(
        self,
        asked: Asked,
        wish: Wish,
        before: Decision,
        after: Decision,
        *,
        spared: bool,
        about: bool,
    ) -> Difference | None:
        """What is different, where the rules of then explain what was done.

        `about` says that the change itself is about it.
        """
        was_refused = before.verdict == Verdict.OUTSIDE
        if wish.refused != was_refused:
            self.counted.unclear += 1
            return None
        allowed = after.verdict != Verdict.OUTSIDE
        difference = difference_of(asked, wish, before, after, allowed=allowed, spared=spared)
        if was_refused and (about or difference is not None):
            self.counted.refusals += 1
        if difference is None and not was_refused and after.against_limit != before.against_limit:
            self._elsewhere.against_limit(asked, wish.id, after.against_limit)
        return difference

    def _judged(self, asked: Asked, question: Question, rulebook: Rulebook) -> tuple[Decision, ...]:
        """The decision on each wish, next to what was asked beside them."""
        asks = [Ask(self._remedies[wish.remedy_id], wish.measure) for wish in asked.wishes]
        asks += [Ask(self._remedies[remedy_id], measure) for remedy_id, measure in asked.beside]
        return judge(rulebook, question, asks)[: len(asked.wishes)]

    def _in_fact(self, asked: Asked, facts: Before) -> Question:
        given = tuple(row.seen_from(asked, row.against_limit) for row in facts)
        return replace(asked.question, given=given) if given else asked.question

    def _there(self, asked: Asked, facts: Before) -> Question:
        """The question where the change holds."""
        question, given = asked.question, self._elsewhere.given(asked, facts)
        if given:
            question = replace(question, given=given)
        if self._change.of_limit(asked):
            question = replace(
                question, limit=self._change.limit, grace_percent=self._change.grace_percent
            )
        return question


def _as_in_fact(wish: Wish, decision: Decision) -> bool:
    """Whether what was given would be given just so: then nobody needs to ask the rules of then."""
    return (
        decision.verdict != Verdict.OUTSIDE
        and (decision.owed, decision.review) == (wish.owed, wish.review)
        and decision.against_limit == wish.against_limit
    )
