"""A row that is wrong, or someone who hangs, keeps nobody else's month shut."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from budgets import months, open_many
from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from budgets.open_many import MonthsNotOpened, open_months
from employees.models import Employee, Team
from tests.budgets.opened import holders, who_has_one
from tests.cast import Cast
from tests.races.together import together
from tests.raw_sql import execute

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, and two people make a chunk."""
    monkeypatch.setattr(open_many, "PAUSE", 0)
    monkeypatch.setattr(open_many, "CHUNK", 2)
    monkeypatch.setattr(open_many, "LASTS", 0)


@pytest.fixture
def refused_by_the_database(forno: Cast) -> Iterator[Employee]:
    """Someone whose month the database will not take."""
    person = holders(forno)[2]
    execute(f"CREATE TABLE nobody_of_them AS SELECT {person.pk} AS id")
    if connection.vendor == "sqlite":
        execute(
            "CREATE TRIGGER no_month BEFORE INSERT ON budgets_budget "
            "WHEN NEW.employee_id IN (SELECT id FROM nobody_of_them) "
            "BEGIN SELECT RAISE(ABORT, 'Not this one.'); END"
        )
    else:
        execute(
            "CREATE FUNCTION no_month() RETURNS trigger AS $$ BEGIN "
            "IF NEW.employee_id IN (SELECT id FROM nobody_of_them) THEN "
            "RAISE EXCEPTION 'Not this one.'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        )
        execute(
            "CREATE TRIGGER no_month BEFORE INSERT ON budgets_budget "
            "FOR EACH ROW EXECUTE FUNCTION no_month()"
        )
    yield person
    if connection.vendor == "sqlite":
        execute("DROP TRIGGER no_month")
    else:
        execute("DROP FUNCTION no_month CASCADE")
    execute("DROP TABLE nobody_of_them")


@pytest.mark.django_db(transaction=True)
def test_a_chunk_that_the_database_refuses_does_not_stop_the_others(
    forno: Cast,
    scm: Cast,
    refused_by_the_database: Employee,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong, neighbour = holders(forno)[2:4]
    assert wrong == refused_by_the_database

    with pytest.raises(
        MonthsNotOpened, match=r"Some have no month yet, .* Not this one\.$"
    ) as failure:
        open_months(at=NOW)

    everyone = {p.username for p in holders(forno, scm)}
    assert who_has_one() == everyone - {wrong.username, neighbour.username}
    assert failure.value.opened == len(everyone) - 2
    assert (
        f"People {holders(forno)[1].pk + 1} to {neighbour.pk} later: Not this one." in caplog.text
    )
    assert list(problems()) == []

    # Whoever is in that chunk opens their own, and the next run finds the rest.
    assert months.open_month(neighbour, at=NOW).left == Decimal("400.00")
    execute("DELETE FROM nobody_of_them")
    assert open_months(at=NOW) == 1
    assert who_has_one() == everyone


def test_a_time_zone_that_is_none_does_not_stop_the_others(forno: Cast, scm: Cast) -> None:
    Team.objects.filter(pk=scm.teams["Perth"].pk).update(time_zone="Mars/Olympus_Mons")

    with pytest.raises(MonthsNotOpened, match="Olympus_Mons"):
        open_months(at=NOW)

    assert Budget.objects.count() == len(holders(forno, scm)) - 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_jobs_and_first_uses_at_once_open_each_month_once(forno: Cast, scm: Cast) -> None:
    people = holders(forno, scm)

    outcomes = together(
        [
            *[lambda: open_months(at=NOW)] * 4,
            *(lambda p=p: months.open_month(p, at=NOW) for p in people),
        ]
    )

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert Budget.objects.count() == LedgerEntry.objects.count() == len(people)
    assert sum(outcomes[:4]) <= len(people)
    assert list(problems()) == []


@pytest.fixture
def someone_hangs(forno: Cast) -> Iterator[Employee]:
    """Someone whose first use of the month has opened it and never comes to an end."""
    person = holders(forno)[-1]
    opened, finish = Event(), Event()

    def hang() -> None:
        with transaction.atomic():
            months.open_month(person, at=NOW)
            opened.set()
            finish.wait(60)
            transaction.set_rollback(True)
        connection.close()

    thread = Thread(target=hang)
    thread.start()
    assert opened.wait(60)
    yield person
    finish.set()
    thread.join()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_job_waits_for_nobody_who_hangs_and_opens_all_others(
    forno: Cast, scm: Cast, someone_hangs: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_many, "CHUNK", 1)
    begun = time.monotonic()

    with pytest.raises(MonthsNotOpened, match="lock timeout"):
        open_months(at=NOW)

    assert time.monotonic() - begun < 5
    everyone = {p.username for p in holders(forno, scm)}
    assert who_has_one() == everyone - {someone_hangs.username}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_others_of_a_chunk_do_not_wait_for_someone_who_hangs(
    forno: Cast, someone_hangs: Employee, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are in one chunk: if the job waited inside it, their first use would wait with it."""
    colleague = holders(forno)[0]
    assert colleague.pk < someone_hangs.pk
    monkeypatch.setattr(open_many, "CHUNK", len(holders(forno)))

    def first_use() -> float:
        time.sleep(0.02)  # the job is inside
        begun = time.monotonic()
        months.open_month(colleague, at=NOW)
        return time.monotonic() - begun

    failure, took = together([lambda: open_months(at=NOW), first_use])

    assert isinstance(failure, MonthsNotOpened)
    assert took < 2
