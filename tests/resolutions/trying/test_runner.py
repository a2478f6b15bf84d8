"""Who runs a trial, and when: once, whatever happens to runners; and for how long it is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resolutions.models import Trial, TrialDifference
from resolutions.trying.runner import run_trial, run_waiting_trials, sweep_old_trials
from tests.cast import Cast
from tests.putting_right import so_much
from tests.resolutions.trying.past import counts, listed, refused, started_limit, tried_limit


def waiting(company: Cast, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """A trial that is too long to be run while someone waits."""
    monkeypatch.setattr("resolutions.trying.trials.RUNS_AT_ONCE", 0)
    return started_limit(company, company.tiers["Driver"], "40.00")


def test_a_long_trial_waits_and_is_run_once(forno: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    trial = waiting(forno, monkeypatch)
    assert (trial.state, trial.total) == ("waiting", 1)
    assert (run_waiting_trials(), run_waiting_trials()) == (1, 0)
    trial.refresh_from_db()
    assert (trial.state, trial.done, trial.attempts) == ("done", 1, 1)
    assert not run_trial(trial)


def test_a_trial_whose_runner_was_killed_begins_again(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gap = refused(forno.agent, so_much("money-off", "30.00"))
    trial = waiting(forno, monkeypatch)
    left = TrialDifference(trial=trial, kind="allowed", gap=gap, cost=30, month=30)
    left.save()
    heard = timezone.now() - timedelta(seconds=30)
    Trial.objects.update(state="running", attempts=1, heard_at=heard)
    assert run_waiting_trials() == 0, "it may still run"
    Trial.objects.update(heard_at=heard - timedelta(minutes=3))
    assert run_waiting_trials() == 1
    trial.refresh_from_db()
    assert counts(trial) == {"allowed": 1}
    assert len(listed(trial)) == 1


def test_a_trial_that_kills_every_runner_is_given_up(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = waiting(forno, monkeypatch)
    long_ago = timezone.now() - timedelta(hours=1)
    Trial.objects.update(state="running", attempts=3, heard_at=long_ago)
    assert run_waiting_trials() == 0
    trial.refresh_from_db()
    assert trial.state == "failed"


def test_a_runner_that_was_overtaken_writes_nothing_more(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    trial = waiting(forno, monkeypatch)

    def overtaken(*args: object) -> set[int]:
        Trial.objects.update(attempts=2)
        return set()

    monkeypatch.setattr("resolutions.trying.runner.paid_by_a_fund", overtaken)
    assert not run_trial(trial)
    assert not TrialDifference.objects.exists()


def test_a_runner_that_breaks_down_once_it_was_overtaken_gives_nothing_up(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    trial = waiting(forno, monkeypatch)

    def breaks_down(*args: object) -> None:
        Trial.objects.update(attempts=2)
        raise ZeroDivisionError

    monkeypatch.setattr("resolutions.trying.runner.earlier_for", breaks_down)
    with pytest.raises(ZeroDivisionError):
        run_trial(trial)
    trial.refresh_from_db()
    assert trial.state == "running"


def test_trials_are_swept_away_after_thirty_days(forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    old, new = (tried_limit(forno, forno.tiers["Driver"], "40.00") for _ in range(2))
    Trial.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert sweep_old_trials(at=timezone.now()) == 1
    assert list(Trial.objects.all()) == [new]
    assert set(TrialDifference.objects.values_list("trial", flat=True)) == {new.pk}
