"""Tables of figures: what people read in each cell, what a program reads, and the way behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from employees.cells import escaped
from employees.money import format_money, money_text
from reports.measure_words import TOO_FEW, UNKNOWN, score_words, share_words
from reports.measures import Cases, answers, satisfaction, too_few

SCORE_HEADINGS = ("Score", "Answers", "Asked")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure or name.

    `plain` is the figure without its unit, as programs read it, and None where it is words;
    `where` leads to what it counts.
    """

    text: str
    plain: str | None = None
    where: str = ""

    @property
    def for_programs(self) -> str:
        """The figure itself; words so that no spreadsheet runs them."""
        return escaped(self.text) if self.plain is None else self.plain


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first of each names the row. `key` is its name in addresses."""

    key: str
    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def amount_cell(amount: Decimal | None, currency: str, where: str = "") -> Cell:
    """An amount in its currency's own form."""
    if amount is None:
        return Cell(UNKNOWN, "")
    return Cell(format_money(amount, currency), money_text(amount, currency), where)


def count_cell(count: int, where: str = "") -> Cell:
    """How many."""
    return Cell(f"{count:,}", str(count), where if count else "")


def share_cell(share: Decimal | None, where: str = "") -> Cell:
    """A share: 87 % for people, 0.8712 for programs."""
    plain = "" if share is None else f"{share:.4f}"
    return Cell(share_words(share), plain, where if share else "")


def few_cell() -> Cell:
    """What is not told, as it may be one person's."""
    return Cell(TOO_FEW, "")


def month_cell(month: date) -> Cell:
    """A month: October 2026, and 2026-10."""
    return Cell(f"{month:%B %Y}", f"{month:%Y-%m}")


def score_cells(cases: Cases, where: str = "", *, of_few: bool = True) -> tuple[Cell, Cell, Cell]:
    """A score with how many answered and how many were asked: they never stand apart.

    Where it is not told `of_few`, it leads to them no more than it is told.
    """
    said, count = satisfaction(cases), answers(cases)
    if too_few(satisfaction, cases, of_few=of_few):
        return few_cell(), count_cell(count), count_cell(cases.asked)
    plain = f"{said.score:.2f}" if said else ""
    return Cell(score_words(said), plain), count_cell(count, where), count_cell(cases.asked)
