"""Cases as a list shows them: what went wrong, what was given, when and for how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from policies.facts import FactKind
from policies.rules import Rulebook
from policies.words import measured
from resolutions.models import Case, CaseState, Customer, Resolution

EARLIER = 8  # cases of a customer that are shown with a new one
STATE_WORDS = {
    CaseState.OPEN: "Open",
    CaseState.PUT_RIGHT: "Put right",
    CaseState.CLOSED: "Explained",
    CaseState.HANDED_OVER: "Handed over",
}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. `cost` is what it cost the company, in the division's currency."""

    pk: int
    number: str
    title: str
    done: str
    at: datetime
    cost: Decimal
    is_open: bool


def case_lines(cases: Iterable[Case], rulebook: Rulebook) -> list[CaseLine]:
    """The cases, read `with_given`, as lines; names come from the rulebook."""
    return [_line(case, rulebook) for case in cases]


def earlier_lines(customer: Customer | None, rulebook: Rulebook) -> list[CaseLine]:
    """What a customer came with before, the latest first; nothing where nobody is known."""
    if customer is None:
        return []
    cases = Case.objects.of_customer(customer).with_given().order_by("-opened_at", "-pk")
    return case_lines(cases[:EARLIER], rulebook)


def title_of(case: Case, rulebook: Rulebook) -> str:
    """What went wrong, with the figure that says how much: "Late, 40 minutes"."""
    reason = rulebook.reason_of(case.reason_code_id)
    figures = [
        f"{case.facts[fact.key]} {fact.unit}"
        for fact in reason.facts
        if fact.kind == FactKind.NUMBER and fact.unit and fact.key in case.facts
    ]
    return ", ".join([reason.name, *figures])


def given_words(resolution: Resolution, rulebook: Rulebook) -> str:
    """A remedy as it was given: "Free pizza", "Payment extension, 14 days"."""
    remedy = rulebook.remedy_by_id(resolution.remedy_id)
    if resolution.quantity is None or remedy.max_quantity == 1:
        return remedy.name
    return f"{remedy.name}, {measured(remedy, Decimal(resolution.quantity))}"


def _line(case: Case, rulebook: Rulebook) -> CaseLine:
    given = list(case.resolutions.all())
    names = dict.fromkeys(rulebook.remedy_by_id(r.remedy_id).name for r in given)
    return CaseLine(
        pk=case.pk,
        number=case.number,
        title=title_of(case, rulebook),
        done=", ".join(names) or STATE_WORDS[CaseState(case.state)],
        at=case.opened_at,
        cost=sum((r.cost for r in given), start=Decimal(0)),
        is_open=case.state == CaseState.OPEN,
    )
