"""The import's options, as they are typed: which column holds what, and whose word means what."""

import re
from collections.abc import Sequence

from resolutions.past.words import Sorting

COLUMNS = ("reference", "date", "time", "text", "channel", "status", "reason", "customer", "order")
NEEDED = ("reference", "date")
_COLUMN = re.compile(r'\s*([^=,"]*?)\s*=\s*(?:"([^"]*)"|([^",]*))\s*(?:,|$)')


class BadOption(ValueError):
    """An option can't be meant so; the message says what would be right."""


def columns(said: Sequence[str]) -> dict[str, str]:
    """Read `--columns OURS="THEIRS",…`: our names to theirs. Raises BadOption."""
    found: dict[str, str] = {}
    for text in said:
        end = 0
        while end < len(text):
            match = _COLUMN.match(text, end)
            if match is None:
                raise BadOption(
                    f"--columns: “{text[end:]}” is not OURS=THEIRS, as in date=Date,text=Complaint"
                )
            ours, theirs, end = match[1], (match[2] or match[3] or "").strip(), match.end()
            if ours not in COLUMNS:
                hint = f" Write {theirs}={ours}." if theirs in COLUMNS else ""
                raise BadOption(f"--columns: “{ours}” is not one of {', '.join(COLUMNS)}.{hint}")
            if not theirs:
                raise BadOption(f"--columns: write the name of the file's column after {ours}=")
            if ours in found:
                raise BadOption(f"--columns: {ours} is there twice.")
            found[ours] = theirs
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise BadOption(f"--columns: say which column is the {' and which the '.join(missing)}.")
    return found


def sorting(option: str, said: Sequence[str], known: Sequence[str]) -> Sorting:
    """Read what was said with `--channel`, `--status` or `--reason`.

    `known` are our own words. Raises BadOption.
    """
    told: list[tuple[str, Sequence[str]]] = []
    otherwise = ""
    for text in said:
        ours, has_words, theirs = (part.strip() for part in text.partition("="))
        if ours not in known:
            hint = f' Write {option} {theirs}="{ours}".' if theirs in known else ""
            raise BadOption(
                f"{option}: “{ours}” is not one of {', '.join(known) or '(none yet)'}.{hint}"
            )
        words = [word.strip().casefold() for word in theirs.split("|") if word.strip()]
        if has_words and not words:
            raise BadOption(f'{option}: write the file\'s words after “=”, as in {ours}="one|two".')
        if words:
            told.append((ours, words))
        elif otherwise:
            raise BadOption(f"{option}: only one can be for all the rest, and there are two.")
        else:
            otherwise = ours
    return Sorting(told, otherwise)
