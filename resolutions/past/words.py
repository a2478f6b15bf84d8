"""How the words of a company's file become ours: states, channels and reason codes.

Common words need no telling; what else there is, the options of the import say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.models import Channel
from resolutions.models import CaseState

STATE_WORDS: Mapping[str, str] = {
    word: state
    for state, words in {
        CaseState.OPEN: "open, new, pending, in progress, waiting, assigned, reopened, unresolved",
        CaseState.PUT_RIGHT: "put right, put-right, solved, resolved, fixed, complete, completed",
        CaseState.CLOSED: "closed, done, rejected, declined, cancelled, canceled, withdrawn",
        CaseState.HANDED_OVER: "handed over, handed-over, escalated, transferred, referred",
    }.items()
    for word in words.split(", ")
}
_CHANNEL_WORDS: Mapping[str, str] = {
    word: channel
    for channel, words in {
        Channel.DOORSTEP: "doorstep door driver delivery",
        Channel.PHONE: "phone telephone call calls hotline",
        Channel.COUNTER: "counter store shop branch",
        Channel.CHAT: "chat messenger whatsapp",
        Channel.EMAIL: "email mail",
        Channel.WEB: "web website internet online portal",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Sorting:
    """Told words for one of ours each, in the order told, and what all the rest is."""

    told: Sequence[tuple[str, Sequence[str]]] = ()
    otherwise: str = ""

    def exactly(self, word: str) -> str | None:
        """Ours for this word, as told."""
        folded = word.casefold()
        return next((ours for ours, words in self.told if folded in words), None)

    def within(self, text: str) -> str | None:
        """Ours for the first told word that is anywhere in the text."""
        folded = text.casefold()
        return next((ours for ours, words in self.told if any(w in folded for w in words)), None)


def channel_of(word: str, channels: Sorting) -> str | None:
    """Where it was told; None where the word says nothing to us, or two things at once."""
    if ours := channels.exactly(word):
        return ours
    tokens = re.findall(r"\w+", word.casefold().replace("e-mail", "email"))
    found = {_CHANNEL_WORDS[token] for token in tokens if token in _CHANNEL_WORDS}
    return found.pop() if len(found) == 1 else channels.otherwise or None


def state_of(word: str, states: Sorting) -> str | None:
    """Where the case stands; None where the word says nothing to us."""
    return states.exactly(word) or STATE_WORDS.get(word.casefold()) or states.otherwise or None
