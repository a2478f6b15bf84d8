"""A past to try changes on: what was asked at the door, and what came of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from employees.models import AuthorityTier, Employee
from policies.models import Policy
from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap, Trial, TrialDifference
from resolutions.problem import Give
from resolutions.trying.trials import try_limit, try_rule
from tests.admin.desk import Desk
from tests.cast import Cast
from tests.putting_right import NOW, put_right

SINCE, UNTIL = NOW - timedelta(days=30), NOW + timedelta(days=1)


def refused(employee: Employee, *gives: Give, at: datetime = NOW, **told: Any) -> AuthorityGap:
    """Ask for what is refused."""
    with pytest.raises(OutsideAuthority):
        put_right(employee, *gives, at=at, **told)
    return AuthorityGap.objects.latest("pk")


def fill_in(desk: Desk, where: str, **fields: Any) -> Any:
    """Open the form for trying a change, fill it in and follow where it leads."""
    form = desk.client.get(where).context["form"]
    data = {field.name: field.value() for field in form} | fields
    return desk.client.post(where, data, follow=True)


def tried_rule(company: Cast, draft: Policy, **period: Any) -> Trial:
    """Try a draft on the month before now."""
    return _over(
        try_rule(draft, asked_by=company.manager, **{"since": SINCE, "until": UNTIL, **period})
    )


def started_limit(company: Cast, tier: AuthorityTier, limit: str, **period: Any) -> Trial:
    """Start trying a limit on the month before now; a long one waits."""
    how = {"since": SINCE, "until": UNTIL, **period}
    return try_limit(tier, limit_per_case=Decimal(limit), asked_by=company.manager, **how)


def tried_limit(company: Cast, tier: AuthorityTier, limit: str, **period: Any) -> Trial:
    """Try a limit on the month before now."""
    return _over(started_limit(company, tier, limit, **period))


def _over(trial: Trial) -> Trial:
    trial.refresh_from_db()
    assert trial.state == "done", trial.state
    return trial


def counts(trial: Trial) -> dict[str, int]:
    """How many differences of each kind, without those there are none of."""
    kinds = trial.result["kinds"]
    return {kind: kinds[kind]["count"] for kind in kinds if kinds[kind]["count"]}


def listed(trial: Trial) -> list[tuple[Any, ...]]:
    """Every difference: kind, what it is about, before, after, cost, month."""
    rows = TrialDifference.objects.filter(trial=trial).order_by("pk")
    return list(
        rows.values_list("kind", "gap", "resolution", "before", "after", "why", "cost", "month")
    )


def sums(trial: Trial, kinds: Sequence[str]) -> Decimal:
    """What the differences of these kinds cost together, by the list behind the number."""
    rows = TrialDifference.objects.filter(trial=trial, kind__in=kinds)
    return sum((row.cost for row in rows), Decimal(0))
