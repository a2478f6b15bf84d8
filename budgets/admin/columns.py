"""What the list of budgets and a budget's page show of it, in words and amounts."""

from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import format_html

from budgets.admin.filters import NEAR_PERCENT
from budgets.models import Budget, BudgetKind, EntryKind
from employees.admin.amounts import NONE, money
from employees.admin.base import called
from employees.money import MoneyField

if TYPE_CHECKING:
    from employees.admin.base import DivisionAdmin

    Base = DivisionAdmin
else:
    Base = object

ALL_OF_IT = 100  # percent
_ZERO = Value(Decimal(0), output_field=MoneyField())
# In hundredths of a percent, whole: SQLite divides whole numbers. What has no cap comes last.
_SHARE = Coalesce(
    ExpressionWrapper(
        F("spent") * Value(10_000) / NullIf(F("allotted"), _ZERO), output_field=IntegerField()
    ),
    Value(-1),
)


class BudgetColumns(Base):
    """Columns, and the fields of a budget's page."""

    list_display = (
        "whose", "month_words", "team", "allotted_words", "spent_words", "left_words", "used",
    )  # fmt: skip

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """Whose it is, what was set aside, and where it went."""
        if obj.kind == BudgetKind.ENTITLEMENTS:
            first: list[str] = ["whose", "month_words"]
            aside: list[str] = []
            went = ["given", "given_back", "spent_words"]
        elif obj.kind == BudgetKind.FUND:
            first = ["whose", "used", "opened_at"]
            aside = ["first_words", "topped_up", "allotted_words"]
            went = ["given", "given_back", "spent_words", "left_words"]
        else:
            first = ["whose", "month_words", "team", "used", "opened_at"]
            aside = ["base_words", "topped_up", "allotted_words", "grace_words"]
            went = ["given", "lent", "given_back", "spent_words", "left_words"]
        parts = [(None, first), ("What was set aside", aside), ("Where it went", went)]
        return [(name, {"fields": fields}) for name, fields in parts if fields]

    @admin.display(description="whose", ordering="employee__username")
    def whose(self, budget: Budget) -> str:
        """An employee's, an incident's, or the division's."""
        return whose(budget)

    @admin.display(description="month", ordering="month")
    def month_words(self, budget: Budget) -> str:
        """The month in words."""
        return f"{budget.month:%B %Y}" if budget.month else NONE

    @admin.display(description="team", ordering="employee__team")
    def team(self, budget: Budget) -> str:
        """The employee's team."""
        return str(budget.employee.team) if budget.employee and budget.employee.team else NONE

    @admin.display(description="set aside", ordering="allotted")
    def allotted_words(self, budget: Budget) -> str:
        """What was set aside; entitlements have no cap."""
        return _of_capped(budget, budget.allotted)

    @admin.display(description="used", ordering="spent")
    def spent_words(self, budget: Any) -> str:
        """What was used of it."""
        capped = budget.kind != BudgetKind.ENTITLEMENTS
        used = budget.spent if capped else budget.charged or Decimal(0)
        return money(used, budget.division.currency)

    @admin.display(description="left")
    def left_words(self, budget: Budget) -> str:
        """What is left of it, without going over."""
        return _of_capped(budget, budget.left)

    @admin.display(description="share used", ordering=_SHARE)
    def used(self, budget: Budget) -> str:
        """The share that is used, as a bar and in figures; near the end and beyond are marked."""
        if budget.kind == BudgetKind.ENTITLEMENTS:
            return NONE
        percent, (colour, word) = used_percent(budget), _mark(budget)
        return format_html(
            '<span class="share"><meter class="used {}" max="100" value="{}">{} %</meter> '
            '<span class="num">{} %</span>{}</span>',
            colour,
            min(percent, ALL_OF_IT),
            percent,
            percent,
            format_html(' <span class="mark {}">{}</span>', colour, word) if word else "",
        )

    @admin.display(description="monthly budget")
    def base_words(self, budget: Budget) -> str:
        """What the tier, or the employee's own budget, gives."""
        return money(budget.base, budget.division.currency)

    @admin.display(description="at first")
    def first_words(self, budget: Any) -> str:
        """What a fund was opened with."""
        return _moved(budget, EntryKind.ALLOTMENT)

    @admin.display(description="topped up")
    def topped_up(self, budget: Any) -> str:
        """What was added besides what the tier gives."""
        if budget.kind != BudgetKind.MONTH:
            return _moved(budget, EntryKind.TOP_UP)
        return money(budget.allotted - budget.base, budget.division.currency)

    @admin.display(description="may be gone over by")
    def grace_words(self, budget: Budget) -> str:
        """How far beyond one may go."""
        return money(budget.grace, budget.division.currency)

    @admin.display(description="given to customers")
    def given(self, budget: Any) -> str:
        """What was taken for cases."""
        return _moved(budget, EntryKind.SPEND)

    @admin.display(description="lent to colleagues")
    def lent(self, budget: Any) -> str:
        """What was lent for colleagues' cases."""
        return _moved(budget, EntryKind.LENT)

    @admin.display(description="given back")
    def given_back(self, budget: Any) -> str:
        """What came back, because something could not be carried out."""
        return _moved(budget, EntryKind.GIVE_BACK)


def whose(budget: Budget) -> str:
    """Whose money it is, in words."""
    if budget.employee:
        return called(budget.employee)
    return budget.name or f"{budget.division}, owed to customers"


def title(budget: Budget) -> str:
    """Whose, and which month."""
    name = whose(budget)
    if budget.kind == BudgetKind.FUND:
        return f"{name}, fund"
    return f"{name}, {budget.month:%B %Y}" if budget.month else name


def used_percent(budget: Budget) -> int:
    """The share of a month or a fund that is used, in whole percent begun; 0 of nothing is 0.

    Rounded down, so that it says 100 only of what is used up.
    """
    if not budget.allotted:
        return ALL_OF_IT if budget.spent else 0
    share = budget.spent / budget.allotted * Decimal(100)
    return int(share.to_integral_value(ROUND_DOWN))


def moved_by_kind(budget: Budget) -> dict[str, Decimal]:
    """What each kind of entry moved, all together, without its sign."""
    kinds: QuerySet[Any] = budget.entries.order_by().values_list("kind")
    return {kind: abs(total) for kind, total in kinds.annotate(Sum("amount"))}


def _moved(budget: Any, kind: EntryKind) -> str:
    """`by_kind` was put there by the page, which alone shows it."""
    return money(budget.by_kind.get(kind, Decimal(0)), budget.division.currency)


def _of_capped(budget: Budget, amount: Decimal) -> str:
    capped = budget.kind != BudgetKind.ENTITLEMENTS
    return money(amount, budget.division.currency) if capped else NONE


def _mark(budget: Budget) -> tuple[str, str]:
    """The colour and the word for how far it is used."""
    if budget.spent > budget.allotted:
        return "grace over", "gone over"
    if budget.spent and budget.spent == budget.allotted:
        return "near", "used up"
    return ("near", "near the end") if used_percent(budget) >= NEAR_PERCENT else ("", "")
