"""What is tried, and what came out, in words that are true."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from employees.models import AuthorityTier
from resolutions.models import Trial
from resolutions.trying.runner import run_waiting_trials
from resolutions.trying.trials import try_rule
from resolutions.trying.words import days_words, headline
from tests.cast import LONG_AGO, Cast, draft_rule
from tests.putting_right import NOW, so_much
from tests.resolutions.trying.past import SINCE, UNTIL, refused, tried_limit, tried_rule

DAY = timedelta(days=1)


def was(tier: AuthorityTier, limit: str, *, until: datetime, grace: int = 0) -> None:
    """The tier had another limit until then."""
    today = {"limit_per_case": tier.limit_per_case, "grace_percent": tier.grace_percent}
    history: Any = AuthorityTier.history
    history.filter(id=tier.pk).update(history_date=until, **today)
    first = history.get(id=tier.pk)
    first.pk, first.history_date = None, LONG_AGO
    first.limit_per_case, first.grace_percent = Decimal(limit), grace
    first.save()


@pytest.mark.parametrize(
    ("tried", "then", "until", "said"),
    [
        ("40.00", "25.00", NOW, "Driver: $40.00 instead of $25.00"),
        ("25.00", "25.00", NOW, "Driver: $25.00"),
        ("40.00", "30.00", UNTIL, "Driver: $40.00 instead of the $30.00 of then"),
        ("30.00", "30.00", UNTIL, "Driver: $30.00"),
        ("40.00", "30.00", NOW, "Driver: $40.00 instead of the limits of then"),
        ("25.00", "30.00", NOW, "Driver: $25.00 instead of the limits of then"),
        ("40.00", "30.00", SINCE, "Driver: $40.00 instead of $25.00"),
    ],
)
def test_a_limit_is_compared_with_the_limit_of_then(
    forno: Cast, tried: str, then: str, until: datetime, said: str
) -> None:
    was(tier := forno.tiers["Driver"], then, until=until)
    assert tried_limit(forno, tier, tried).change == said


@pytest.mark.parametrize(("until", "said"), [(UNTIL, "20 %"), (NOW, "what it was then")])
def test_a_grace_is_compared_with_the_grace_of_then(
    forno: Cast, until: datetime, said: str
) -> None:
    was(tier := forno.tiers["Driver"], "25.00", until=until, grace=20)
    assert (
        tried_limit(forno, tier, "25.00").change == f"Driver: $25.00, grace 0 % instead of {said}"
    )


def test_the_figure_of_a_rule_is_always_named(forno: Cast) -> None:
    once: dict[str, Any] = {"measure": "times", "remedies": ["voucher"]}
    later = forno.rule("To come", value="2", starts_at=timezone.now() + DAY, **once)
    draft = draft_rule(forno, "To come", value="1", **once)
    draft.series = later.series
    draft.save()
    assert tried_rule(forno, draft).change == "To come: once per case"
    never = draft_rule(forno, "No vouchers", effect="forbid", remedies=["voucher"])
    assert tried_rule(forno, never).change == "No vouchers: not at all"


def test_the_words_are_about_the_draft_that_is_tried(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolutions.trying.trials.RUNS_AT_ONCE", 0)
    refused(forno.agent, so_much("money-off", "26.00"))
    draft = draft_rule(forno, "Ten", effect="grant", value="10.00", remedies=["money-off"])
    trial = try_rule(draft, since=SINCE, until=UNTIL, asked_by=forno.manager)
    assert trial.change == "Ten: $10.00 per case"
    draft.title, draft.value = "Thirty", Decimal(30)
    draft.save()

    run_waiting_trials()

    trial.refresh_from_db()
    assert trial.change == "Thirty: $30.00 per case"
    assert trial.result["kinds"]["allowed"]["count"] == 1


@pytest.mark.parametrize(
    ("first", "after", "said"),
    [
        ("2026-10-01", "2026-11-01", "1 to 31 October 2026"),
        ("2026-09-28", "2026-10-04", "28 September to 3 October 2026"),
        ("2025-12-28", "2026-01-04", "28 December 2025 to 3 January 2026"),
        ("2025-10-01", "2026-11-01", "1 October 2025 to 31 October 2026"),
        ("2026-10-31", "2026-11-01", "31 October 2026"),
    ],
)
def test_the_days_are_those_of_whoever_tries_it(
    scm: Cast, first: str, after: str, said: str
) -> None:
    zone = scm.manager.zone
    since, until = (datetime.fromisoformat(day).replace(tzinfo=zone) for day in (first, after))
    assert days_words(Trial(asked_by=scm.manager, since=since, until=until)) == said


def test_one_refusal_and_several(forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    assert headline(tried_limit(forno, forno.tiers["Driver"], "40.00")).startswith(
        "1 of 1 refusal "
    )
    refused(forno.agent, so_much("money-off", "41.00"))
    assert headline(tried_limit(forno, forno.tiers["Driver"], "40.00")).startswith(
        "1 of 2 refusals "
    )
