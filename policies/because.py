"""How a rule's rationale goes on after "because", in the sentence that ends with it.

Managers write it as a sentence of its own. A name that it begins with keeps its capital; but what
is a name can't always be known, and then it goes on in small letters.
"""

import calendar
import re

from policies.models import Policy
from policies.words import names

# What a reason may begin with that is no name, even before one: it goes on in small letters.
_OPENINGS = {
    "a", "after", "an", "as", "at", "before", "beyond", "each", "every", "for", "if", "in", "it",
    "many", "most", "no", "nobody", "nothing", "on", "once", "our", "people", "someone", "that",
    "the", "their", "there", "these", "they", "this", "those", "twice", "two", "we", "what", "when",
    "who", "whoever", "with", "without", "you",
}  # fmt: skip
_CALENDAR = (*calendar.day_name, *filter(None, calendar.month_name))


def as_it_goes_on(policy: Policy) -> str:
    """The rationale after "because"."""
    words = policy.rationale.strip().removeprefix("Because ")
    return words if _begins_with_a_name(words, policy) else words[:1].lower() + words[1:]


def _begins_with_a_name(words: str, policy: Policy) -> bool:
    """Whether the first word is "I", has more capitals, stands before one, or is called so.

    Names that are known: the division's, those in the rule's own sentence, days and months.
    """
    first, _, rest = words.partition(" ")
    if first.lower() in _OPENINGS:
        return False
    own = [row for rows in (policy.tiers, policy.teams, policy.remedies) for row in rows.all()]
    known = [*_CALENDAR, policy.division.name, *names(own)]
    return (
        re.match(r"I\b", first) is not None
        or first[1:] != first[1:].lower()
        or rest[:1].isupper()
        or any(re.match(rf"{re.escape(name)}s?\b", words) for name in known)
    )
