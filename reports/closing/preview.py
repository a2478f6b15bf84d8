"""What the next close of a division would hold now, and which codes finance would miss in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from budgets.days import begin_of, first_of_next
from employees.models import Division, Team
from policies.models import Remedy
from reports.closing.order import Standing, refuse_unless_next
from reports.closing.selection import lines_of, total, what_it_holds
from reports.models import CloseLine, LineKind


@dataclass(frozen=True, slots=True)
class Preview:
    """A close that is not made. Amounts are in the division's currency.

    `remedies` were given and have no account, `teams` have no cost centre where one is missed.
    """

    division: Division
    month: date
    lines: list[CloseLine]
    remedies: list[Remedy]
    teams: list[Team]

    @property
    def spent(self) -> Decimal:
        """What was taken."""
        return total(self.lines, LineKind.SPENT)

    @property
    def given_back(self) -> Decimal:
        """What came back."""
        return total(self.lines, LineKind.GIVEN_BACK)

    @property
    def net(self) -> Decimal:
        """What the month costs the division: what was taken less what came back."""
        return self.spent - self.given_back

    @property
    def entries(self) -> int:
        """How many entries it would hold."""
        return sum(line.entries for line in self.lines)

    @property
    def misses(self) -> bool:
        """Whether finance would miss a code in the journal."""
        return bool(self.remedies or self.teams or not self.division.budget_account)


def preview(division: Division, *, first: date, month: date) -> Preview:
    """What a close of the month would hold now; `first` is the first month that was closed."""
    lines = lines_of(what_it_holds(division, first=first, month=month))
    booked = [line for line in lines if line.amount]
    codes = {line.remedy for line in booked if not line.account}
    remedies = Remedy.objects.filter(division=division, code__in=codes) if codes else ()
    missed = any(not line.cost_centre for line in booked)
    teams = Team.objects.filter(division=division, cost_centre="") if missed else ()
    return Preview(division, month, lines, list(remedies), list(teams))


def preview_if_next(division: Division, *, month: date, at: datetime) -> Preview:
    """What a close of the month holds when it is made now. Raises as `close_month` does."""
    first = refuse_unless_next(division, month, at=at)
    return preview(division, first=first, month=month)


def over_at(standing: Standing) -> datetime | None:
    """The moment from which the next month can be closed; None where there is none."""
    if standing.next is None:
        return None
    return begin_of(first_of_next(standing.next), standing.zone)
