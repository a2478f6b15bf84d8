"""What a month's leads wrote down for others to learn from, when they looked at a decision.

What must stay true: who wrote it is left out, and so is every note in which somebody of its case is
named: who opened it, decided, looked at it, or is its customer. As it goes out by mail, no note is
told either with an “@”, or with five digits that follow each other, also with spaces, dashes and
the like between: they may be an address, a number to call, or a customer's or order's reference.
"""

import re
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.text import Truncator

from budgets.days import begin_of, first_of_next
from employees.models import Division, Employee
from resolutions.models import Review, ReviewOutcome

MOST = 3
LONGEST = 280
_LOOKED_AT = 200  # notes; more than anybody writes in a month
_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_ADDRESS_OR_NUMBER = re.compile(r"@|\d(?:[\s().\-–/+]*\d){4}")
_SHORTEST_NAME = 2
_SHORT = 2  # letters; in small ones such a name (An, Di, Jo) may be just a word


def lessons_of(division: Division, month: date) -> tuple[str, ...]:
    """The newest notes of the month, where the division's reports are read; one query."""
    zone = ZoneInfo(division.time_zone)
    notes = Review.objects.filter(
        case__division=division,
        outcome=ReviewOutcome.WITH_A_NOTE,
        reviewed_at__gte=begin_of(month, zone),
        reviewed_at__lt=begin_of(first_of_next(month), zone),
    ).select_related("employee", "reviewed_by", "case__opened_by", "case__customer")
    newest = notes.order_by("-reviewed_at", "-pk")[:_LOOKED_AT]
    told = (_in_one_line(note) for note in newest if not _tells_who(note))
    return tuple(dict.fromkeys(told))[:MOST]


def _in_one_line(note: Review) -> str:
    return Truncator(" ".join(note.note.split())).chars(LONGEST)


def _tells_who(note: Review) -> bool:
    """Whether a name of someone of the case is among its words, or what may be an address."""
    if _ADDRESS_OR_NUMBER.search(note.note):
        return True
    words = {word.removesuffix("’s").removesuffix("'s") for word in _WORD.findall(note.note)}
    folded = {word.casefold() for word in words}
    return any(
        name in words if len(name) <= _SHORT else name.casefold() in folded for name in _names(note)
    )


def _names(note: Review) -> Iterator[str]:
    people: set[Employee | None] = {note.employee, note.reviewed_by, note.case.opened_by}
    texts = [
        text
        for person in people
        if person is not None
        for text in (person.first_name, person.last_name, person.username)
    ]
    if note.case.customer is not None:
        texts.append(note.case.customer.name)
    for text in texts:
        yield from (name for name in _WORD.findall(text) if len(name) >= _SHORTEST_NAME)
