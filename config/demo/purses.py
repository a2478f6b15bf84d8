"""Everyone's months while the half year is played, moved by the ledger's own acts."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from budgets import ledger, months
from budgets.models import Budget, LedgerEntry
from config.demo.timetable import MonthBegins
from employees.models import Employee
from policies.decision import Decision
from resolutions.models import Resolution


class Purses:
    """Budgets as they stand, kept in memory between movements."""

    def __init__(self) -> None:
        self._months: dict[tuple[int, date], Budget] = {}
        self._entitlements: dict[tuple[int, date], Budget] = {}

    def begin(self, event: MonthBegins) -> None:
        """Open the month for a team."""
        for employee in event.team:
            self.of(employee, event.at)

    def of(self, employee: Employee, at: datetime) -> Budget:
        """The employee's month at this moment, opened by its first use."""
        key = (employee.pk, months.month_of(employee, at))
        if key not in self._months:
            self._months[key] = months.open_month(employee, at=at)
        return self._months[key]

    def charge(
        self,
        decisions: Sequence[Decision],
        employee: Employee,
        *,
        payer: Budget,
        at: datetime,
        request_id: UUID,
    ) -> list[LedgerEntry]:
        """Take what was decided out of who pays, or out of the division's entitlements."""
        entries = []
        for decision in decisions:
            charge = ledger.charge_entitlement if decision.owed else ledger.spend
            entries.append(
                charge(
                    self._owed(employee, at) if decision.owed else payer,
                    cost=decision.cost,
                    actor=employee,
                    request_id=request_id,
                    at=at,
                    note=decision.remedy.name,
                )
            )
        return entries

    def give_back(self, resolution: Resolution, *, reason: str, at: datetime) -> None:
        """Return what was taken for it, by who gave it, to the month it was taken from."""
        ledger.give_back(
            resolution.entry,
            actor=resolution.given_by,
            reason=reason,
            request_id=uuid5(resolution.request_id, resolution.decision["remedy"]),
            at=at,
        )
        if not resolution.owed:
            resolution.entry.budget.spent -= resolution.cost  # the row has moved; this is our copy

    def _owed(self, employee: Employee, at: datetime) -> Budget:
        division, month = employee.division, months.month_of(employee, at)
        if division is None:
            raise ValueError(f"{employee} belongs to no division.")
        key = (division.pk, month)
        if key not in self._entitlements:
            self._entitlements[key] = months.open_entitlements(division, month=month, at=at)
        return self._entitlements[key]
