"""How much of their month's budget people used: a distribution, and never a ranking."""

from decimal import Decimal

from reports.charts.chart import NOTHING, Chart, Mark, Shape
from reports.charts.scale import scale_of
from reports.charts.table import Cell, Table, count_cell
from reports.measure_words import BLANK, peoples_months, share_words
from reports.measures import BINS, BudgetUse, budget_used

_TITLE = "How much of their month’s budget people used"
_NONE, _OVER = "None", "Over"
_NAMES = (_NONE, *(f"Up to {end}{BLANK}%" for end in BINS[1:]), _OVER)
_BELOW = (_NONE, *(f"≤{end}%" for end in BINS[1:]), _OVER)  # as an axis has room for


def use_of_budgets(use: BudgetUse) -> Chart:
    """How many people's months used none of it, up to a quarter, and so on; and over it."""
    counted = list(zip(_NAMES, use.bins, strict=True))
    return Chart(
        key="use-of-budgets",
        title=_TITLE,
        says=_spread(use),
        shape=Shape.COLUMNS,
        marks=[
            Mark(
                label=below,
                value=Decimal(count) if use.months else None,
                said=f"{name}: {peoples_months(count)}",
                written=f"{count:,}",
                further=name == _OVER,
            )
            for (name, count), below in zip(counted, _BELOW, strict=True)
        ],
        scale=scale_of(map(Decimal, use.bins), lambda count: f"{count:,.0f}"),
        table=Table(
            "use-of-budgets",
            _TITLE,
            ("Used", "People’s months"),
            [(Cell(name), count_cell(count)) for name, count in counted],
        ),
    )


def _spread(use: BudgetUse) -> str:
    if not use.months:
        return NOTHING
    unused = f" and {use.none:,} used none of it" if use.none else ""
    over = f"{use.over:,}" if use.over else "none"
    return (
        f"Of {peoples_months(use.months)} {over} went over the budget"
        f"{unused}; all together used {share_words(budget_used(use))}."
    )
