"""Months open by themselves, once, whatever happens to workers and to Redis meanwhile."""

from pathlib import Path

import pytest

from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from tests.budgets.opened import holders
from tests.cast import Cast, bring_in
from tests.companies import ORCHARD
from tests.jobs.gate import gate_at
from tests.jobs.programs import Programs, messages, send, told_opened
from tests.servers import Redis

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def assert_each_has_one(*casts: Cast) -> None:
    """Everyone with a tier has one month, which is whole; nobody else has any."""
    hoped = sorted((person.pk, person.monthly_budget, 0) for person in holders(*casts))
    assert sorted(Budget.objects.values_list("employee", "allotted", "spent")) == hoped
    assert LedgerEntry.objects.count() == len(hoped)
    assert list(problems()) == []


def test_the_same_job_in_two_workers_at_once(
    forno: Cast, scm: Cast, redis: Redis, tmp_path: Path
) -> None:
    with Programs(tmp_path, redis) as programs, gate_at(forno.colleague) as gate:
        workers = [programs.worker("one"), programs.worker("two")]
        send(redis, times=2)
        gate.wait_for_someone()
        # The other is in it too: it gave way once.
        programs.wait_until(lambda: "lock timeout" in programs.all_said())
        gate.open()
        programs.wait_until(lambda: len(told_opened(programs.all_said())) == 2)
        assert_each_has_one(forno, scm)

        send(redis, times=10)
        programs.wait_until(lambda: len(told_opened(programs.all_said())) == 12)

        assert sum(told_opened(programs.all_said())) == Budget.objects.count()
        assert all(told_opened(worker.said) for worker in workers)
    assert_each_has_one(forno, scm)


def test_a_worker_killed_in_the_middle_and_another_one_ends_it(
    forno: Cast, scm: Cast, redis: Redis, tmp_path: Path
) -> None:
    last_driver = forno.people["forno.driver3"]
    with Programs(tmp_path, redis, chunk=2, visibility=2) as programs:
        workers = [programs.worker("one"), programs.worker("two")]
        with gate_at(last_driver) as gate:
            send(redis)
            gate.wait_for_someone()
            assert Budget.objects.count() == 2  # the first chunk; the second is being written
            killed, other = sorted(workers, key=lambda w: "received" in w.said, reverse=True)
            killed.kill()
        assert Budget.objects.count() == 4  # a chunk that was begun ends without the worker

        # Nobody sends it again: it is the message itself that comes back.
        programs.wait_until(lambda: told_opened(other.said))

        assert (told_opened(killed.said), told_opened(other.said)) == ([], [4])
        programs.wait_until(lambda: messages(redis) == (0, 0))
    assert_each_has_one(forno, scm)


def test_a_process_of_a_worker_killed_in_the_middle_and_the_worker_goes_on(
    forno: Cast, scm: Cast, redis: Redis, tmp_path: Path
) -> None:
    with Programs(tmp_path, redis, chunk=2) as programs:
        worker = programs.worker()
        with gate_at(forno.people["forno.driver3"]) as gate:
            send(redis)
            gate.wait_for_someone()
            worker.kill_child()  # as the kernel does when memory is short
            assert Budget.objects.count() == 2

        programs.wait_until(lambda: told_opened(worker.said))

        assert told_opened(worker.said) == [4]  # two were open, two more were being written
        programs.wait_until(lambda: messages(redis) == (0, 0))
    assert_each_has_one(forno, scm)


def test_redis_crashes_and_starts_again_and_the_months_open(
    forno: Cast, scm: Cast, redis: Redis, tmp_path: Path
) -> None:
    with Programs(tmp_path, redis, every=1) as programs:
        running = [programs.worker("one"), programs.worker("two"), programs.beat()]
        programs.wait_until(lambda: Budget.objects.count() == 8)

        redis.crash()
        orchard = bring_in(ORCHARD)
        programs.wait_until(lambda: "Message Error" in programs.all_said())
        assert Budget.objects.count() == 8
        redis.begin()

        programs.wait_until(lambda: Budget.objects.count() == 11)
        assert all(program.runs for program in running)
        assert_each_has_one(forno, scm, orchard)
