"""Reads and checks what is told and what is to be given, against the rulebook.

Each is checked as a whole, and everything that is wrong is named at once: where, and what would
be right.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import category

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from employees.money import places, quantize
from policies.authority import Ask
from policies.facts import FactValue, read_value
from policies.models import Channel
from policies.rules import ReasonTerms, Rulebook
from resolutions.errors import InvalidCase
from resolutions.problem import CustomerDetails, Details, Give, Problem, Told

LARGEST_AMOUNT = Decimal(10) ** 8
LARGEST_QUANTITY = Decimal(10) ** 6
LONGEST = {
    "note": 4000,
    "order_reference": 80,
    "reference": 80,
    "name": 120,
    "email": 254,
    "description": 200,
}
EARLIEST_ORDER = date(2000, 1, 1)

Errors = dict[str, list[str]]


def check_problem(
    rulebook: Rulebook, problem: Problem, *, today: date, complete: bool = True
) -> Told:
    """The problem with its reason code and facts read. Raises InvalidCase.

    With `complete`, facts that the reason code requires must be told; a question about what could
    be given may leave them out.
    """
    errors: Errors = {}
    reason = rulebook.reason(problem.reason_code)
    if reason is None:
        listed = ", ".join(r.code for r in rulebook.reasons if r.is_active)
        errors["reason_code"] = [f"Pick what went wrong: one of {listed}."]
    if problem.channel not in Channel.values:
        errors["channel"] = [f"Say where it was told: one of {', '.join(Channel.values)}."]
    _check_text(errors, "note", problem.note, LONGEST["note"], lines=True)
    _check_order(errors, problem, currency=rulebook.currency, today=today)
    facts = _read_facts(errors, reason, problem.facts, complete=complete) if reason else {}
    if errors or reason is None:
        raise InvalidCase(errors)
    return Told(problem, reason, facts)


def check_details(
    rulebook: Rulebook, reason_id: int, details: Details, *, today: date
) -> dict[str, FactValue]:
    """The facts among details that are told later, read. Raises InvalidCase."""
    errors: Errors = {}
    reason = rulebook.reason_of(reason_id)
    _check_order(errors, details, currency=rulebook.currency, today=today)
    facts = _read_facts(errors, reason, details.facts, complete=False)
    if errors:
        raise InvalidCase(errors)
    return facts


def check_gives(rulebook: Rulebook, gives: Sequence[Give]) -> list[Ask]:
    """What is asked of authority. Raises InvalidCase, naming each give by its place."""
    errors: Errors = {}
    asks: list[Ask] = []
    for place, give in enumerate(gives):
        ask = _check_give(errors, f"gives.{place}", rulebook, give)
        if ask and any(other.remedy.id == ask.remedy.id for other in asks):
            errors[f"gives.{place}.remedy"] = ["This remedy is there twice; add them up."]
        if ask:
            asks.append(ask)
    if errors:
        raise InvalidCase(errors)
    return asks


def _check_give(errors: Errors, at: str, rulebook: Rulebook, give: Give) -> Ask | None:
    remedy = rulebook.remedy(give.remedy)
    if remedy is None:
        listed = ", ".join(r.code for r in rulebook.remedies if r.is_active)
        errors[f"{at}.remedy"] = [f"Pick a remedy: one of {listed}."]
        return None
    _check_text(errors, f"{at}.description", give.description, LONGEST["description"])
    if remedy.needs_description and not give.description.strip():
        errors[f"{at}.description"] = ["Write in a few words what you give."]
    if not remedy.by_quantity:
        if give.quantity is not None or give.amount is None:
            errors[f"{at}.amount"] = [f"{remedy.name} is given as an amount of money."]
            return None
        _check_amount(errors, f"{at}.amount", give.amount, rulebook.currency, least=None)
        return Ask(remedy, give.amount)
    quantity = Decimal(1) if give.quantity is None else Decimal(give.quantity)
    if give.amount is not None or (give.quantity is None and remedy.max_quantity != 1):
        errors[f"{at}.quantity"] = [f"Say how many {remedy.unit_plural or 'of them'}."]
        return None
    if not 1 <= quantity <= LARGEST_QUANTITY:
        errors[f"{at}.quantity"] = [f"Give a number from 1 to {LARGEST_QUANTITY:,}."]
        return None
    if max(remedy.cost_of(quantity), remedy.face_value_of(quantity)) > LARGEST_AMOUNT:
        errors[f"{at}.quantity"] = [f"That would be worth more than {LARGEST_AMOUNT:,}."]
        return None
    return Ask(remedy, quantity)


def _check_amount(
    errors: Errors, at: str, amount: Decimal, currency: str, *, least: int | None
) -> None:
    """`least` None means more than nothing."""
    if not amount.is_finite():
        errors[at] = ["Write an amount of money, such as 5.00."]
    elif (least is None and amount <= 0) or (least is not None and amount < least):
        errors[at] = ["Write an amount above zero." if least is None else "Write 0 or more."]
    elif amount > LARGEST_AMOUNT:
        errors[at] = [f"Write at most {LARGEST_AMOUNT:,}."]
    elif amount != quantize(amount, currency):
        errors[at] = [f"{currency} has {places(currency)} decimal places; this has more."]


def _check_order(errors: Errors, told: Details, *, currency: str, today: date) -> None:
    """Check whose order it is, which, and for how much."""
    _check_text(errors, "order_reference", told.order_reference, LONGEST["order_reference"])
    if told.order_value is not None:
        _check_amount(errors, "order_value", told.order_value, currency, least=0)
    if told.order_date is not None and not EARLIEST_ORDER <= told.order_date <= today:
        errors["order_date"] = [
            f"Write the day of the order, from {EARLIEST_ORDER:%-d %B %Y} to today."
        ]
    if told.customer is not None:
        _check_customer(errors, told.customer)


def _check_customer(errors: Errors, customer: CustomerDetails) -> None:
    if not customer.reference.strip():
        errors["customer.reference"] = [
            "Write what the customer is known by: an account, a phone number or an e-mail."
        ]
    _check_text(errors, "customer.reference", customer.reference, LONGEST["reference"])
    _check_text(errors, "customer.name", customer.name, LONGEST["name"])
    if customer.email:
        try:
            validate_email(customer.email)
        except ValidationError:
            errors["customer.email"] = ["Write an e-mail address, such as kim@example.com."]
        _check_text(errors, "customer.email", customer.email, LONGEST["email"])


def _check_text(errors: Errors, at: str, text: str, longest: int, *, lines: bool = False) -> None:
    """`lines` says that it may have several."""
    if "\x00" in text:
        errors[at] = ["Take out the NUL character; it can't be kept."]
    elif any("\ud800" <= character <= "\udfff" for character in text):
        errors[at] = ["A character in it is broken; write it again."]
    elif len(text) > longest:
        errors[at] = [f"Write at most {longest:,} characters; these are {len(text):,}."]
    elif not lines and any(category(character) == "Cc" for character in text.strip()):
        errors[at] = ["Write it in one line, without control characters."]


def checked_words(
    field: str, text: str, *, missing: str, longest: int = LONGEST["note"], lines: bool = True
) -> str:
    """Someone's words without blanks around. Raises InvalidCase for none, too many or broken."""
    text = text.strip()
    errors: Errors = {} if text else {field: [missing]}
    _check_text(errors, field, text, longest, lines=lines)
    if errors:
        raise InvalidCase(errors)
    return text


def _read_facts(
    errors: Errors,
    reason: ReasonTerms,
    raw: Mapping[str, Any],
    *,
    complete: bool,
) -> dict[str, FactValue]:
    asked = {fact.key: fact for fact in reason.facts}
    for key in raw:
        if key not in asked:
            listed = ", ".join(asked) or "nothing more"
            errors[f"facts.{key}"] = [f"“{reason.name}” does not ask for this; it asks {listed}."]
    facts: dict[str, FactValue] = {}
    for key, fact in asked.items():
        if raw.get(key) in (None, ""):
            if fact.required and complete:
                errors[f"facts.{key}"] = [f"Tell the {fact.label}."]
            continue
        try:
            facts[key] = read_value(fact, raw[key])
        except ValidationError as error:
            errors[f"facts.{key}"] = error.messages
    return facts
