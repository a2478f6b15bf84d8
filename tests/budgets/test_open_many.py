"""Everyone's month is opened by the job, as if each had opened it by first use."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets import months, open_many
from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from budgets.open_many import open_months
from employees.models import AuthorityTier, Division, Employee
from tests.budgets.opened import holders, who_has_one
from tests.cast import Cast
from tests.queries import assert_queries

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def by_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people make a chunk, however quick it is."""
    monkeypatch.setattr(open_many, "CHUNK", 2)
    monkeypatch.setattr(open_many, "LASTS", 0)


def test_the_job_opens_a_month_for_all_who_have_a_tier(forno: Cast, scm: Cast) -> None:
    opened = open_months(at=NOW)

    assert opened == len(holders(forno, scm)) == Budget.objects.count()
    assert LedgerEntry.objects.count() == opened
    assert who_has_one() == {p.username for p in holders(forno, scm)}
    assert list(problems()) == []
    rep = Budget.objects.get(employee=scm.agent)
    assert (rep.month, rep.base, rep.allotted, rep.grace, rep.opened_at) == (
        NOVEMBER, Decimal("200.00"), Decimal("200.00"), Decimal("50.00"), NOW,
    )  # fmt: skip
    assert months.open_month(scm.agent, at=NOW) == rep


def test_opening_again_opens_nothing_and_touches_nothing(forno: Cast) -> None:
    open_months(at=NOW)
    before = rows()

    assert open_months(at=NOW.replace(day=30)) == 0
    assert rows() == before


def test_the_job_leaves_alone_what_first_use_opened(scm: Cast) -> None:
    used = months.open_month(scm.agent, at=NOW.replace(day=2))
    before = Budget.objects.values().get()

    assert open_months(at=NOW) == len(holders(scm)) - 1
    assert Budget.objects.values().get(pk=used.pk) == before
    assert used.entries.count() == 1


def test_only_those_are_opened_for_whom_a_new_month_has_begun(scm: Cast) -> None:
    """In Sydney it is November three hours before it is in Perth."""
    open_months(at=datetime(2026, 10, 15, tzinfo=UTC))

    assert open_months(at=datetime(2026, 10, 31, 12, 59, 59, tzinfo=UTC)) == 0
    assert open_months(at=datetime(2026, 10, 31, 13, 0, tzinfo=UTC)) == 3
    assert not Budget.objects.filter(month=NOVEMBER, employee__team=scm.teams["Perth"]).exists()
    assert open_months(at=datetime(2026, 10, 31, 16, 0, tzinfo=UTC)) == 1


def test_who_has_no_tier_no_team_or_has_left_is_left_out(forno: Cast) -> None:
    driver1, driver2, driver3, *_ = holders(forno)
    Employee.objects.filter(pk=driver1.pk).update(is_active=False)
    Employee.objects.filter(pk=driver2.pk).update(tier=None)
    Employee.objects.filter(pk=driver3.pk).update(team=None)

    assert open_months(at=NOW) == 1
    assert who_has_one() == {forno.lead.username}

    # Someone without a team works in UTC, once they give something.
    teamless = Employee.objects.with_authority().get(pk=driver3.pk)
    assert months.open_month(teamless, at=datetime(2026, 12, 1, 2, 0, tzinfo=UTC)).month == date(
        2026, 12, 1
    )


@pytest.mark.usefixtures("by_twos")
def test_chunk_after_chunk_opens_everyone(forno: Cast, scm: Cast) -> None:
    assert open_months(at=NOW) == len(holders(forno, scm)) == Budget.objects.count()
    assert list(problems()) == []


@pytest.mark.usefixtures("by_twos")
def test_a_chunk_takes_as_many_statements_however_many_it_opens(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_many, "_know_the_tables", lambda: None)  # once in a run, see below
    chunk = {
        "postgresql": ["with budgets_budget"],  # both in one
        "sqlite": ["select budgets_budget", "insert budgets_budget", "insert budgets_ledgerentry"],
    }[connection.vendor]
    who = ["select employees_team", "with employees_employee"]
    with assert_queries([*who, *chunk, *chunk]):
        open_months(at=NOW)


