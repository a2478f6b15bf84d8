"""The journal of a close: it balances, it is the same for ever, and no cell runs as a formula."""

import csv
import io
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from employees.models import Division
from employees.money import places
from reports.journal import COLUMNS, checksum_of, journal_of, kept_journal
from reports.models import CloseLine, LineKind, PeriodClose
from tests.cast import Cast
from tests.closing import closed, entry_of, gave, journal, noon, returned, with_codes
from tests.putting_right import put_right, so_many

CURRENCIES = ("USD", "JPY", "KWD")


def a_close(currency: str = "USD", budget_account: str = "2190") -> PeriodClose:
    """A close that is not saved."""
    division = Division(code="forno", name="Forno", currency=currency)
    return PeriodClose(
        division=division,
        month=date(2026, 2, 1),
        currency=currency,
        budget_account=budget_account,
    )


def read(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode(), newline="")))


def total(rows: list[dict[str, str]], side: str) -> Decimal:
    return sum((Decimal(row[side]) for row in rows if row[side]), Decimal(0))


def test_what_was_spent_is_debited_and_the_account_that_pays_is_credited(forno: Cast) -> None:
    with_codes(forno)
    earlier = gave(forno.agent, "2.00", noon(2, month=9))
    closed(forno, "2026-09")
    gave(forno.agent, "5.00", noon(2))
    gave(forno.people["forno.driver3"], "1.50", noon(2), remedy="voucher")
    returned(gave(forno.agent, "4.00", noon(3)), forno.lead, noon(4))
    returned(earlier, forno.lead, noon(5))

    close = closed(forno, "2026-10")

    entry = entry_of(earlier).pk
    told = kept_journal(close).decode()
    assert told == (
        "document,line,date,account,cost_centre,debit,credit,currency,text,remedy,"
        "original_entry,original_month\r\n"
        '{d},1,2026-10-31,6110,F-110,9.00,,USD,"money-off, spent",money-off,,\r\n'
        '{d},2,2026-10-31,6120,F-120,0.90,,USD,"voucher, spent",voucher,,\r\n'
        '{d},3,2026-10-31,6110,F-110,,4.00,USD,"money-off, given back",money-off,,\r\n'
        '{d},4,2026-10-31,6110,F-110,,2.00,USD,"money-off, given back: entry {e} of 2026-09",'
        "money-off,{e},2026-09\r\n"
        "{d},5,2026-10-31,2190,,,9.90,USD,Remedies spent,,,\r\n"
        "{d},6,2026-10-31,2190,,6.00,,USD,Remedies given back,,,\r\n"
    ).format(d="forno-2026-10", e=entry)
    assert close.checksum == sha256(told.encode()).hexdigest()


def test_it_is_the_same_bytes_whenever_it_is_made(forno: Cast) -> None:
    with_codes(forno)
    gave(forno.agent, "5.00", noon(2))
    first = kept_journal(closed(forno, "2026-10"))
    forno.division.name, forno.division.budget_account = "Forno Group", "9999"
    forno.division.save(update_fields=["name", "budget_account"])
    forno.remedies["money-off"].name = "Something off"
    forno.remedies["money-off"].save(update_fields=["name"])

    again = PeriodClose.objects.select_related("division").get()

    assert kept_journal(again) == first
    assert checksum_of(first) == again.checksum


def test_a_remedy_that_costs_nothing_is_in_the_close_and_not_in_the_journal(orchard: Cast) -> None:
    with_codes(orchard)
    put_right(orchard.agent, so_many("keep-item"), at=noon(2), reason_code="damaged")
    close = closed(orchard, "2026-10")

    assert close.lines.get().amount == 0
    assert journal(close) == []


@pytest.mark.parametrize("code", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_runs_as_a_formula(code: str) -> None:
    line = CloseLine(
        kind="spent", account=code, cost_centre=code, remedy=code, amount=Decimal(1), entries=1
    )
    (row, paying) = read(journal_of(a_close(budget_account=code), [line]))
    cells = [row["account"], row["cost_centre"], row["remedy"], row["text"], paying["account"]]
    assert all(cell.startswith("'") for cell in cells), cells


def test_the_date_is_the_months_last_day() -> None:
    line = CloseLine(kind="spent", amount=Decimal(1), entries=1)
    assert {row["date"] for row in read(journal_of(a_close(), [line]))} == {"2026-02-28"}


def amounts(currency: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, 10_000_000, places=places(currency), allow_nan=False)


@st.composite
def closes(draw: st.DrawFn) -> tuple[PeriodClose, list[CloseLine]]:
    """Any close with any lines."""
    currency = draw(st.sampled_from(CURRENCIES))
    codes = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
    rows = st.builds(
        CloseLine,
        kind=st.sampled_from(list(LineKind)),
        account=codes,
        cost_centre=codes,
        remedy=codes,
        amount=amounts(currency),
        entries=st.integers(1, 9),
        original_id=st.none(),
        original_month=st.none() | st.just(date(2026, 1, 1)),
    )
    return a_close(currency, draw(codes)), draw(st.lists(rows, max_size=12))


@settings(max_examples=200, deadline=None)
@given(closes())
def test_debits_are_credits_to_the_last_place(about: tuple[PeriodClose, list[CloseLine]]) -> None:
    close, lines = about
    file = journal_of(close, lines)
    rows = read(file)

    assert total(rows, "debit") == total(rows, "credit") == sum(line.amount for line in lines)
    assert [row["line"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    assert all(list(row) == list(COLUMNS) for row in rows)
    assert all(bool(row["debit"]) != bool(row["credit"]) for row in rows)
    for cell in (row[side] for row in rows for side in ("debit", "credit") if row[side]):
        assert len(cell.partition(".")[2]) == places(close.currency)
    spent = sum((line.amount for line in lines if line.kind == "spent"), Decimal(0))
    paid = [row for row in rows if row["text"] == "Remedies spent"]
    assert total(paid, "credit") == spent
    assert journal_of(close, lines) == file
