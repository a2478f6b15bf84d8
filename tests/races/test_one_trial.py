"""A trial that several runners want at once, or one after the other, has one result."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from resolutions.models import Trial, TrialState
from resolutions.trying import runner, trials
from resolutions.trying.difference import Difference
from resolutions.trying.write import write_differences
from tests.cast import Cast
from tests.putting_right import so_much
from tests.races.together import PATIENCE, together
from tests.resolutions.trying.past import listed, refused, started_limit

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trial(forno: Cast, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """One that waits, with three differences to find, one in each transaction."""
    monkeypatch.setattr(trials, "RUNS_AT_ONCE", 0)
    monkeypatch.setattr(runner, "BATCH", 1)
    for amount in ("30.00", "31.00", "32.00"):
        refused(forno.agent, so_much("money-off", amount))
    return started_limit(forno, forno.tiers["Driver"], "50.00")


def found_once(trial: Trial, *, attempts: int) -> bool:
    """Whether it is done, and every difference is there once."""
    trial.refresh_from_db()
    return (
        (trial.state, trial.attempts) == (TrialState.DONE, attempts)
        and trial.result["kinds"]["allowed"]["count"] == 3
        and len({row[1] for row in listed(trial)}) == len(listed(trial)) == 3
    )


def test_of_eight_runners_one_runs_it(trial: Trial) -> None:
    runners: list[Callable[[], Any]] = [lambda: runner.run_trial(Trial.objects.get())] * 8
    assert sorted(together(runners)) == [False] * 7 + [True]
    assert found_once(trial, attempts=1)


def test_one_that_was_overtaken_while_it_wrote_leaves_nothing_behind(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrote, goes_on = Event(), Event()

    def stop_the_first(trial: Trial, found: Sequence[Difference]) -> None:
        write_differences(trial, found)
        if trial.attempts == 1:
            wrote.set()
            assert goes_on.wait(PATIENCE)

    def run() -> bool:
        try:
            return runner.run_trial(Trial.objects.get())
        finally:
            connection.close()

    monkeypatch.setattr("resolutions.trying.runner.write_differences", stop_the_first)
    with ThreadPoolExecutor(1) as other:
        first = other.submit(run)
        try:
            assert wrote.wait(PATIENCE)
            Trial.objects.update(heard_at=F("heard_at") - runner.STILL_RUNS)
            assert runner.run_trial(Trial.objects.get())
        finally:
            goes_on.set()
        assert not first.result(PATIENCE)
    assert found_once(trial, attempts=2)
