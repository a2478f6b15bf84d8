"""Counts as people read them: "1 case", "1,240 cases"."""


def counted(number: int, one: str, many: str = "") -> str:
    """So many of something; `many` is what several are called, where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
