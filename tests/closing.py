"""A month closed in a line: `closed(forno, "2026-10")`, on the third day after it, by finance."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction

from budgets import ledger, months
from budgets.days import first_of_next, read_month
from budgets.models import LedgerEntry
from employees.models import Division, Employee
from reports.closing.close import close_month
from reports.journal import kept_journal
from reports.models import ClosedEntry, CloseLine, PeriodClose
from resolutions.models import Resolution
from tests.cast import Cast
from tests.giving_back import gave_back
from tests.putting_right import put_right, so_much

ACCOUNTS = {
    "money-off": "6110",
    "voucher": "6120",
    "free-pizza": "6130",
    "reorder": "6140",
    "bill-credit": "6150",
}
CENTRES = {"Brooklyn": "F-110", "Queens": "F-120", "Sydney": "S-1", "Perth": "S-2"}


def with_codes(company: Cast) -> Cast:
    """The company with accounts, cost centres and the account that pays."""
    for code, remedy in company.remedies.items():
        remedy.gl_account = ACCOUNTS.get(code, "6100")
        remedy.save(update_fields=["gl_account"])
    for name, team in company.teams.items():
        team.cost_centre = CENTRES.get(name, "C-1")
        team.save(update_fields=["cost_centre"])
    company.division.budget_account = "2190"
    company.division.save(update_fields=["budget_account"])
    company.refresh()
    return company


def finance_of(company: Cast | None = None) -> Employee:
    """Finance of a company, or of the group."""
    name = f"{company.division.code}.finance" if company else "group.finance"
    division = company.division if company else None
    found = Employee.objects.filter(username=name).first()
    return found or Employee.objects.create_user(name, role="finance", division=division)


def on_the_third(month: date) -> datetime:
    """When finance usually closes a month."""
    return datetime.combine(first_of_next(month), datetime.min.time(), tzinfo=UTC) + timedelta(
        days=2, hours=9
    )


def closed(
    company: Cast | Division, month: str, *, by: Employee | None = None, at: datetime | None = None
) -> PeriodClose:
    """Close a month, such as 2026-10."""
    division = company if isinstance(company, Division) else company.division
    first = read_month(month)
    who = by or finance_of()
    return close_month(division, month=first, acting_employee=who, at=at or on_the_third(first))


def noon(day: int, month: int = 10) -> datetime:
    """Noon in New York, on a day of 2026."""
    return datetime(2026, month, day, 17, tzinfo=UTC)


def gave(
    person: Employee, amount: str, at: datetime, *, remedy: str = "", reason_code: str = ""
) -> dict[str, Any]:
    """Someone gives an amount in a case of its own. Returns the receipt."""
    in_australia = person.username.startswith("scm.")
    remedy = remedy or ("bill-credit" if in_australia else "money-off")
    reason_code = reason_code or ("slow-data" if in_australia else "late")
    return put_right(
        person, so_much(remedy, amount), at=at, reason_code=reason_code, channel="phone"
    )


def entry_of(receipt: dict[str, Any], place: int = 0) -> LedgerEntry:
    """The entry of a remedy given."""
    number = receipt["resolutions"][place]["id"]
    return Resolution.objects.select_related("entry__budget").get(pk=number).entry


def returned(receipt: dict[str, Any], by: Employee, at: datetime) -> LedgerEntry:
    """Its first remedy could not be carried out: the entry that gives its money back."""
    gave_back(by, receipt, at=at)
    return LedgerEntry.objects.get(kind="give-back", concerns=entry_of(receipt))


def lent(lender: Employee, amount: str, towards: LedgerEntry, at: datetime) -> LedgerEntry:
    """A colleague's month pays a part."""
    with transaction.atomic():
        return ledger.lend(
            months.open_month(lender, at=at, lock=True),
            amount=Decimal(amount),
            towards=towards,
            actor=lender,
            request_id=uuid4(),
            at=at,
        )


def lines(close: PeriodClose) -> list[tuple[str, str, str, str, Decimal]]:
    """Each line of a close: way, account, cost centre, remedy and amount."""
    return list(close.lines.values_list("kind", "account", "cost_centre", "remedy", "amount"))


def held(close: PeriodClose) -> set[int]:
    """The entries that a close holds."""
    return set(close.closed_entries.values_list("entry", flat=True))


def journal(close: PeriodClose) -> list[dict[str, str]]:
    """The rows of a close's journal file."""
    return list(csv.DictReader(io.StringIO(kept_journal(close).decode(), newline="")))


def nothing_closed() -> bool:
    """Whether no close was written, nor anything of one."""
    tables = (PeriodClose, CloseLine, ClosedEntry)
    return not any(table._default_manager.exists() for table in tables)
