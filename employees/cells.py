"""Cells of a CSV file: how values are written, and how they are read back (money: `resources`).

What must stay true: a file that is written and read back changes nothing, and no cell runs as a
formula in a spreadsheet.
"""

from collections.abc import Callable
from typing import Any

from import_export import widgets

# What begins a formula, in half and in full width; a spreadsheet finds it past blanks and quotes,
# too. A file that is read back takes one apostrophe away, so a text's own gets another.
FORMULA_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
PASSED_OVER = (
    " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff'\"\u2018\u2019\u201c\u201d"
)
NEVER_FIRST = "\t\r\n'"
_YES = {"yes", "true", "1"}
_NO = {"no", "false", "0", ""}


def escaped(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if _would_run(text) else text


def unescaped(text: str) -> str:
    """The text as it was before `escaped`."""
    return text[1:] if text.startswith("'") and _would_run(text[1:]) else text


def _would_run(text: str) -> bool:
    begins_so = text.startswith(tuple(NEVER_FIRST))
    return begins_so or text.lstrip(PASSED_OVER).startswith(tuple(FORMULA_SIGNS))


class Text(widgets.CharWidget):  # type: ignore[misc]
    """Words."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Read them as they were."""
        return unescaped(str(value if value is not None else "")).strip()

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write them so that no spreadsheet runs them."""
        return escaped(str(value if value is not None else ""))


class WholeNumber(widgets.Widget):  # type: ignore[misc]
    """A whole number from 0 on; empty is none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        """Read it."""
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"“{text[:40]}” is not a whole number.")
        if len(text) > 9:  # noqa: PLR2004
            raise ValueError(f"“{text[:40]}” is too large: write at most nine digits.")
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write it."""
        return "" if value is None else str(value)


class YesNo(widgets.Widget):  # type: ignore[misc]
    """Yes or no."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """Read it."""
        word = str(value if value is not None else "").strip().lower()
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise ValueError(f"“{word[:40]}”: write yes or no.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write it."""
        return "yes" if value else "no"


class OneOf(widgets.Widget):  # type: ignore[misc]
    """One of a list, by its code."""

    def __init__(self, choices: list[tuple[str, str]]) -> None:
        self.choices = dict(choices)
        super().__init__()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Read it by its code or by its words."""
        text = str(value if value is not None else "").strip()
        by_words = {str(label).lower(): code for code, label in self.choices.items()}
        code = text if text in self.choices else by_words.get(text.lower())
        if code is None:
            raise ValueError(f"“{text[:40]}” is none of {', '.join(self.choices)}.")
        return code

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write its code."""
        return str(value)


class RowByName(widgets.Widget):  # type: ignore[misc]
    """Another row of the same division, by its name. `find` answers None for what is not there."""

    def __init__(self, find: Callable[[str, Any], Any], what: str) -> None:
        self.find, self.what = find, what
        super().__init__()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Find it; empty is none."""
        name = unescaped(str(value if value is not None else "")).strip()
        if not name:
            return None
        found = self.find(name, row)
        if found is None:
            raise ValueError(f"There is no {self.what} called “{name[:80]}” in this division.")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Write its name."""
        return "" if value is None else escaped(value.name)
