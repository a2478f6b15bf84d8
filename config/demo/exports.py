"""What leaves the demo: finance's tokens for machines, and what was exported lately.

Nobody knows the tokens themselves: they were shown once, before the demo began.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from config.demo.days import Calendar
from employees.models import Division, Employee
from reports.models import ExportFormat, ExportName, ExportRun, MachineToken, Outcome

_ZONE = ZoneInfo("UTC")  # finance and administrators work for the whole group
_NIGHTS = 9
_WEEKS = 5


@dataclass(frozen=True, slots=True)
class _Token:
    """A token of the demo: when it was made and how long it lasts, in days."""

    name: str
    begins: str
    exports: Sequence[str]
    division: str  # its code; "" for all
    ago: int
    lasts: int
    by: str = "finance"
    revoked_ago: int | None = None


_NIGHTLY = _Token(
    "Nightly load",
    "leeway_4be07",
    (ExportName.RESOLUTIONS, ExportName.LEDGER, ExportName.BUDGETS),
    division="",
    ago=85,
    lasts=360,
)
_DASHBOARD = _Token(
    "Dashboard of Southern Cross",
    "leeway_c91d2",
    (ExportName.CASES, ExportName.GAPS),
    division="scm",
    ago=40,
    lasts=90,
)
_AUDIT = _Token(
    "Audit of the first half",
    "leeway_07a3f",
    (ExportName.LEDGER,),
    division="forno",
    ago=120,
    lasts=360,
    by="admin",
    revoked_ago=61,
)


def export_it(calendar: Calendar, office: Mapping[str, Employee]) -> None:
    """Write the tokens, and the log of exports."""
    divisions = {division.code: division for division in Division.objects.all()}
    tokens = {
        token.name: _make(number, token, calendar, office, divisions)
        for number, token in enumerate((_AUDIT, _NIGHTLY, _DASHBOARD), start=1)
    }
    runs = [*_by_machines(calendar, tokens), *_by_hand(calendar, office["finance"])]
    ExportRun.objects.bulk_create(sorted(runs, key=lambda run: run.started_at))


def _make(
    number: int,
    told: _Token,
    calendar: Calendar,
    office: Mapping[str, Employee],
    divisions: Mapping[str, Division],
) -> MachineToken:
    made_at = calendar.at(told.ago, "09:40", _ZONE)
    revoked = None if told.revoked_ago is None else calendar.at(told.revoked_ago, "16:05", _ZONE)
    token = MachineToken.objects.create(
        name=told.name,
        begins=told.begins,
        digest=f"{number:0128x}",  # of no text that anybody knows
        exports=[str(export) for export in told.exports],
        all_divisions=not told.division,
        division_count=1 if told.division else 0,
        made_by=office[told.by],
        made_at=made_at,
        request_id=UUID(int=number),
        expires_at=made_at + timedelta(days=told.lasts),
        revoked_at=revoked,
        revoked_by=office["admin"] if revoked else None,
    )
    if told.division:
        token.divisions.add(divisions[told.division])
    return token


def _by_machines(calendar: Calendar, tokens: Mapping[str, MachineToken]) -> Iterator[ExportRun]:
    for night in range(1, _NIGHTS + 1):
        at = calendar.at(night, "02:15", _ZONE)
        for minute, export in enumerate((ExportName.RESOLUTIONS, ExportName.LEDGER)):
            yield _run(
                at + timedelta(minutes=minute),
                export,
                rows=17 + night * 5 % 11,
                asked={"after": "…"},
                token=tokens[_NIGHTLY.name],
            )
    for week in range(_WEEKS):
        yield _run(
            calendar.at(3 + 7 * week, "05:30", _ZONE),
            ExportName.CASES,
            ExportFormat.PARQUET,
            rows=58 + week * 13 % 9,
            asked={"after": "…"},
            token=tokens[_DASHBOARD.name],
        )
    audited = calendar.at(_AUDIT.ago - 1, "11:00", _ZONE)
    yield _run(audited, ExportName.LEDGER, rows=412, token=tokens[_AUDIT.name])


def _by_hand(calendar: Calendar, finance: Employee) -> Iterator[ExportRun]:
    last_month = calendar.today.replace(day=1) - timedelta(days=1)
    month = f"{last_month:%Y-%m}"
    asked = {"month_from": month, "month_to": month}
    yield _run(
        calendar.at(2, "10:12", _ZONE),
        ExportName.LEDGER,
        ExportFormat.XLSX,
        rows=311,
        asked=asked,
        outcome=Outcome.BROKEN_OFF,
        employee=finance,
    )
    for minute, (code, rows) in enumerate((("forno", 164), ("orchard", 121), ("scm", 253))):
        yield _run(
            calendar.at(2, f"10:{14 + minute}", _ZONE),
            ExportName.RESOLUTIONS,
            ExportFormat.XLSX,
            rows=rows,
            asked={**asked, "division": code},
            employee=finance,
        )


def _run(
    at: datetime,
    export: ExportName,
    form: ExportFormat = ExportFormat.CSV,
    *,
    rows: int,
    asked: Mapping[str, Any] | None = None,
    outcome: Outcome = Outcome.WHOLE,
    **by: Any,
) -> ExportRun:
    return ExportRun(
        export=export,
        format=form,
        asked=dict(asked or {}),
        outcome=outcome,
        rows=rows,
        started_at=at,
        ended_at=at + timedelta(seconds=2),
        **by,
    )
