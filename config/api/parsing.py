"""Reads JSON as strictly as money deserves: nothing is guessed, dropped or rounded."""

import json
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

LONGEST_KEY = 100
LONGEST_NUMBER = 60


class StrictJSONParser(JSONParser):
    """JSON in UTF-8, with every number exact: 0.1 becomes a Decimal and never a float."""

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        """Return what the body holds. Raises ParseError."""
        try:
            return json.loads(
                stream.read().decode("utf-8"),
                parse_float=_exact,
                parse_constant=_refuse,
                object_pairs_hook=_no_key_twice,
            )
        except UnicodeDecodeError:
            raise ParseError("The body is not in UTF-8.") from None
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"The body is no JSON: {error}.") from None


def _exact(text: str) -> Decimal:
    """Read a number with a point or an exponent. Raises ValueError."""
    if len(text) > LONGEST_NUMBER:
        raise ValueError("a number has too many digits")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("a number is too large") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object. Raises ValueError for a key that is there twice, or that is no name."""
    for key, _ in pairs:
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise ValueError("a key is too long, or holds a character that can't be kept")
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key “{twice}” is there twice")
    return found
