"""Everyone's month is opened by the job, as if each had opened it by first use."""

from datetime import UTC, date, datetime
from decimal import Decimal

from budgets import months
from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from budgets.open_many import open_months
from tests.cast import Cast

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def test_the_job_opens_a_month_for_all_who_have_a_tier(forno: Cast, scm: Cast) -> None:
    opened = open_months(at=NOW)

    holders = [p for cast in (forno, scm) for p in cast.people.values() if p.tier]
    assert opened == len(holders) == Budget.objects.count() == LedgerEntry.objects.count()
    assert list(problems()) == []
    rep = Budget.objects.get(employee=scm.agent)
    assert (rep.month, rep.base, rep.allotted, rep.grace, rep.opened_at) == (
        date(2026, 11, 1), Decimal("200.00"), Decimal("200.00"), Decimal("50.00"), NOW,
    )  # fmt: skip
    assert months.open_month(scm.agent, at=NOW) == rep
    assert open_months(at=NOW) == 0
