"""The case form: all remedies in their places, and the button that says what it will do."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from budgets.days import last_of
from budgets.models import Budget
from employees.money import format_money
from policies.decision import Decision, Verdict
from resolutions.models import Customer, Incident
from resolutions.views.offers import Offer
from resolutions.views.stops import Stop

# Names of remedies that already say what to do: "Keep the item", not "Give keep the item".
DO = {"deliver", "extend", "keep", "refund", "repair", "replace", "send", "upgrade", "waive"}

ZERO = Decimal(0)


@dataclass(frozen=True)
class Board:
    """What can be given now, what only with grace, and what not."""

    offers: list[Offer]
    stopped: list[Stop]
    chosen: list[Decision]
    budget: Budget
    payer: Budget
    incident: Incident | None = None
    customer: Customer | None = None

    @property
    def can(self) -> list[Offer]:
        """Within authority."""
        return [offer for offer in self.offers if offer.option.limit > 0]

    @property
    def further(self) -> list[Offer]:
        """Only by going a little further."""
        return [offer for offer in self.offers if offer.option.limit <= 0]

    @property
    def beyond(self) -> list[Offer]:
        """Those within authority that grace would take further."""
        return [offer for offer in self.can if offer.beyond]

    @property
    def waiting(self) -> list[Stop]:
        """What could be given once something more is told."""
        return [stop for stop in self.stopped if stop.needs]

    @property
    def stops(self) -> list[Stop]:
        """What can't be given, and why."""
        return [stop for stop in self.stopped if not stop.needs]

    @property
    def ticked(self) -> list[Offer]:
        """What is chosen."""
        return [offer for offer in self.offers if offer.ticked]

    @property
    def is_further(self) -> bool:
        """Whether something chosen goes beyond a limit, by grace."""
        return any(decision.verdict == Verdict.GRACE for decision in self.chosen)

    @property
    def is_too_much(self) -> bool:
        """Whether something chosen may not be given."""
        return any(decision.verdict == Verdict.OUTSIDE for decision in self.chosen)

    @property
    def is_settled(self) -> bool:
        """Whether all that is chosen can be given as it is: no amount is to be typed any more."""
        return len(self.chosen) == len(self.ticked) and not self.is_too_much

    @property
    def is_of_fund(self) -> bool:
        """Whether the incident's fund pays for what is chosen."""
        return self.incident is not None and self.payer == self.incident.fund

    @property
    def left(self) -> Decimal:
        """What would be left of who pays."""
        return self.payer.left - of_payer(self.chosen)

    @property
    def over(self) -> Decimal:
        """By how much the month would be gone over."""
        return max(-self.left, ZERO)

    @property
    def button(self) -> str:
        """What the button will do, and what it costs: "Give both · $9.00"."""
        names = [offer.remedy.name for offer in self.ticked]
        match names:
            case [name]:
                words = name if name.split()[0].lower() in DO else f"Give {_in_a_sentence(name)}"
            case [_, _]:
                words = "Give both"
            case _:
                words = f"Give {len(names)} things"
        if not self.is_settled:
            return words
        total = sum((decision.cost for decision in self.chosen), start=ZERO)
        return f"{words} · {format_money(total, self.budget.division.currency)}"


def of_payer(decisions: Iterable[Decision]) -> Decimal:
    """What these take of who pays for them; what is refused or owed takes nothing."""
    taking = (d for d in decisions if d.verdict != Verdict.OUTSIDE and not d.owed)
    return sum((d.cost for d in taking), start=ZERO)


def of_limit(decisions: Iterable[Decision]) -> Decimal:
    """What these use of the limit for the case."""
    using = (d for d in decisions if d.verdict != Verdict.OUTSIDE)
    return sum((d.against_limit for d in using), start=ZERO)


def until(budget: Budget) -> str:
    """The last day of the month: "30 November"."""
    return f"{last_of(budget.month):%-d %B}" if budget.month else ""


def _in_a_sentence(name: str) -> str:
    """A name as it stands inside a sentence; an abbreviation keeps its capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
