"""What could not be carried out, on the case page: where the money goes, and the way to say so."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from budgets.models import BudgetKind
from budgets.months import month_of
from employees.models import Employee
from employees.money import format_money
from resolutions.forms.outcomes import GivingBackForm
from resolutions.give_back import may_give_back
from resolutions.models import Case, Resolution

Sent = dict[int, GivingBackForm]  # by resolution: what was sent, and is not right yet


@dataclass(frozen=True, slots=True)
class GivingBack:
    """A remedy that can be given back: the form, what comes of it, and what its button says."""

    resolution: int
    form: GivingBackForm
    comes: str
    button: str


def giving_back(
    resolution: Resolution, case: Case, reader: Employee, sent: Sent | None
) -> GivingBack | None:
    """The way to give it back; None for who may not, and for what was given back."""
    if resolution.give_back is not None or not may_give_back(resolution, case, reader):
        return None
    form = (sent or {}).get(resolution.pk) or GivingBackForm(resolution=resolution.pk)
    if not resolution.cost:
        comes = "It cost nothing, and stays here with a mark."
        return GivingBack(resolution.pk, form, comes, "Mark it as given back")
    amount = format_money(resolution.cost, case.division.currency)
    comes = f"{amount} goes back to {money_place(resolution, reader)}. It stays here with a mark."
    return GivingBack(resolution.pk, form, comes, f"Give back {amount}")


def money_place(resolution: Resolution, reader: Employee) -> str:
    """Where its money came from, and returns to: "your month", "Ann’s October", "the division"."""
    budget = resolution.entry.budget
    if budget.kind == BudgetKind.FUND:
        return f"the fund of “{budget.name}”"
    if budget.kind == BudgetKind.ENTITLEMENTS or budget.month is None:
        return "the division"
    month = _month_words(budget.month, reader)
    if resolution.given_by_id == reader.pk:
        return f"your {month}"
    return f"{resolution.given_by.called}’s {month}"


def _month_words(month: date, reader: Employee) -> str:
    """This month is "month"; another one has a name, and a year where it needs one."""
    now = month_of(reader, timezone.now())
    if month == now:
        return "month"
    return f"{month:%B}" if month.year == now.year else f"{month:%B %Y}"
