"""Several things in one cell, with `;` between them, whatever they are called.

What holds a separator or a quotation mark stands in quotation marks, with its own doubled:
`Late; "Wrong; or cold"`. What is written so is read back as it was.
"""

import re

_PLAIN = re.compile(r"[\w.\-/&+ ]+")


def split(text: str, separators: str) -> list[str]:
    """The parts between the separators, but for those in quotation marks; empty ones left out.

    Raises ValueError where a quotation mark is not closed.
    """
    parts, start, quoted = [], 0, False
    for place, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character in separators and not quoted:
            parts.append(text[start:place])
            start = place + 1
    if quoted:
        raise ValueError("A quotation mark is not closed. Write two of them inside a name.")
    return [stripped for part in (*parts, text[start:]) if (stripped := part.strip())]


def quoted(text: str) -> str:
    """The text, in quotation marks where it could be read otherwise without."""
    if _PLAIN.fullmatch(text) and text == text.strip():
        return text
    return '"' + text.replace('"', '""') + '"'


def unquoted(text: str) -> str:
    """The text as it was before `quoted`."""
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return text[1:-1].replace('""', '"')
    return text


def read_list(text: str) -> list[str]:
    """The names in a cell. A line break separates as `;` does. Raises ValueError."""
    return [unquoted(part) for part in split(text, ";\n")]


def write_list(names: list[str]) -> str:
    """The names as one cell."""
    return "; ".join(quoted(name) for name in names)
