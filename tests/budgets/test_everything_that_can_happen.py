"""Whatever happens to money, in whatever order: the program agrees with a model in plain Python."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from budgets import ledger, months, new_budgets, open_many, top_ups
from budgets.check import problems
from budgets.errors import BudgetExhausted, BudgetsError, GivenBackAlready, MonthIsOver
from budgets.models import Budget, BudgetKind, LedgerEntry
from employees.models import AuthorityTier, Employee, Team
from employees.own_authority import EmployeesError
from tests.budgets.plain_money import CENT, ZERO, Month, Person, PlainMoney, Pot, Spent, Tier
from tests.cast import Cast, bring_in
from tests.companies import SCM
from tests.raw_sql import check_now

ZONES = {
    "Sydney": "Australia/Sydney",
    "Perth": "Australia/Perth",
    "Line Islands": "Pacific/Kiritimati",  # the first where it is a new month
    "Hawaii": "Pacific/Honolulu",  # and nearly the last, a whole day later
}
PEOPLE = ["scm.rep1", "scm.rep2", "scm.rep3", "scm.lead1"]
TIERS = ["Rep", "Team lead"]
BEGIN = datetime(2026, 9, 29, 22, 0, tzinfo=UTC)

people = st.sampled_from(PEOPLE)
tiers = st.sampled_from(TIERS)
cents = st.integers(1, 30_000).map(lambda number: number * CENT)
costs = st.one_of(
    st.integers(0, 3_000).map(lambda number: number * CENT),
    st.sampled_from([Decimal("1.00"), "all that is left", "a cent more"]),
)
some = st.integers(0, 999)  # one of those that are there


class Money(RuleBasedStateMachine):
    """One step is one act, here and in the model; after each, both say the same."""

    company: Cast

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.steps = 0
        self.given: list[tuple[LedgerEntry, Spent]] = []
        self.topped_up: list[tuple[LedgerEntry, dict[str, Any]]] = []
        self.plain = PlainMoney(
            at=BEGIN,
            tiers={name: Tier(Decimal(SCM.tiers[name][0]), SCM.tiers[name][3]) for name in TIERS},
            people={
                name: Person(tier=str(SCM.people[name][2]), zone=ZONES[SCM.people[name][1]])
                for name in PEOPLE
            },
        )

    def teardown(self) -> None:
        """The sums are right at the end, and nothing of it stays."""
        try:
            assert list(problems()) == []
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # --- What is there ----------------------------------------------------------------------------

    def employee(self, name: str) -> Employee:
        return Employee.objects.with_authority().get(username=name)

    def open(self, name: str) -> Budget:
        """Someone's month, looked at, and opened by first use."""
        employee, plain = self.employee(name), self.plain
        seen = months.month_as_it_stands(employee, at=plain.at)
        pot = plain.months.get(plain.month(name)) or plain.promise(name)
        assert (seen.month, row(seen)) == (plain.month(name)[1], row(pot))
        plain.open(name)
        return months.open_month(employee, at=plain.at)

    def budget(self, month: Month) -> Budget:
        name, first = month
        return Budget.objects.get(kind=BudgetKind.MONTH, employee__username=name, month=first)

    def here(self) -> list[str]:
        """Those who work here now."""
        return [name for name, person in self.plain.people.items() if person.works_here]

    @initialize()
    def open_a_fund(self) -> None:
        self.fund = top_ups.open_fund(
            self.company.division,
            name="Storm",
            amount=Decimal("300.00"),
            actor=self.company.manager,
            request_id=uuid4(),
            at=BEGIN,
        )
        self.plain_fund = Pot(ZERO, Decimal("300.00"))

    # --- Giving, and taking back ------------------------------------------------------------------

    @precondition(lambda self: self.here())
    @rule(which=some, cost=costs, storm=st.sampled_from([False, False, True]))
    def spend(self, which: int, cost: Decimal | str, *, storm: bool) -> None:
        name = one_of(self.here(), which)
        if storm:
            self._spend(Budget.objects.get(pk=self.fund.pk), self.plain_fund, name, cost)
        else:
            self._spend(self.open(name), self.plain.open(name), name, cost)

    def _spend(self, budget: Budget, pot: Pot, name: str, cost: Decimal | str) -> None:
        asked = so_much(cost, pot)
        spent = self.plain.take((pot, asked))
        entry = self._try(lambda: self._take(budget, name, asked), spent, asked, pot)
        if entry is not None and spent is not None:
            self.given.append((entry, spent))

    @precondition(lambda self: len(self.here()) > 1)
    @rule(which=some, other=some, cost=costs, lent=costs)
    def spend_with_what_a_colleague_lends(
        self, which: int, other: int, cost: Decimal | str, lent: Decimal | str
    ) -> None:
        name = one_of(self.here(), which)
        colleague = one_of([other for other in self.here() if other != name], other)
        mine, yours = self.open(name), self.open(colleague)
        pot, lender = self.plain.open(name), self.plain.open(colleague)
        asked, part = so_much(cost, pot), so_much(lent, lender)
        spent = self.plain.take((pot, asked), (lender, part))
        is_mine_enough = asked <= pot.reach if spent is None else True

        def act() -> LedgerEntry:
            ledger.hold([mine.pk, yours.pk])
            entry = self._take(mine, name, asked)
            ledger.lend(
                yours,
                amount=part,
                towards=entry,
                actor=self.employee(colleague),
                request_id=entry.request_id,
                at=self.plain.at,
            )
            return entry

        refused_by = (part, lender) if is_mine_enough else (asked, pot)
        entry = self._try(act, spent, *refused_by)
        if entry is not None and spent is not None:
            self.given.append((entry, spent))

    def _take(self, budget: Budget, name: str, cost: Decimal) -> LedgerEntry:
        return ledger.spend(
            budget, cost=cost, actor=self.employee(name), request_id=uuid4(), at=self.plain.at
        )

    def _try(
        self, act: Callable[[], LedgerEntry], spent: Spent | None, asked: Decimal, pot: Pot
    ) -> LedgerEntry | None:
        """Carry it out as far as the model does; a refusal says what was asked and is left."""
        if spent is not None:
            with transaction.atomic():
                return act()
        with pytest.raises(BudgetExhausted) as refusal, transaction.atomic():
            act()
        assert (refusal.value.asked, refusal.value.remaining) == (asked, pot.reach)
        return None

    @precondition(lambda self: self.here())
    @rule(which=some, cost=cents)
    def give_what_is_owed(self, which: int, cost: Decimal) -> None:
        name = one_of(self.here(), which)
        _, first = self.plain.month(name)
        owed = months.open_entitlements(self.company.division, month=first)
        entry = ledger.charge_entitlement(
            owed, cost=cost, actor=self.employee(name), request_id=uuid4(), at=self.plain.at
        )
        spent = self.plain.take((first, cost))
        assert spent is not None
        self.given.append((entry, spent))

    @precondition(lambda self: self.standing())
    @rule(which=some)
    def give_back(self, which: int) -> None:
        entry, spent = one_of(self.standing(), which)
        self.plain.give_back(spent)
        ledger.give_back(entry, **self._never_came())

    @precondition(lambda self: len(self.standing()) < len(self.given))
    @rule(which=some)
    def give_back_again(self, which: int) -> None:
        entry, _ = one_of([(e, spent) for e, spent in self.given if spent.is_back], which)
        with pytest.raises(GivenBackAlready):
            ledger.give_back(entry, **self._never_came())

    def standing(self) -> list[tuple[LedgerEntry, Spent]]:
        """What was given and is not back."""
        return [(entry, spent) for entry, spent in self.given if not spent.is_back]

    def _never_came(self) -> dict[str, Any]:
        lead, why = self.company.lead, "It never came."
        return {"actor": lead, "reason": why, "request_id": uuid4(), "at": self.plain.at}

    # --- More of it -------------------------------------------------------------------------------

    @precondition(lambda self: self.plain.months)
    @rule(which=some, amount=cents)
    def top_up_a_month(self, which: int, amount: Decimal) -> None:
        month = one_of(sorted(self.plain.months), which)
        pot = self.plain.months[month]
        how = self._top_up(amount)
        if self.plain.is_over(month):
            with pytest.raises(MonthIsOver):
                top_ups.top_up(self.budget(month), **how)
        else:
            self.topped_up.append((top_ups.top_up(self.budget(month), **how), how))
            pot.allotted += amount

    @rule(amount=cents)
    def top_up_the_fund(self, amount: Decimal) -> None:
        how = self._top_up(amount)
        self.topped_up.append((top_ups.top_up(self.fund, **how), how))
        self.plain_fund.allotted += amount

    def _top_up(self, amount: Decimal) -> dict[str, Any]:
        manager, why = self.company.manager, "A storm."
        return {
            "amount": amount,
            "actor": manager,
            "reason": why,
            "request_id": uuid4(),
            "at": self.plain.at,
        }

    @precondition(lambda self: self.topped_up)
    @rule(which=some)
    def send_a_top_up_again(self, which: int) -> None:
        entry, how = one_of(self.topped_up, which)
        again = top_ups.top_up(
            Budget.objects.get(pk=entry.budget_id), **{**how, "at": self.plain.at}
        )
        assert again == entry

    # --- Time -------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 5, 24, 24 * 9]), job=st.booleans())
    def time_goes_by(self, hours: int, *, job: bool) -> None:
        self._now_it_is(self.plain.at + timedelta(hours=hours), job=job)

    @rule(
        zone=st.sampled_from(sorted(ZONES.values())),
        seconds=st.sampled_from([-1, 0, 1]),
        job=st.booleans(),
    )
    def a_month_begins_somewhere(self, zone: str, seconds: int, *, job: bool) -> None:
        there = self.plain.at.astimezone(ZoneInfo(zone))
        year, month = divmod(there.year * 12 + there.month, 12)
        midnight = datetime(year, month + 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        self._now_it_is(midnight + timedelta(seconds=seconds), job=job)

    def _now_it_is(self, at: datetime, *, job: bool) -> None:
        """Beat's job may have run, or not: the servers may be down, and the job late."""
        self.plain.at = max(self.plain.at, at)
        if job:
            self._open_all()

    def _open_all(self) -> None:
        assert open_many.open_months(at=self.plain.at) == self.plain.open_all()

    # --- People, and what they are promised -------------------------------------------------------

    @rule(tier=tiers, budget=cents, over=st.sampled_from([0, 7, 25, 100]), at_once=st.booleans())
    def change_a_tier(self, tier: str, budget: Decimal, over: int, *, at_once: bool) -> None:
        """For the months that open from now on, or also for those that the job has opened."""
        if at_once:
            self._open_all()
        held = AuthorityTier.objects.get(name=tier)
        held.monthly_budget, held.over_budget_percent = budget, over
        held.save()
        self.plain.tiers[tier] = Tier(budget, over)
        if at_once:
            raised = new_budgets.apply_new_budgets(
                held, actor=self.company.manager, reason="They need more.", at=self.plain.at
            )
            assert raised == self.plain.raise_now(tier)

    @rule(name=people, tier=tiers, budget=st.none() | cents, team=st.sampled_from(sorted(ZONES)))
    def change_someone(self, name: str, tier: str, budget: Decimal | None, team: str) -> None:
        """Another tier, another team, perhaps a budget of their own."""
        self._change(
            name,
            tier=AuthorityTier.objects.get(name=tier),
            personal_budget=budget,
            team=Team.objects.get(name=team),
        )
        person = self.plain.people[name]
        person.tier, person.zone, person.own_budget = tier, ZONES[team], budget

    @rule(name=people)
    def leave_or_come_back(self, name: str) -> None:
        person = self.plain.people[name]
        person.works_here = not person.works_here
        self._change(name, is_active=person.works_here)

    def _change(self, name: str, **columns: Any) -> None:
        Employee.objects.filter(username=name).update(**columns)

    # --- What must be so --------------------------------------------------------------------------

    @invariant()
    def both_say_the_same(self) -> None:
        check_now()
        self.steps += 1
        capped = Budget.objects.exclude(kind=BudgetKind.ENTITLEMENTS).select_related("employee")
        real = {key_of(budget): row(budget) for budget in capped}
        plain: dict[Any, Any] = {month: row(pot) for month, pot in self.plain.months.items()}
        if hasattr(self, "plain_fund"):
            plain[None] = row(self.plain_fund)
        assert real == plain
        owed = Budget.objects.filter(kind=BudgetKind.ENTITLEMENTS)
        sums = owed.annotate(total=Sum("entries__amount")).values_list("month", "total")
        assert {month: -total for month, total in sums} == self.plain.owed
        if self.steps % 10 == 0:
            assert list(problems()) == []


def so_much(cost: Decimal | str, pot: Pot) -> Decimal:
    if isinstance(cost, Decimal):
        return cost
    return pot.reach + (CENT if cost == "a cent more" else 0)


def one_of(rows: list[Any], which: int) -> Any:
    return rows[which % len(rows)]


def key_of(budget: Budget) -> Month | None:
    if budget.employee is None or budget.month is None:
        return None
    return budget.employee.username, budget.month


def row(pot: Budget | Pot) -> tuple[Decimal, ...]:
    return pot.base, pot.allotted, pot.grace, pot.spent


@pytest.fixture
def everything_that_can_happen(db: None) -> Callable[..., None]:
    """Runs so many random sequences, the same ones every time."""
    Money.company = bring_in(SCM)
    for name in ("Line Islands", "Hawaii"):
        Team.objects.create(division=Money.company.division, name=name, time_zone=ZONES[name])

    def run(examples: int, steps: int, **more: Any) -> None:
        fixed = settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **more,
        )
        run_state_machine_as_test(Money, settings=fixed)

    return run


