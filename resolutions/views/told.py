"""What was told of a case and what was done, in words for its page."""

from datetime import timedelta

from employees.counts import counted
from employees.money import format_money
from policies.models import Channel
from policies.rules import Rulebook
from resolutions.models import Case, CaseState, Resolution
from resolutions.problem import facts_of
from resolutions.views.lines import given_words
from resolutions.views.offers import listed
from resolutions.views.story import PLACES

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told_in_words(case: Case, rulebook: Rulebook) -> list[tuple[str, str]]:
    """What is known of the problem, each with its label; what was not told is left out."""
    customer, value, day = case.customer, case.order_value, case.order_date
    lines = [
        ("What went wrong", case.reason_code.name),
        ("Part of", case.incident.name if case.incident else ""),
        *_facts(case, rulebook),
        ("Customer", f"{customer.name} · {customer.reference}".strip(" ·") if customer else ""),
        ("Order", case.order_reference),
        ("Order value", "" if value is None else format_money(value, rulebook.currency)),
        ("Day of the order", f"{day:%-d %B %Y}" if day else ""),
        ("Told", PLACES[Channel(case.channel)]),
        ("Second failure", "yes, within 30 days" if case.second_failure else ""),
    ]
    return [(label, text) for label, text in lines if text]


def done_words(case: Case, rulebook: Rulebook) -> str:
    """What was given last: "Free pizza and expedited reorder"."""
    names = [given_words(resolution, rulebook) for resolution in _last_given(case)]
    first, *others = names or ["Nothing was given"]
    return listed([first, *(name[:1].lower() + name[1:] for name in others)])


def words_of(case: Case, rulebook: Rulebook) -> list[str]:
    """Words to say with what was given last."""
    return [rulebook.remedy_by_id(r.remedy_id).customer_wording for r in _last_given(case)]


def took_words(case: Case) -> str:
    """How long it took to put right: "on the spot", "in 4 minutes"."""
    if case.state != CaseState.PUT_RIGHT or case.ended_at is None:
        return ""
    took = case.ended_at - case.opened_at
    if took < MINUTE:
        return "put right on the spot"
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if took >= unit:
            return f"put right in {counted(took // unit, name)}"
    return ""


def _last_given(case: Case) -> list[Resolution]:
    given = [resolution for resolution in case.resolutions.all() if resolution.give_back is None]
    return [r for r in given if r.request_id == given[-1].request_id]


def _facts(case: Case, rulebook: Rulebook) -> list[tuple[str, str]]:
    reason = rulebook.reason_of(case.reason_code_id)
    known = facts_of(reason, case.facts)
    words = {True: "yes", False: "no"}
    return [
        (
            fact.label[:1].upper() + fact.label[1:],
            words[known[fact.key]]  # type: ignore[index]
            if isinstance(known[fact.key], bool)
            else f"{known[fact.key]} {fact.unit if fact.unit not in fact.label else ''}".strip(),
        )
        for fact in reason.facts
        if fact.key in known
    ]
