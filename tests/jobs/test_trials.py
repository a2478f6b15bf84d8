"""A trial that is too long to wait for is run by a worker, by itself."""

from pathlib import Path

import pytest

from resolutions.models import Trial, TrialState
from resolutions.trying import trials
from tests.cast import Cast
from tests.jobs.programs import Programs
from tests.putting_right import so_much
from tests.resolutions.trying.past import SINCE, UNTIL, refused
from tests.servers import Redis

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_beat_and_a_worker_run_what_waits(
    forno: Cast, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "RUNS_AT_ONCE", 0)
    refused(forno.agent, so_much("money-off", "30.00"))
    trial = trials.try_limit(
        forno.tiers["Driver"],
        limit_per_case=forno.tiers["Driver"].limit_per_case * 2,
        since=SINCE,
        until=UNTIL,
        asked_by=forno.manager,
    )
    assert trial.state == TrialState.WAITING

    with Programs(tmp_path, redis) as programs:
        programs.worker()
        programs.beat()
        programs.wait_until(lambda: Trial.objects.get().is_over)

    found = Trial.objects.get()
    assert (found.state, found.attempts, found.done) == (TrialState.DONE, 1, 1)
    assert found.result["kinds"]["allowed"]["count"] == 1
