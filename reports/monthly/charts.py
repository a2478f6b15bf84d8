"""A report's charts: cost and satisfaction over thirteen months, gaps, budgets and remedies."""

from reports.charts.by_month import cost_by_month, satisfaction_by_month
from reports.charts.chart import Chart
from reports.charts.ranked import gaps_by_rule, remedies_by_cost
from reports.charts.use_of_budgets import use_of_budgets
from reports.monthly.told import Told


def charts_of(told: Told) -> list[Chart]:
    """The charts, in the order in which they are read."""
    return [
        cost_by_month(told.costs, told.months, told.currency),
        satisfaction_by_month(told.cases, told.months),
        gaps_by_rule(told.gaps, told.currency),
        use_of_budgets(told.use),
        remedies_by_cost(told.remedies, told.currency),
    ]
