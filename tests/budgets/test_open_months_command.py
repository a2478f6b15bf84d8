"""`manage.py open_months` and the task: they open what is due, and say so."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
import time_machine
from celery.schedules import crontab
from django.conf import settings
from django.core.management import CommandError, call_command

from budgets import open_many
from budgets.models import Budget
from budgets.tasks import open_months
from employees.models import Team
from tests.cast import Cast

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def said(**options: Any) -> str:
    out = StringIO()
    call_command("open_months", stdout=out, **options)
    return out.getvalue()


def test_it_opens_the_months_of_now_and_says_how_many(scm: Cast) -> None:
    assert said() == "4 months were opened.\n"
    assert set(Budget.objects.values_list("month", "opened_at")) == {(date(2026, 11, 1), NOW)}
    assert said() == "No month was opened: everyone has theirs.\n"


def test_one_month_is_not_months(scm: Cast) -> None:
    said(at="2026-10-31T13:00Z")
    assert said(at="2026-10-31T16:00Z") == "1 month was opened.\n"


def test_months_opened_ahead_come_with_a_word_about_budgets_that_change(scm: Cast) -> None:
    assert said(at="2026-12-01T00:00+11:00") == (
        "4 months were opened.\n"
        "That moment is still to come: budgets that change until then do not count "
        "for months opened ahead.\n"
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-10-31T13:00", datetime(2026, 10, 31, 13, tzinfo=UTC)),
        ("2026-10-31 13:00:00.5", datetime(2026, 10, 31, 13, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-10-31T13:00:00Z", datetime(2026, 10, 31, 13, tzinfo=UTC)),
        ("2026-11-01T00:00+11:00", datetime(2026, 10, 31, 13, tzinfo=UTC)),
        ("2026-10-31T18:45:00+05:45", datetime(2026, 10, 31, 13, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_its_zone_or_in_utc(scm: Cast, text: str, meant: datetime) -> None:
    said(at=text)
    assert Budget.objects.get(employee=scm.agent).opened_at == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-12", "2026-12-01", "01.12.2026 00:00", "2026-12-01T24:30"),
        *("2026-11-31T00:00", "2026-12-01T00:00 Europe/London", "2026-12-01T00:00+99:00"),
        *("0001-01-01T00:00", "9999-12-31T23:59", "１２３４-12-01T00:00", "2026-12-01T00:00\n"),
    ],
)
def test_what_is_no_moment_is_refused_with_what_would_be_right(scm: Cast, text: str) -> None:
    with pytest.raises(CommandError, match=r"is not a moment\. .* such as 2026-12-01T00:00") as no:
        said(at=text)
    assert repr(text) in str(no.value)
    assert not Budget.objects.exists()


def test_what_could_not_be_opened_is_an_error_that_says_why(
    scm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_many, "PAUSE", 0)
    Team.objects.filter(name="Perth").update(time_zone="Mars/Olympus_Mons")

    with pytest.raises(CommandError, match="Olympus_Mons") as failure:
        said()

    assert str(failure.value).startswith("3 months were opened. Some have no month yet")
    assert str(failure.value).endswith("Mend the cause, then run this again.")


def test_the_task_opens_what_is_due_and_logs_how_many(
    scm: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    open_months()
    assert Budget.objects.count() == 4
    assert "Months opened: 4." in caplog.text


def test_beat_wakes_it_up_at_every_quarter_of_an_hour() -> None:
    [entry] = [
        entry
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] == open_months.name
    ]
    assert entry["schedule"] == crontab(minute="0,15,30,45")
    assert settings.CELERY_TIMEZONE == "UTC"
