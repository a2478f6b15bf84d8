"""Asks what can be given next to what is chosen, and puts each remedy in its place on the board.

What can't be read or is no longer possible is left out and named, so that the rest is answered.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal

from employees.models import Employee
from policies.decision import BoundKind, Decision, Verdict
from resolutions.ask import Answered
from resolutions.errors import InvalidCase
from resolutions.forms.details import DetailsForm
from resolutions.problem import Give
from resolutions.views.board import ZERO, Board, of_limit, of_payer, until
from resolutions.views.needs import needs_on
from resolutions.views.offers import Need, Offer, Purse
from resolutions.views.stops import stops_of

Ask = Callable[[Collection[str], Sequence[Give]], Answered]


def board_of(
    form: DetailsForm, ask: Ask, *, employee: Employee, given: Decimal = ZERO
) -> Board | None:
    """Ask what can be given next to what is chosen, and put it in place. None without an answer.

    `given` is how much of the limit for the case is used already, at cost.
    """
    wrong: set[str] = set()
    while True:
        gives: list[Give] = []
        try:
            gives = form.gives(wrong, patiently=True)
            answered = ask(wrong, gives)
        except InvalidCase as refusal:
            named = set(form.show(refusal, gives))
            if named <= wrong or "reason_code" in named:
                return None
            wrong |= named
            continue
        impossible = _impossible(answered)
        if not impossible:
            return _place(form, answered, employee, given)
        wrong |= {f"give-{code}" for code in impossible}


def _impossible(answered: Answered) -> list[str]:
    """What is ticked and can no longer be given: the problem was told anew since."""
    possible = {d.remedy.code for d in answered.options if d.reach > 0}
    return [
        d.remedy.code
        for d in answered.chosen
        if d.verdict == Verdict.OUTSIDE and d.remedy.code not in possible
    ]


def _place(form: DetailsForm, answered: Answered, employee: Employee, given: Decimal) -> Board:
    needs = needs_on(form)
    chosen = {decision.remedy.code: decision for decision in answered.chosen}
    incident, month, whole = answered.incident, answered.budget, employee.limit_per_case

    def purse_next_to(others: Sequence[Decision], *, of_fund: bool = False) -> Purse:
        fund = incident.fund if of_fund and incident else None
        return Purse(
            currency=month.division.currency,
            left=(fund or month).left - of_payer(others),
            case=whole - given - of_limit(others),
            whole_case=whole,
            fund=incident.name if of_fund and incident else "",
        )

    offers, stopped = [], []
    for option in answered.options:
        code = option.remedy.code
        if option.reach <= 0 and code not in chosen:
            stopped.append(option)
            continue
        others = [decision for other, decision in chosen.items() if other != code]
        purse = purse_next_to(others, of_fund=code in answered.of_fund)
        offers.append(Offer(option, chosen.get(code), purse, form, _would_help(option, needs)))
    return Board(
        offers=offers,
        stopped=stops_of(
            stopped,
            purse=purse_next_to(answered.chosen),
            until=until(month),
            needs=needs,
            why_so_far=employee.tier.rationale if employee.tier else "",
        ),
        chosen=list(answered.chosen),
        budget=month,
        payer=answered.payer,
        incident=incident,
        customer=answered.customer,
    )


def _would_help(option: Decision, needs: Mapping[str, Need]) -> tuple[Need, ...]:
    """What could be told to go further: what the limit itself waits for, or a grant above it."""
    keys = list(option.binding.needs)
    if option.binding.kind in (BoundKind.TIER, BoundKind.GRANT):
        keys += [key for b in option.bounds if b.kind == BoundKind.GRANT for key in b.needs]
    return tuple(dict.fromkeys(needs[key] for key in keys if key in needs))
