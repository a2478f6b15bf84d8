"""The journal of a closed month: the file that goes into the books.

It is made of the close and its lines alone, so that it is the same bytes for ever; the checksum of
a close is the SHA-256 of these bytes. What must stay true: debits and credits are the same sum, to
the last place of the currency; and whoever changes how a row or a cell is written keeps the old way
for closes that were made before, or their journals are refused.

What was spent is a debit on the account and cost centre of each line, and together a credit on the
account that pays for remedies; what was given back goes the other way round. A line that costs
nothing (an item that the customer keeps) is in the close and not in the journal.
"""

import csv
import io
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from django.http import HttpResponse

from budgets.days import last_of
from employees.cells import escaped
from employees.money import money_text, quantize
from reports.errors import JournalChanged
from reports.models import CloseLine, LineKind, PeriodClose

COLUMNS = (
    "document",
    "line",
    "date",
    "account",
    "cost_centre",
    "debit",
    "credit",
    "currency",
    "text",
    "remedy",
    "original_entry",
    "original_month",
)
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Row:
    """An amount on one side; without a line it is on the account that pays."""

    debit: Decimal
    credit: Decimal
    text: str
    line: CloseLine | None


def document_of(close: PeriodClose) -> str:
    """What the close is called in the books: "forno-2026-10"."""
    return f"{close.division.code}-{close.month:%Y-%m}"


def journal_of(close: PeriodClose, lines: Sequence[CloseLine]) -> bytes:
    """The file, as CSV (RFC 4180) in UTF-8. Amounts are in the currency's places, such as 9.00."""
    rows = _rows(close, lines)
    debits, credits_ = sum(row.debit for row in rows), sum(row.credit for row in rows)
    if debits != credits_:
        raise AssertionError(f"{document_of(close)}: {debits} debited, {credits_} credited")
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({**_cells(close, row), "line": number} for number, row in enumerate(rows, 1))
    return file.getvalue().encode()


def checksum_of(journal: bytes) -> str:
    """The SHA-256 of a journal, as 64 hexadecimal digits."""
    return sha256(journal).hexdigest()


def kept_journal(close: PeriodClose) -> bytes:
    """The journal of a close as it was closed. Raises JournalChanged when it is not that any more.

    The database refuses to change a close; whoever goes past that is noticed here.
    """
    journal = journal_of(close, list(close.lines.order_by("position")))
    checksum = checksum_of(journal)
    if checksum != close.checksum:
        raise JournalChanged(document=document_of(close), checksum=checksum)
    return journal


def journal_file(close: PeriodClose) -> HttpResponse:
    """The kept journal as a file to download, with its digest. Raises JournalChanged."""
    digest = b64encode(bytes.fromhex(close.checksum)).decode()
    return HttpResponse(
        kept_journal(close),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{document_of(close)}.csv"',
            "Repr-Digest": f"sha-256=:{digest}:",
        },
    )


def _rows(close: PeriodClose, lines: Iterable[CloseLine]) -> list[_Row]:
    """Each line, and at the end what all of them come to on the account that pays."""
    rows, sums = [], dict.fromkeys(LineKind, _NOTHING)
    for line in lines:
        amount, kind = quantize(line.amount, close.currency), LineKind(line.kind)
        sums[kind] += amount
        rows.append(_row(amount, _text(line), debit=kind == LineKind.SPENT, line=line))
    for kind, amount in sums.items():
        text = f"Remedies {kind.label.lower()}"
        rows.append(_row(amount, text, debit=kind == LineKind.GIVEN_BACK))
    return [row for row in rows if row.debit or row.credit]


def _row(amount: Decimal, text: str, *, debit: bool, line: CloseLine | None = None) -> _Row:
    return _Row(*((amount, _NOTHING) if debit else (_NOTHING, amount)), text, line)


def _text(line: CloseLine) -> str:
    told = f"{line.remedy or 'Without a remedy'}, {LineKind(line.kind).label.lower()}"
    if line.original_month is None:
        return told
    return f"{told}: entry {line.original_id} of {line.original_month:%Y-%m}"


def _cells(close: PeriodClose, row: _Row) -> dict[str, str]:
    """The cells of a row, but for its number; those that are not there stay empty."""
    line, currency = row.line, close.currency
    cells = {
        "document": escaped(document_of(close)),
        "date": f"{last_of(close.month)}",
        "account": escaped(line.account if line else close.budget_account),
        "debit": money_text(row.debit, currency) if row.debit else "",
        "credit": money_text(row.credit, currency) if row.credit else "",
        "currency": currency,
        "text": escaped(row.text),
    }
    if line is not None:
        cells |= {"cost_centre": escaped(line.cost_centre), "remedy": escaped(line.remedy)}
        if line.original_month is not None:
            cells["original_entry"] = str(line.original_id)
            cells["original_month"] = f"{line.original_month:%Y-%m}"
    return cells
