"""The mass incidents of the half year: opened by the manager, and paid for by a fund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from config.demo.days import Calendar
from config.demo.found import Founded
from resolutions.incidents import open_incident
from resolutions.models import Case, Incident

_NUMBERS = UUID("5d0f6f0e-6a0c-4d64-9f0e-1f3a3f1f0c11")


@dataclass(frozen=True, slots=True)
class IncidentPlan:
    """One failure that hit many: from when to when (local), and with what fund."""

    name: str
    reason: str
    starts: tuple[int, str]  # days ago, and the time
    ends: tuple[int, str]
    fund: str
    rationale: str
    words: str


INCIDENTS: Mapping[str, Sequence[IncidentPlan]] = {
    "scm": (
        IncidentPlan(
            "Storm on the west coast",
            "outage",
            starts=(47, "05:30"),
            ends=(26, "18:00"),
            fund="250.00",
            rationale="The storm took three masts down, and many had no line for "
            "days. It is ours to put right, and no rep's month should pay for it.",
            words="Yes, we know, the storm took our masts down. This one is on us.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class IncidentBegins:
    """A manager opens an incident as it begins."""

    at: datetime
    founded: Founded
    plan: IncidentPlan
    ends_at: datetime


def incidents_of(founded: Founded, calendar: Calendar) -> list[IncidentBegins]:
    """The division's incidents, each as it begins."""

    def local(moment: tuple[int, str]) -> datetime:
        return calendar.at(*moment, founded.zone)

    return [
        IncidentBegins(local(plan.starts), founded, plan, local(plan.ends))
        for plan in INCIDENTS.get(founded.plan.code, ())
    ]


@dataclass(slots=True)
class Incidents:
    """Those that were opened so far, with their funds as they stand."""

    _opened: list[Incident] = field(default_factory=list)

    def begin(self, event: IncidentBegins) -> None:
        """Open it, as the manager does."""
        founded, plan = event.founded, event.plan
        incident = Incident(
            division=founded.division,
            name=plan.name,
            reason_code=founded.reasons[plan.reason],
            starts_at=event.at,
            ends_at=event.ends_at,
            rationale=plan.rationale,
            customer_wording=plan.words,
            request_id=uuid5(_NUMBERS, plan.name),
        )
        incident._history_user = founded.manager  # type: ignore[attr-defined]
        incident._history_date = event.at  # type: ignore[attr-defined]
        open_incident(
            incident,
            fund=Decimal(plan.fund),
            acting_employee=founded.manager,
            at=event.at,
        )
        self._opened.append(incident)

    def of(self, case: Case) -> Incident | None:
        """The incident that the case is one of."""
        return next(
            (
                incident
                for incident in self._opened
                if (case.reason_code, case.division) == (incident.reason_code, incident.division)
                and incident.ends_at is not None
                and incident.starts_at <= case.opened_at < incident.ends_at
            ),
            None,
        )
