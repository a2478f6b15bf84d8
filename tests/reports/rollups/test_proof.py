"""Every night the rollups are proven: what differs is said loudly and mended."""

from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from employees.models import Employee
from reports.models import DailyCases, DailyCosts, RollupState
from reports.rollups import prove as proving
from reports.rollups.follow import follow
from reports.rollups.prove import Difference, prove
from reports.tasks import follow_the_ledger, prove_rollups
from tests.cast import Cast
from tests.reports.rollups.agreed import differing
from tests.reports.rollups.happenings import Happenings

pytestmark = pytest.mark.django_db(transaction=True)  # what is not committed is not settled


@pytest.fixture
def happened(scm: Cast) -> Happenings:
    happenings = Happenings(scm)
    happenings.gave("20.00", "1.50")
    happenings.refused()
    follow(at=happenings.at)
    return happenings


def test_what_differs_is_said_with_where_and_how_much_and_mended(
    happened: Happenings, caplog: pytest.LogCaptureFixture
) -> None:
    costs = DailyCosts.objects.get(remedy__code="bill-credit")
    DailyCosts.objects.filter(pk=costs.pk).update(spent=Decimal("20.01"), given=0)
    DailyCases.objects.get(remedy=None).delete()
    once_too_often = DailyCases.objects.get(remedy__code="fee-waiver")
    once_too_often.pk = None
    once_too_often.save()

    assert prove(at=happened.at) == 3

    said = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert len(said) == 3
    assert "reports_dailycosts, division_id" in said[0]
    assert "day 2026-11-03" in said[0]
    assert said[0].endswith("channel phone: given +1, spent -0.0100")
    assert "remedy_id None" in "".join(said[1:])
    assert differing() == []
    state = RollupState.objects.get()
    assert (state.differences, state.proven_at) == (3, happened.at)

    assert prove(at=happened.at) == 0
    state.refresh_from_db()
    assert state.differences == 0


def test_what_somebody_lent_moves_with_them_and_is_no_difference(happened: Happenings) -> None:
    receipt = happened.gave("12.00", reason_code="roaming")
    happened.lent(receipt)
    follow(at=happened.at)
    lender, sydney = happened.company.people["scm.rep3"], happened.company.teams["Sydney"]
    Employee.objects.filter(pk=lender.pk).update(team=sydney)
    assert len(differing()) == 2
    said: list[Difference] = []
    assert prove(at=happened.at, say=said.append) == 0
    assert said == differing() == []
    assert DailyCosts.objects.get(lent=Decimal("7.50")).team == sydney

    DailyCosts.objects.filter(lent=Decimal("7.50")).update(lent=Decimal("7.40"))
    assert prove(at=happened.at, say=said.append) == 1


def test_what_is_not_followed_yet_is_no_difference(
    happened: Happenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "follow", lambda **_: 0)
    happened.later(days=2)
    happened.gave("5.00", reason_code="roaming")
    DailyCases.objects.update(cases=9)
    said: list[Difference] = []
    prove(at=happened.at, say=said.append)
    assert {difference.place.day.day for difference in said} == {3}
    assert {difference.place.day.day for difference in differing()} == {5}


def test_what_is_still_owed_is_no_difference(
    happened: Happenings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "follow", lambda **_: 0)
    DailyCosts.objects.all().delete()
    RollupState.objects.update(owed=[["2026-11-01", "2026-11-05"]])
    assert prove(at=happened.at) == 0


def test_the_jobs_follow_and_prove(happened: Happenings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    happened.gave("5.00")
    follow_the_ledger()
    assert differing() == []
    prove_rollups()
    said = [record.message for record in caplog.records if record.name == "reports.tasks"]
    assert said == ["Rollups: days counted anew: 1.", "Rollups proven, rows that differed: 0."]


def test_beat_wakes_them_up() -> None:
    woken = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {follow_the_ledger.name, prove_rollups.name} <= woken


def test_the_command_counts_anew_and_proves(happened: Happenings) -> None:
    out, errors = StringIO(), StringIO()
    DailyCases.objects.all().delete()
    with pytest.raises(CommandError, match="3 rows differed, and were counted anew"):
        call_command("rebuild_rollups", "--prove", stderr=errors)
    assert errors.getvalue().count("reports_dailycases, ") == 3
    call_command("rebuild_rollups", "--prove", stdout=out)
    call_command("rebuild_rollups", stdout=out)
    call_command("rebuild_rollups", "--since", "2026-11-04", stdout=out)
    assert out.getvalue().splitlines() == [
        "What reports read is what happened.",
        "Counted: 3 days.",
        "Counted: 0 days.",
    ]
    with pytest.raises(CommandError, match="“tomorrow” is not a day; write it as 2026-11-22"):
        call_command("rebuild_rollups", "--since", "tomorrow")
