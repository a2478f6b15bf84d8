"""A trial that is too long to wait for is run by itself, whatever happens to workers."""

from pathlib import Path

import pytest
from django.db.models import F

from resolutions.models import Trial, TrialDifference, TrialState
from resolutions.trying import runner, trials
from tests.cast import Cast
from tests.jobs.gate import gate_before
from tests.jobs.programs import RUN_TRIALS, Programs, messages, send
from tests.putting_right import so_much
from tests.resolutions.trying.past import listed, refused, started_limit
from tests.servers import Redis

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def try_twice_the_limit(company: Cast) -> Trial:
    return started_limit(company, company.tiers["Driver"], "50.00")


def test_beat_and_a_worker_run_what_waits(
    forno: Cast, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "RUNS_AT_ONCE", 0)
    refused(forno.agent, so_much("money-off", "30.00"))
    trial = try_twice_the_limit(forno)
    assert trial.state == TrialState.WAITING

    with Programs(tmp_path, redis) as programs:
        programs.worker()
        programs.beat()
        programs.wait_until(lambda: Trial.objects.get().is_over)

    found = Trial.objects.get()
    assert (found.state, found.attempts, found.done) == (TrialState.DONE, 1, 1)
    assert found.result["kinds"]["allowed"]["count"] == 1


def test_a_trial_whose_worker_was_killed_in_the_middle_begins_again_and_finds_the_same(
    forno: Cast, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for amount in ("30.00", "31.00"):
        refused(forno.agent, so_much("money-off", amount))
    last = refused(forno.agent, so_much("money-off", "32.00"))
    unharmed = try_twice_the_limit(forno)
    assert len(listed(unharmed)) == 3
    monkeypatch.setattr(trials, "RUNS_AT_ONCE", 0)
    trial = try_twice_the_limit(forno)

    with Programs(tmp_path, redis, chunk=1) as programs:
        worker = programs.worker()
        with gate_before("resolutions_trialdifference", f"NEW.gap_id = {last.pk}") as gate:
            send(redis, RUN_TRIALS)
            gate.wait_for_someone()
            worker.kill_child()
        # The message comes back at once: too early to say that nobody works on it any more.
        programs.wait_until(lambda: messages(redis) == (0, 0))
        trial.refresh_from_db()
        assert (trial.state, trial.attempts, trial.done) == (TrialState.RUNNING, 1, 2)
        assert TrialDifference.objects.filter(trial=trial).count() == 2

        Trial.objects.filter(pk=trial.pk).update(heard_at=F("heard_at") - runner.STILL_RUNS)
        send(redis, RUN_TRIALS)
        programs.wait_until(lambda: Trial.objects.get(pk=trial.pk).is_over)

    trial.refresh_from_db()
    assert (trial.state, trial.attempts, trial.done) == (TrialState.DONE, 2, 3)
    assert (trial.result, listed(trial)) == (unharmed.result, listed(unharmed))
