"""Running trials, and sweeping old ones away.

What must stay true: one runner works on a trial at a time; one that was killed in the middle is
begun again from the start, and ends with the same result. The row is the queue: a sweep finds what
waits, or what was left behind.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from policies.models import Policy, Remedy
from policies.rulebook import draft_rule, load_rulebook
from policies.rules import Rulebook
from resolutions.models import Trial, TrialDifference, TrialState
from resolutions.trying.bearing import Change
from resolutions.trying.difference import Difference
from resolutions.trying.earlier import earlier_for
from resolutions.trying.months import paid_by_a_fund, reach_of
from resolutions.trying.past import Past
from resolutions.trying.replay import Replay
from resolutions.trying.totals import Totals, as_json, effect_on_months
from resolutions.trying.words import change_words
from resolutions.trying.write import write_differences

BATCH = 1000  # requests between two looks at what was given before
STILL_RUNS = timedelta(minutes=2)  # without a sign of life, it does not
MOST_ATTEMPTS = 3
KEPT = timedelta(days=30)
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


class _Overtaken(Exception):
    """Another runner took the trial over."""


def run_waiting_trials() -> int:
    """Run what waits, and what was left behind; returns how many. Two runners may run at once."""
    ran = 0
    while (trial := _next_waiting()) is not None:
        ran += run_trial(trial)
    return ran


def run_trial(trial: Trial) -> bool:
    """Run it from the start to its result, unless somebody else does. Returns whether it ran."""
    if not _claim(trial):
        return False
    # What is in memory already stays: not looking it through for garbage saves a fifth of the time.
    gc.freeze()
    try:
        _replay(trial)
    except _Overtaken:
        return False
    except Exception:
        with suppress(_Overtaken):  # then it is another runner's, who may do better
            _keep(trial, state=TrialState.FAILED, finished_at=timezone.now())
        raise
    finally:
        gc.unfreeze()
    return True


def sweep_old_trials(*, at: datetime) -> int:
    """Delete trials that are older than 30 days, with all that they found. Returns how many."""
    old = Trial.objects.filter(created_at__lte=at - KEPT)
    TrialDifference.objects.filter(trial__in=old.values("pk")).delete()
    return old.delete()[1].get("resolutions.Trial", 0)


def _next_waiting() -> Trial | None:
    return Trial.objects.filter(_free(timezone.now())).order_by("created_at", "pk").first()


def _free(at: datetime) -> Q:
    left_behind = Q(state=TrialState.RUNNING, heard_at__lte=at - STILL_RUNS)
    return Q(state=TrialState.WAITING) | left_behind


def _claim(trial: Trial) -> bool:
    """Take it for this runner alone; one that fails whoever runs it is given up."""
    at = timezone.now()
    free = Trial.objects.filter(_free(at), pk=trial.pk)
    gave_up = free.filter(attempts__gte=MOST_ATTEMPTS)
    if gave_up.update(state=TrialState.FAILED, finished_at=at):
        return False
    taken = free.filter(attempts=trial.attempts).update(
        state=TrialState.RUNNING, attempts=F("attempts") + 1, heard_at=at, done=0
    )
    trial.refresh_from_db()
    return bool(taken)


def _keep(trial: Trial, **columns: object) -> None:
    """Write to the trial while it is this runner's. Raises _Overtaken once it is not."""
    mine = Trial.objects.filter(pk=trial.pk, state=TrialState.RUNNING, attempts=trial.attempts)
    if not mine.update(heard_at=timezone.now(), **columns):
        raise _Overtaken
    for name, value in columns.items():
        setattr(trial, name, value)


def _replay(trial: Trial) -> None:
    TrialDifference.objects.filter(trial=trial).delete()  # of a runner that was killed
    # Its draft may have been changed while it waited: the words are about what is tried.
    _keep(trial, change=change_words(trial))
    rulebook = load_rulebook(trial.division)
    replay = Replay(rulebook, _change(trial, rulebook))
    totals = Totals(Remedy.objects.avoiding_returns(trial.division))
    for done, found in _found(trial, rulebook, replay):
        with transaction.atomic():
            _write(trial, found, totals)
            _keep(trial, done=done)
    reach = reach_of(trial.division, totals.months)
    result = as_json(
        totals,
        replay.counted,
        effect_on_months(totals.months, reach),
        approval_cost=trial.division.approval_cost,
        return_cost=trial.division.return_cost,
        currency=trial.division.currency,
    )
    _keep(trial, result=result, state=TrialState.DONE, finished_at=timezone.now())


def _found(
    trial: Trial, rulebook: Rulebook, replay: Replay
) -> Iterator[tuple[int, list[Difference]]]:
    """Batch by batch: how many rows were replayed so far, and what this batch would change."""
    asked, done = past_of(trial, rulebook).asked(), 0
    while batch := list(islice(asked, BATCH)):
        done += sum(len(each.wishes) for each in batch)
        with_bearing = [(each, replay.bearing(each)) for each in batch]
        yield (
            done,
            [
                difference
                for each, before in earlier_for(trial.division, with_bearing)
                for difference in replay.differences(each, before)
            ],
        )


def _write(trial: Trial, found: Sequence[Difference], totals: Totals) -> None:
    funded = paid_by_a_fund(d.wish.id for d in found if not d.wish.refused)
    for difference in found:
        totals.add(
            difference,
            by_fund=not difference.wish.refused and difference.wish.id in funded,
        )
    write_differences(trial, found)


def past_of(trial: Trial, rulebook: Rulebook) -> Past:
    """What was asked in the time that the trial is about."""
    return Past(trial.division, rulebook, trial.since, trial.until)


def _change(trial: Trial, rulebook: Rulebook) -> Change:
    if trial.policy is None:
        return Change(
            rulebook,
            tier_id=trial.tier_id,
            limit=trial.limit_per_case or Decimal(0),
            grace_percent=Decimal(trial.grace_percent or 0),
        )
    series = Policy.objects.filter(series=trial.policy.series).values_list("pk", flat=True)
    tried = draft_rule(trial.policy, starts_at=LONG_AGO)
    return Change(rulebook.with_rule(tried, instead_of=set(series)))
