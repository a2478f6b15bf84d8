"""A mass incident in a line: `storm(scm)` opens one for outages, from this morning on."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from resolutions.incidents import open_incident
from resolutions.models import Incident
from tests.cast import Cast
from tests.putting_right import NOW

STORM = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def storm(cast: Cast, fund: str = "100.00", **how: Any) -> Incident:
    """Open an incident for outages, in the whole division from this morning on."""
    told = {
        "division": cast.division,
        "name": "Storm in Perth",
        "reason_code": how.get("reason_code") or cast.reasons["outage"],
        "starts_at": STORM,
        "rationale": "The tower is down.",
        "customer_wording": "We know, and we are on it.",
    }
    teams = how.pop("teams", ())
    who = how.pop("by", cast.manager)
    return open_incident(
        Incident(**{**told, **how}),
        fund=Decimal(fund),
        teams=teams,
        acting_employee=who,
        at=NOW,
    )
