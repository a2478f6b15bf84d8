"""Whether the rollups, the raw rows and a plain reckoning of them agree."""

from datetime import date
from typing import Any

from employees.models import AuthorityTier, Division, Team
from policies.models import Channel, ReasonCode, Remedy
from reports.figures import Scope
from reports.rollups.counting import ALL
from reports.rollups.prove import Difference, differences
from reports.rollups.state import all_days
from tests.reports.plain_figures import Books, Plain, measured

LONG_AGO, FAR_AHEAD = date(2026, 1, 1), date(2027, 12, 31)


def differing() -> list[Difference]:
    """Rows of the rollups that are not what the raw rows say."""
    days = all_days()
    if days is None:
        return []
    return [d for counting in ALL for d in differences(counting, days, Team.objects.zones())]


def assert_agreed(*scopes: Scope, today: date) -> None:
    """All three say the same of each scope."""
    assert differing() == []
    books = Books()
    for scope in scopes:
        assert measured(scope, today) == Plain(books, scope, today).measures(), scope


def whole(division: Division) -> Scope:
    """All of a division."""
    return Scope(division=division, first=LONG_AGO, last=FAR_AHEAD)


def every_scope(division: Division) -> list[Scope]:
    """All of a division, some of its time, and by each team, tier, remedy, reason and channel."""
    all_time: dict[str, Any] = {"division": division, "first": LONG_AGO, "last": FAR_AHEAD}
    narrower = {"team": Team, "tier": AuthorityTier, "remedy": Remedy, "reason_code": ReasonCode}
    numbers = {
        name: model._default_manager.filter(division=division).values_list("pk", flat=True)
        for name, model in narrower.items()
    }
    return [
        whole(division),
        Scope(**all_time | {"last": date(2026, 10, 31)}),
        Scope(**all_time | {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}),
        *(Scope(**all_time, **{name: pk}) for name, pks in numbers.items() for pk in pks),
        *(Scope(**all_time, channel=channel) for channel in Channel.values),
    ]
