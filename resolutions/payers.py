"""Who pays for what is given in a case: a mass incident's fund, or the employee's own month.

What must stay true: the fund pays as long as it holds all that is given at once, and otherwise the
month does, with the employee's own authority; what a customer is owed is neither's. All amounts are
in the division's currency, at cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from budgets.models import Budget
from policies.authority import Ask, decide, options
from policies.decision import Decision, Verdict
from policies.question import Question
from policies.rules import Rulebook
from resolutions.models import Incident


@dataclass(frozen=True, slots=True)
class Payers:
    """Who pays for a case: the incident's fund while it holds it, else the employee's month."""

    month: Budget
    incident: Incident | None = None

    @property
    def fund(self) -> Budget | None:
        """The incident's fund, if the case is one of an incident."""
        return self.incident.fund if self.incident else None

    def decide(
        self, rulebook: Rulebook, question: Question, asks: Sequence[Ask]
    ) -> tuple[tuple[Decision, ...], Budget]:
        """Decide on what is asked together, and say which of the two pays for all of it.

        `question` is put with the month. When the fund does not hold it, the personal authority
        applies, and its answer is the answer.
        """
        if self.fund is not None and self.fund.left > 0:
            by_fund = decide(rulebook, _put_with(question, self.fund), asks)
            holds = all(decision.verdict != Verdict.OUTSIDE for decision in by_fund)
            takes = any(not decision.owed for decision in by_fund)
            if holds and (takes or not asks):
                return by_fund, self.fund
        return decide(rulebook, question, asks), self.month

    def options(
        self, rulebook: Rulebook, question: Question, chosen: Sequence[Ask]
    ) -> tuple[tuple[Decision, ...], frozenset[str]]:
        """How far each remedy goes, with whichever of the two lets it go further.

        Also the codes of those that the fund would pay for.
        """
        by_month = options(rulebook, question, chosen)
        if self.fund is None:
            return by_month, frozenset()
        by_fund = options(rulebook, _put_with(question, self.fund), chosen)
        better = [
            fund if fund.reach >= month.reach and fund.reach > 0 else month
            for fund, month in zip(by_fund, by_month, strict=True)
        ]
        of_fund = {d.remedy.code for d, fund in zip(better, by_fund, strict=True) if d is fund}
        return tuple(better), frozenset(of_fund)


def _put_with(question: Question, fund: Budget) -> Question:
    """The same question, with the fund's money instead of the month's; a fund knows no grace."""
    return replace(question, budget_left=fund.left, budget_reach=fund.reach)
