"""The page that describes the columns says what the program sends."""

from tests.reports.exports.columns_page import BEGINS, PAGE, columns_part


def test_the_page_lists_every_column_as_it_is() -> None:
    page = PAGE.read_text()
    assert page[page.index(BEGINS) :] == columns_part(), (
        "Write it anew: python -m tests.reports.exports.columns_page"
    )
