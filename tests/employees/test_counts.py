"""Counts as people read them."""

import pytest

from employees.counts import counted


@pytest.mark.parametrize(
    ("number", "says"),
    [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (12_345, "12,345 cases")],
)
def test_one_stands_alone_and_thousands_are_told_apart(number: int, says: str) -> None:
    assert counted(number, "case") == says


def test_several_are_called_what_they_are_called() -> None:
    assert counted(1, "entry", "entries") == "1 entry"
    assert counted(3, "entry", "entries") == "3 entries"
