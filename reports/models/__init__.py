"""What leaves the program: machines' tokens, what was exported, and the months that were closed.

What must stay true: everything that costs money is in one close at most; a close, a token's scope
and what was exported are never changed.
"""

from reports.models.closes import ClosedEntry, CloseLine, LineKind, PeriodClose
from reports.models.exports import ExportFormat, ExportName, ExportRun, Outcome
from reports.models.tokens import MachineToken

__all__ = [
    "CloseLine",
    "ClosedEntry",
    "ExportFormat",
    "ExportName",
    "ExportRun",
    "LineKind",
    "MachineToken",
    "Outcome",
    "PeriodClose",
]
