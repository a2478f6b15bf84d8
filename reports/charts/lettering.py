"""How wide words are when they are drawn, and where they are broken: a drawing has no line breaks.

Widths are in ems, by kinds of letters: near enough for every usual typeface, and rather too wide
than too narrow.
"""

from unicodedata import east_asian_width

_NARROW = frozenset("fijlrtI.,:;!|'()[] ·’-")
_WIDE = frozenset("mwMWQO@%—…&")
_CUT = "…"


def width_of(text: str) -> float:
    """How wide it is, in ems."""
    return sum(_width_of_letter(letter) for letter in text)


def broken(text: str, room: float, *, most_lines: int = 2) -> list[str]:
    """The text in lines of so many ems, none for no text; what has no room is cut off."""
    if not text:
        return []
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    if len(lines) > most_lines:
        lines[most_lines - 1 :] = [" ".join(lines[most_lines - 1 :])]
    return [_cut(line, room) for line in lines]


def _cut(line: str, room: float) -> str:
    if width_of(line) <= room:
        return line
    while line and width_of(line + _CUT) > room:
        line = line[:-1]
    return line.rstrip() + _CUT


def _width_of_letter(letter: str) -> float:
    if letter in _WIDE or east_asian_width(letter) in ("W", "F"):
        return 1.0
    if letter in _NARROW:
        return 0.36
    return 0.74 if letter.isupper() else 0.64
