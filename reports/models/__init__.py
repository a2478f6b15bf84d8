"""What leaves the program, and what is added up for reports.

Machines' tokens, what was exported, the months that were closed, the rollups and monthly reports.

What must stay true: everything that costs money is in one close at most; a close, a token's scope,
what was exported and what a monthly report told are never changed.
"""

from reports.models.closes import ClosedEntry, CloseLine, LineKind, PeriodClose
from reports.models.exports import ExportFormat, ExportName, ExportRun, Outcome
from reports.models.monthly import (
    Baseline,
    MonthlyReport,
    NotSent,
    ReportDelivery,
    ReportPreference,
)
from reports.models.rollups import Daily, DailyCases, DailyCosts, DailyGaps, RollupState
from reports.models.tokens import MachineToken

__all__ = [
    "Baseline",
    "CloseLine",
    "ClosedEntry",
    "Daily",
    "DailyCases",
    "DailyCosts",
    "DailyGaps",
    "ExportFormat",
    "ExportName",
    "ExportRun",
    "LineKind",
    "MachineToken",
    "MonthlyReport",
    "NotSent",
    "Outcome",
    "PeriodClose",
    "ReportDelivery",
    "ReportPreference",
    "RollupState",
]