@pytest.mark.parametrize(("lasts", "sizes"), [(3600, [1, 2, 4, 1]), (0, [1] * 8)])
def test_chunks_grow_while_they_are_quick(
    forno: Cast, scm: Cast, monkeypatch: pytest.MonkeyPatch, lasts: float, sizes: list[int]
) -> None:
    """Where each is slow, or the machine is busy, nobody waits for more people than need be."""
    monkeypatch.setattr(open_many, "CHUNK", 1)
    monkeypatch.setattr(open_many, "LASTS", lasts)

    assert list(open_many._open_chunks(NOW)) == sizes
    assert len(who_has_one()) == len(holders(forno, scm)) == sum(sizes)


@pytest.mark.postgres
@pytest.mark.parametrize(("chunk", "counts"), [(10**9, True), (-1, False)])
def test_a_companys_very_first_rows_are_counted_for_the_planner(
    db: None, monkeypatch: pytest.MonkeyPatch, chunk: int, counts: bool
) -> None:
    monkeypatch.setattr(open_many, "CHUNK", chunk)

    with assert_queries(["select pg_class", *(["analyze ?"] if counts else [])]):
        open_many._know_the_tables()


# --- As by first use --------------------------------------------------------------------------

# To four places: the database takes more than the currency has, and halves must round alike.
AMOUNTS = st.decimals(0, 100_000, places=4) | st.sampled_from(
    [Decimal(n) for n in ("0", "0.5", "1.5", "10.005", "0.0005", "999999999.9999")]
)
TIERS = st.tuples(AMOUNTS, st.integers(0, 100))
PEOPLE = st.tuples(st.integers(0, 1), st.none() | AMOUNTS)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    currency=st.sampled_from(["JPY", "USD", "KWD"]),
    tiers=st.lists(TIERS, min_size=2, max_size=2),
    people=st.lists(PEOPLE, min_size=4, max_size=4),
)
def test_the_job_writes_the_rows_that_first_use_would(
    scm: Cast,
    currency: str,
    tiers: Sequence[tuple[Decimal, int]],
    people: Sequence[tuple[int, Decimal | None]],
) -> None:
    with undone():
        Division.objects.update(currency=currency)
        for tier, (budget, percent) in zip(scm.tiers.values(), tiers, strict=True):
            AuthorityTier.objects.filter(pk=tier.pk).update(
                monthly_budget=budget, over_budget_percent=percent
            )
        for person, (tier_number, budget_of_their_own) in zip(holders(scm), people, strict=False):
            Employee.objects.filter(pk=person.pk).update(
                tier=list(scm.tiers.values())[tier_number], personal_budget=budget_of_their_own
            )
        with undone():
            for person in Employee.objects.with_authority().filter(tier__isnull=False):
                months.open_month(person, at=NOW)
            by_first_use = rows()

        open_months(at=NOW)

        assert rows() == by_first_use
        assert len(by_first_use) == 4


@pytest.mark.parametrize(
    ("currency", "budget", "allotted", "grace"),
    [
        ("JPY", "1002", "1002", "251"),  # a quarter of it is 250.5
        ("USD", "10.02", "10.02", "2.51"),  # 2.505
        ("KWD", "10.002", "10.002", "2.501"),  # 2.5005
        ("USD", "10.005", "10.01", "2.50"),  # 2.50125, of what was typed
    ],
)
def test_halves_are_rounded_up_as_an_invoice_would(
    scm: Cast, currency: str, budget: str, allotted: str, grace: str
) -> None:
    Division.objects.update(currency=currency)
    Employee.objects.filter(pk=scm.agent.pk).update(personal_budget=Decimal(budget))

    open_months(at=NOW)

    month = Budget.objects.get(employee=scm.agent)
    assert (month.base, month.allotted, month.grace) == (
        Decimal(allotted),
        Decimal(allotted),
        Decimal(grace),
    )
    assert list(problems()) == []


def rows() -> list[tuple[Any, ...]]:
    """Every column of every month and its entry, but for the numbers that each gets anew."""
    entry = [f"entries__{f.attname}" for f in LedgerEntry._meta.concrete_fields]
    budget = [f.attname for f in Budget._meta.concrete_fields]
    anew = {"id", "entries__id", "entries__budget_id", "entries__request_id"}
    kept = [name for name in budget + entry if name not in anew]
    return list(Budget.objects.order_by("employee", "month").values_list(*kept))


@contextmanager
def undone() -> Iterator[None]:
    """A block whose writing is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
