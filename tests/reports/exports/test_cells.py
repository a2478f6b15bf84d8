"""No cell runs as a formula, and each is read back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employees.cells import escaped, unescaped
from tests.reports.exports.odd_texts import BLANKS_AND_QUOTES, FRAMED, ODD_TEXTS, SIGNS

BITING = st.text(st.sampled_from(BLANKS_AND_QUOTES + SIGNS + "a1"), max_size=6)
ANY_TEXT = st.one_of(BITING, st.text(max_size=20))


def runs(cell: str) -> bool:
    """Whether a spreadsheet might run a cell: a sign comes first, past blanks and quotes.

    An apostrophe in front is how a spreadsheet is told that a cell is text.
    """
    return not cell.startswith("'") and cell.lstrip(BLANKS_AND_QUOTES).startswith(tuple(SIGNS))


@given(ANY_TEXT)
def test_what_is_escaped_reads_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(ANY_TEXT)
def test_no_escaped_cell_begins_with_a_sign(text: str) -> None:
    assert not runs(escaped(text))
    assert not escaped(text).startswith(("\t", "\r", "\n"))


@given(ANY_TEXT, ANY_TEXT)
def test_two_texts_never_become_one_cell(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@pytest.mark.parametrize(
    "text", ["plain", "5 pizzas", "a=1", "", " ", "é", "F-2051", "(-5)", "“Hi”"]
)
def test_what_does_not_run_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text


def test_every_sign_behind_every_blank_and_quote_is_found() -> None:
    biting = [text for text in (*FRAMED, *ODD_TEXTS) if runs(text)]
    assert len(biting) > 2000
    assert all(escaped(text) == f"'{text}" for text in biting)