def test_the_program_agrees_with_plain_python(
    everything_that_can_happen: Callable[..., None],
) -> None:
    everything_that_can_happen(examples=15, steps=50)


# --- It would notice ------------------------------------------------------------------------------


def back_to_this_month(entry: LedgerEntry, **how: Any) -> list[LedgerEntry]:
    """A fault: it goes to the month that it is now."""
    assert entry.actor is not None
    employee = Employee.objects.with_authority().get(pk=entry.actor.pk)
    month = months.open_month(employee, at=how["at"])
    entry.budget = month
    return given_back(entry, **how)


def without_what_was_lent(entry: LedgerEntry, **how: Any) -> list[LedgerEntry]:
    """A fault: the colleague does not get theirs back."""
    how["note"] = how.pop("reason")
    budget = Budget.objects.get(pk=entry.budget_id)
    if budget.kind != BudgetKind.ENTITLEMENTS:
        ledger._take_or_refuse(budget, entry.amount)
    kind = "give-back"
    return [ledger.write(kind, budget, -entry.amount, concerns=entry, **how)]  # type: ignore[arg-type]


def in_utc(zone: ZoneInfo, at: datetime) -> date:
    """A fault: everyone's month begins in Greenwich."""
    return at.date().replace(day=1)


def topped_up_anew(budget: Budget, *, request_id: UUID, **how: Any) -> LedgerEntry:
    """A fault: a request that comes again is another one."""
    return topped_up(budget, request_id=uuid4(), **how)


given_back, topped_up = ledger.give_back, top_ups.top_up
FAULTS = {
    "a give-back goes to the wrong month": (ledger, "give_back", back_to_this_month),
    "a loan is not given back": (ledger, "give_back", without_what_was_lent),
    "months begin in UTC": (months, "month_in", in_utc),
    "a top-up is repeated": (top_ups, "top_up", topped_up_anew),
    "new budgets lower a month": (new_budgets, "max", lambda _before, now: now),
}


@pytest.mark.once
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_would_be_noticed(
    fault: str,
    everything_that_can_happen: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where, name, faulty = FAULTS[fault]
    monkeypatch.setattr(where, name, faulty, raising=name != "max")
    # Whichever it hits upon first; a fault that only stumbled over itself would not be one.
    noticed = (
        *(AssertionError, pytest.fail.Exception, ExceptionGroup),
        *(DatabaseError, BudgetsError, EmployeesError),
    )
    with pytest.raises(noticed):
        everything_that_can_happen(examples=100, steps=50, phases=[Phase.generate])
