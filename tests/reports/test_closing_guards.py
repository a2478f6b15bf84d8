"""The database itself refuses to falsify what was closed, whoever asks: raw SQL, both databases."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from budgets.models import LedgerEntry
from reports.errors import JournalChanged
from reports.journal import kept_journal
from reports.models import PeriodClose
from tests.cast import Cast
from tests.closing import closed, entry_of, gave, held, noon, with_codes
from tests.raw_sql import check_now, empty_out, execute, guards_down, insert, refused

STAYS = "A closed month stays as it is"


@pytest.fixture
def close(forno: Cast) -> PeriodClose:
    """October, with 5.00 spent."""
    with_codes(forno)
    gave(forno.agent, "5.00", noon(2))
    made = closed(forno, "2026-10")
    check_now()  # what is checked when a close is committed
    return made


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("reports_periodclose", "spent", Decimal("4.00")),
        ("reports_periodclose", "given_back", Decimal("1.00")),
        ("reports_periodclose", "checksum", "0" * 64),
        ("reports_periodclose", "month", date(2026, 9, 1)),
        ("reports_closeline", "amount", Decimal("4.00")),
        ("reports_closeline", "account", "1"),
        ("reports_closeline", "cost_centre", ""),
    ],
)
def test_no_column_of_a_close_can_be_changed(
    close: PeriodClose, table: str, column: str, value: Any
) -> None:
    with refused(STAYS):
        execute(f"UPDATE {table} SET {column} = %s", value)


def test_no_entry_is_moved_to_another_close(forno: Cast, close: PeriodClose) -> None:
    gave(forno.agent, "3.00", noon(2, month=11))
    later = closed(forno, "2026-11")
    with refused(STAYS):
        execute("UPDATE reports_closedentry SET close_id = %s", later.pk)
    assert len(held(close)) == len(held(later)) == 1


@pytest.mark.parametrize(
    "table", ["reports_closedentry", "reports_closeline", "reports_periodclose"]
)
def test_nothing_closed_can_be_deleted(close: PeriodClose, table: str) -> None:
    with refused(f"{STAYS}|foreign key|FOREIGN KEY"):
        execute(f"DELETE FROM {table}")
        if connection.vendor == "sqlite":
            connection.check_constraints()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "table", ["reports_closedentry", "reports_closeline", "reports_periodclose"]
)
def test_nothing_closed_is_emptied_out(close: PeriodClose, table: str) -> None:
    with refused(STAYS):
        empty_out(table)


def insert_close(close: PeriodClose, **columns: Any) -> None:
    """Write another close, of the month after it, unless columns say otherwise."""
    fitting = {
        "division_id": close.division_id,
        "month": date(2026, 11, 1),
        "currency": "USD",
        "budget_account": "",
        "entries": 0,
        "spent": Decimal(0),
        "given_back": Decimal(0),
        "checksum": "",
        "closed_by_id": close.closed_by_id,
        "closed_at": close.closed_at,
    }
    insert("reports_periodclose", **{**fitting, **columns})


def test_a_month_has_one_close(close: PeriodClose) -> None:
    with refused(f"month_closed_once|{STAYS}"):
        insert_close(close, month=date(2026, 10, 1))
    insert_close(close)


def test_an_entry_is_in_one_close(close: PeriodClose) -> None:
    insert_close(close)
    other = PeriodClose.objects.get(month=date(2026, 11, 1))
    (entry,) = held(close)
    with refused(f"entry_id|{STAYS}"):
        insert("reports_closedentry", entry_id=entry, close_id=other.pk)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "says",
    [{"spent": Decimal("5.00")}, {"given_back": Decimal("5.00")}, {"entries": 1}],
    ids=str,
)
def test_a_close_that_does_not_add_up_is_not_committed(
    close: PeriodClose, says: dict[str, Any]
) -> None:
    with refused("A close adds up"):
        insert_close(close, **says)


@pytest.mark.postgres
def test_lines_that_are_not_what_the_entries_come_to_are_not_committed(
    forno: Cast, close: PeriodClose
) -> None:
    """5.00 in the lines and the totals, and an entry of 4.00."""
    entry = entry_of(gave(forno.agent, "4.00", noon(2, month=11)))
    with refused("A close adds up"):
        insert_close(close, spent=Decimal("5.00"), entries=1)
        other = PeriodClose.objects.get(month=date(2026, 11, 1))
        insert("reports_closedentry", entry_id=entry.pk, close_id=other.pk)
        line = {"account": "", "cost_centre": "", "remedy": "", "entries": 1, "position": 1}
        amount = Decimal("5.00")
        insert("reports_closeline", close_id=other.pk, kind="spent", amount=amount, **line)


@pytest.mark.sqlite
def test_a_close_can_not_be_replaced_by_another(close: PeriodClose) -> None:
    with refused(STAYS):
        execute(
            "INSERT OR REPLACE INTO reports_closedentry (entry_id, close_id) "
            "SELECT entry_id, close_id FROM reports_closedentry"
        )
    assert len(held(close)) == 1


def test_a_close_holds_what_costs_money_in_its_own_division(
    forno: Cast, orchard: Cast, close: PeriodClose
) -> None:
    allotment = LedgerEntry.objects.get(kind="allotment")
    theirs = entry_of(gave(orchard.agent, "4.00", noon(2)))
    for entry in (allotment, theirs):
        with refused("in its own division"):
            insert("reports_closedentry", entry_id=entry.pk, close_id=close.pk)
    ours = entry_of(gave(forno.agent, "4.00", noon(2)))
    insert("reports_closedentry", entry_id=ours.pk, close_id=close.pk)


def test_only_a_give_back_names_an_original(close: PeriodClose) -> None:
    (entry,) = held(close)
    line = {
        "close_id": close.pk,
        "account": "",
        "cost_centre": "",
        "remedy": "",
        "amount": Decimal("1.00"),
        "entries": 1,
    }
    original = {"original_id": entry, "original_month": date(2026, 10, 1)}
    wrong = (
        {"kind": "spent", **original},
        {"kind": "given-back", "original_id": entry},
        {"kind": "given-back", "original_month": date(2026, 10, 1)},
    )
    for columns in wrong:
        with refused("only_a_give_back_names_an_original"):
            insert("reports_closeline", position=7, **line, **columns)
    with refused("line_amount_not_negative"):
        amount = {"amount": Decimal("-1.00")}
        insert("reports_closeline", position=7, kind="spent", **{**line, **amount})
    with refused(f"line_once_a_close|{STAYS}"):
        insert("reports_closeline", position=1, kind="spent", **line)
    insert("reports_closeline", position=7, kind="given-back", **line, **original)


def test_whoever_changes_it_past_the_guards_is_noticed_by_the_checksum(close: PeriodClose) -> None:
    kept_journal(close)
    with guards_down("reports_closeline"):
        execute("UPDATE reports_closeline SET amount = amount + %s", Decimal("0.01"))
    with pytest.raises(JournalChanged, match="forno-2026-10 is not what was closed"):
        kept_journal(close)
