"""Measures reckoned in plain Python from every raw row: slow, and obvious.

A second opinion on `reports/rollups/`, `figures.py` and `measures.py`, of which it uses nothing but
the names. Each row is read with whatever it refers to, and looked at one by one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from budgets.models import Budget, LedgerEntry
from employees.models import Team
from reports import figures, measures
from reports.figures import Scope
from resolutions.models import AuthorityGap, Case, Conclusion, Contact, FollowUp, Resolution

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """One raw row, and what it is counted under. A case has all remedies that stand in it."""

    it: Any
    division: int
    day: date
    team: int | None
    tier: int | None
    remedies: set[int | None]
    reason_code: int | None
    channel: str

    def is_in(self, scope: Scope) -> bool:
        return (
            self.division == scope.division.pk
            and scope.first <= self.day <= scope.last
            and scope.team in (None, self.team)
            and scope.tier in (None, self.tier)
            and (scope.remedy is None or scope.remedy in self.remedies)
            and scope.reason_code in (None, self.reason_code)
            and scope.channel in ("", self.channel)
        )


class Books:
    """Everything that happened, as it is in the database now."""

    def __init__(self) -> None:
        self.zones = {team.pk: ZoneInfo(team.time_zone) for team in Team.objects.all()}
        self.paid_by = {r.entry_id: r for r in Resolution.objects.select_related("case")}
        self.returned = set(
            LedgerEntry.objects.filter(kind="give-back").values_list("concerns", flat=True)
        )
        self.standing: dict[int, set[int | None]] = defaultdict(set)
        self.endings: dict[int, list[datetime]] = defaultdict(list)
        for resolution in self.paid_by.values():
            self.endings[resolution.case_id].append(resolution.at)
            if resolution.entry_id not in self.returned:
                self.standing[resolution.case_id].add(resolution.remedy_id)
        self.handed_over = set()
        for conclusion in Conclusion.objects.all():
            self.endings[conclusion.case_id].append(conclusion.at)
            if conclusion.state == "handed-over":
                self.handed_over.add(conclusion.case_id)
        self.came_back, self.told = defaultdict(list), defaultdict(list)
        for contact in Contact.objects.all():
            self.came_back[contact.case_id].append(contact.at)
        every = list(Case.objects.order_by("pk"))
        for case in every:
            self.told[case.customer_id, case.reason_code_id].append((case.opened_at, case.pk))
        self.mails = {m.case_id: m for m in FollowUp.objects.select_related("response")}
        entries = LedgerEntry.objects.filter(kind__in=["spend", "lent", "give-back"])
        related = ("budget__employee", "concerns__concerns")
        self.entries = [self._entry(entry) for entry in entries.select_related(*related)]
        self.cases = [self._case(case) for case in every if case.ended_at is not None]
        self.day_of = {row.it.pk: row.day for row in self.cases}
        self.gaps = [self._gap(gap) for gap in AuthorityGap.objects.select_related("case")]
        self.months = list(Budget.objects.filter(kind="month").select_related("employee"))

    def _day(self, at: datetime, team: int | None) -> date:
        return at.astimezone(UTC if team is None else self.zones[team]).date()

    def _entry(self, entry: LedgerEntry) -> Row:
        taken = entry.concerns if entry.kind == "give-back" else entry
        assert taken is not None
        spend = taken.concerns if taken.kind == "lent" else taken
        assert spend is not None
        resolution, owner = self.paid_by.get(spend.pk), entry.budget.employee
        is_here = owner is not None and owner.division_id == entry.budget.division_id
        owners_team = owner.team_id if owner is not None and is_here else None
        giver = resolution.team_id if resolution and resolution.team_id else owners_team
        return Row(
            entry,
            entry.budget.division_id,
            self._day(entry.at, giver),
            owners_team if taken.kind == "lent" else giver,
            resolution.tier_id if resolution else None,
            {resolution.remedy_id if resolution else None},
            resolution.case.reason_code_id if resolution else None,
            resolution.case.channel if resolution else "",
        )

    def _case(self, case: Case) -> Row:
        assert case.ended_at is not None
        return Row(
            case,
            case.division_id,
            self._day(case.ended_at, case.team_id),
            case.team_id,
            case.tier_id,
            self.standing[case.pk],
            case.reason_code_id,
            case.channel,
        )

    def _gap(self, gap: AuthorityGap) -> Row:
        return Row(
            gap,
            gap.division_id,
            self._day(gap.at, gap.team_id),
            gap.team_id,
            gap.tier_id,
            {gap.remedy_id},
            gap.reason_code_id,
            gap.case.channel if gap.case else gap.told.get("channel", ""),
        )

    def came_again(self, case: Case) -> bool:
        """The customer was back within a week after one of the endings, about the same."""
        alike = self.told[case.customer_id, case.reason_code_id]
        others = [opened_at for opened_at, number in alike if number != case.pk]
        return any(
            ending < moment <= ending + WEEK
            for ending in self.endings[case.pk]
            for moment in (*self.came_back[case.pk], *others)
        )


@dataclass(frozen=True)
class Plain:
    """The measures of a scope, as of a day."""

    books: Books
    scope: Scope
    today: date

    @cached_property
    def entries(self) -> list[LedgerEntry]:
        return [row.it for row in self.books.entries if row.is_in(self.scope)]

    @cached_property
    def cases(self) -> list[Case]:
        return [row.it for row in self.books.cases if row.is_in(self.scope)]

    @cached_property
    def put_right(self) -> list[Case]:
        return [case for case in self.cases if case.state == "put-right"]

    def measures(self) -> dict[str, Any]:
        """Each by its name."""
        escalated = [case for case in self.cases if case.pk in self.books.handed_over]
        alone = [case for case in self.put_right if case.pk not in self.books.handed_over]
        second = [case for case in self.cases if case.second_failure]
        return {
            "cost": self.cost(),
            "cost per case": self.per(len(self.put_right)),
            "cost per remedy": self.per(self.remedies()),
            "first contact": self.first_contact(),
            "escalation": share(len(escalated), len(self.cases)),
            "time": self.time(),
            "satisfaction": self.satisfaction(),
            "second failures": share(len(second), len(self.cases)),
            "approvals": (len(alone), len(alone) * self.scope.division.approval_cost),
            "gaps": self.gaps(),
            "budgets": self.budgets(),
        }

    def cost(self) -> Decimal:
        return -sum((entry.amount for entry in self.entries), Decimal(0))

    def per(self, count: int) -> Decimal | None:
        places = Decimal(1) if self.scope.division.currency == "JPY" else Decimal("0.01")
        return (self.cost() / count).quantize(places, ROUND_HALF_UP) if count > 0 else None

    def remedies(self) -> int:
        """How many were given, less those given back; what a colleague lent is no other remedy."""
        back = [e for e in self.entries if e.concerns and e.concerns.kind == "spend"]
        given = [e for e in self.entries if e.kind == "spend"]
        return len(given) - len([e for e in back if e.kind == "give-back"])

    def first_contact(self) -> Decimal | None:
        last = self.today - WEEK - timedelta(days=1)
        over = [c for c in self.put_right if c.customer_id and self.books.day_of[c.pk] <= last]
        return share(len([c for c in over if not self.books.came_again(c)]), len(over))

    def time(self) -> timedelta | None:
        took = [case.ended_at - case.opened_at for case in self.put_right]  # type: ignore[operator]
        seconds = sum(max(0, each // timedelta(seconds=1)) for each in took)
        return timedelta(seconds=round(Decimal(seconds) / len(took))) if took else None

    def satisfaction(self) -> tuple[Any, ...] | None:
        mails = [self.books.mails[c.pk] for c in self.cases if c.pk in self.books.mails]
        scores = [mail.response.score for mail in mails if hasattr(mail, "response")]
        asked = [mail for mail in mails if mail.sent_at]
        if not scores:
            return None
        mean = Decimal(sum(scores)) / len(scores)
        return mean, len(scores), len(asked), share(len(scores), len(asked))

    def gaps(self) -> list[tuple[Any, ...]]:
        groups = defaultdict(list)
        for row in self.books.gaps:
            if row.is_in(self.scope):
                groups[row.it.policy_id, row.it.bound].append(row.it.cost)
        return by_size([(*key, len(costs), sum(costs)) for key, costs in groups.items()])

    def budgets(self) -> tuple[Any, ...]:
        scope = self.scope
        months = [
            month
            for month in self.books.months
            if month.division_id == scope.division.pk
            and month.employee is not None
            and month.month is not None
            and scope.first.replace(day=1) <= month.month <= scope.last
            and scope.team in (None, month.employee.team_id)
            and scope.tier in (None, month.employee.tier_id)
        ]
        bins = [0] * 6
        for month in months:
            bins[bin_of(month)] += 1
        spent, allotted = (
            sum((getattr(month, name) for month in months), Decimal(0))
            for name in ("spent", "allotted")
        )
        return share(spent, allotted), share(bins[5], len(months)), tuple(bins)


def measured(scope: Scope, today: date) -> dict[str, Any]:
    """The same, by what is tried: from the rollups."""
    costs, cases = figures.costs(scope), figures.cases(scope, today=today)
    use, division = figures.budget_use(scope), scope.division
    said = measures.satisfaction(cases)
    approvals = measures.cost_of_approvals_avoided(cases, division.approval_cost)
    used = (measures.budget_used(use), measures.share_over_budget(use), use.bins)
    return {
        "cost": measures.cost(costs),
        "cost per case": measures.cost_per_case(costs, cases, division.currency),
        "cost per remedy": measures.cost_per_remedy(costs, division.currency),
        "first contact": measures.first_contact_resolution(cases),
        "escalation": measures.escalation_rate(cases),
        "time": measures.time_to_resolution(cases),
        "satisfaction": said and (said.score, said.answers, said.asked, said.rate),
        "second failures": measures.share_of_second_failures(cases),
        "approvals": (measures.approvals_avoided(cases), approvals),
        "gaps": by_size([(g.policy, g.bound, g.gaps, g.cost) for g in figures.gaps(scope)]),
        "budgets": used,
    }


def bin_of(month: Budget) -> int:
    """None used, up to a quarter, a half, three quarters, all of it, and beyond."""
    if month.spent == 0:
        return 0
    if month.spent > month.allotted:
        return 5
    return next(n for n in (1, 2, 3, 4) if month.spent <= month.allotted * n / 4)


def by_size(gaps: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(gaps, key=lambda gap: (-gap[2], gap[1], gap[0] or 0))


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None
