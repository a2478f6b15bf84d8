"""Numbers of rows that someone typed, or that stand in an address."""

_MOST_DIGITS = 18  # all that a database takes


def is_row_number(text: str) -> bool:
    """Whether it can be a row's number: plain digits, and not too many."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
