"""`GET /health/` tells whether all that answers, adds up, is right and goes out that should."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test import Client
from django.utils import timezone

from budgets.models import LedgerCheck
from config.health import Ledger, Mail, NotWell, Reports
from employees.mail_queue import LAST_RETRY
from reports.models import MonthlyReport, ReportDelivery, RollupState
from resolutions.models import Case, Customer, FollowUp, NotAsked
from tests.cast import Cast
from tests.queries import assert_queries
from tests.surveys import asked, owed

pytestmark = pytest.mark.django_db(transaction=True)

NOWHERE = "redis://127.0.0.1:1/0"
ALL_OK = dict.fromkeys(("database", "broker", "ledger", "reports", "mail"), "ok")
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens where the broker should be."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", NOWHERE)


@pytest.fixture
def odd_ledger() -> None:
    """Last night's check found something."""
    checked(problems=2, found=[{"row": "budget 17 of forno.driver1", "what": "It says $4.99."}])


def checked(*, hours_ago: int = 5, **columns: Any) -> LedgerCheck:
    at = timezone.now() - timedelta(hours=hours_ago)
    return LedgerCheck.objects.create(**{"started_at": at, "finished_at": at, **columns})


@pytest.fixture
def no_database() -> Iterator[None]:
    """Nothing can be opened where the database should be."""
    there = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "/nowhere/at/all"
    yield
    connection.settings_dict["NAME"] = there


def test_all_is_well(client: Client) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "services": ALL_OK,
    }
    assert "no-store" in answer["Cache-Control"]


def test_a_browser_gets_a_page(client: Client) -> None:
    answer = client.get("/health/", headers={"accept": BROWSER})
    assert answer["Content-Type"].startswith("text/html")
    assert "Leeway: ok" in answer.content.decode()


def test_a_dead_broker_is_told_and_agents_go_on(client: Client, no_broker: None) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "services": {**ALL_OK, "broker": "down"},
    }


def test_an_alarm_can_ask_strictly(client: Client, no_broker: None) -> None:
    assert client.get("/health/?strict=1").status_code == 503


def test_nothing_works_without_the_database(client: Client, no_database: None) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["status"] == "down"
    assert answer.json()["services"]["database"] == "down"


def test_a_ledger_that_does_not_add_up_is_told_and_agents_go_on(
    client: Client, odd_ledger: None
) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "services": {**ALL_OK, "ledger": "does not add up"},
    }
    assert client.get("/health/?strict=1").status_code == 503


@pytest.mark.parametrize("accept", ["application/json", BROWSER])
def test_nobody_outside_hears_which_row_or_how_much(
    client: Client, odd_ledger: None, accept: str
) -> None:
    page = client.get("/health/", headers={"accept": accept}).content.decode()
    assert "does not add up" in page
    for told in ("driver1", "17", "4.99", "problems"):
        assert told not in page


def test_a_browser_is_told_what_an_administrator_can_do(client: Client, odd_ledger: None) -> None:
    page = client.get("/health/", headers={"accept": BROWSER}).content.decode()
    assert "Everyone can go on working." in page
    assert "manage.py check_ledger" in page
    assert "broker is back" not in page


def test_the_newest_check_that_ended_counts(client: Client, odd_ledger: None) -> None:
    checked(finished_at=None)
    assert client.get("/health/").json()["services"]["ledger"] == "does not add up"
    checked()
    assert client.get("/health/").json()["services"]["ledger"] == "ok"


def test_that_the_nightly_checks_have_stopped_is_told(client: Client) -> None:
    """Silence would look as if all was well."""
    checked(hours_ago=47)
    assert client.get("/health/").json()["services"]["ledger"] == "ok"
    LedgerCheck.objects.all().delete()
    checked(hours_ago=49)
    checked(hours_ago=1, finished_at=None)

    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["services"]["ledger"] == "not checked lately"
    assert client.get("/health/?strict=1").status_code == 503
    page = client.get("/health/", headers={"accept": BROWSER}).content.decode()
    assert "was not for two days" in page


def test_asking_how_the_check_ended_is_one_query(odd_ledger: None) -> None:
    with assert_queries(["select budgets_ledgercheck"]), pytest.raises(NotWell):
        Ledger().run()


def test_without_its_table_the_check_is_unknown_and_the_rest_is_told(
    client: Client, odd_ledger: None
) -> None:
    table = LedgerCheck._meta.db_table
    with connection.schema_editor() as editor:
        editor.alter_db_table(LedgerCheck, table, "elsewhere")
    try:
        answer = client.get("/health/")
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(LedgerCheck, "elsewhere", table)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "services": {**ALL_OK, "ledger": "unknown"},
    }


def test_without_the_database_nobody_knows_of_the_ledger(client: Client, no_database: None) -> None:
    answer = client.get("/health/", headers={"accept": BROWSER})
    assert answer.status_code == 503
    assert "ledger: unknown" in answer.content.decode()
    assert "nothing can be done right now" in answer.content.decode()


def followed(
    *, hours_ago: int = 0, proven_hours_ago: int | None = None, differences: int = 0
) -> None:
    now = timezone.now()
    proven = None if proven_hours_ago is None else now - timedelta(hours=proven_hours_ago)
    state = {"followed_at": now - timedelta(hours=hours_ago), "proven_at": proven}
    RollupState.objects.update_or_create(pk=1, defaults={**state, "differences": differences})


@pytest.mark.parametrize(
    ("columns", "said", "words"),
    [
        ({"hours_ago": 47}, "ok", "Leeway: ok"),
        ({"hours_ago": 49}, "behind", "manage.py rebuild_rollups"),
        ({"differences": 3}, "differed", "They were mended"),
        ({"proven_hours_ago": 47}, "ok", "Leeway: ok"),
        ({"proven_hours_ago": 49}, "not proven lately", "rebuild_rollups --prove"),
    ],
)
def test_what_is_wrong_with_reports_is_told(
    client: Client, columns: dict[str, Any], said: str, words: str
) -> None:
    followed(**columns)
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json()["services"]["reports"] == said
    assert answer.json()["status"] == ("ok" if said == "ok" else "degraded")
    assert words in client.get("/health/", headers={"accept": BROWSER}).content.decode()


def test_asking_about_reports_is_one_query() -> None:
    followed(differences=1)
    with assert_queries(["select reports_rollupstate"]), pytest.raises(NotWell):
        Reports().run()


def late_mail(company: Cast, *, hours: int) -> None:
    """To a customer, first due so many hours ago, and tried without success just now."""
    now = timezone.now()
    delay = timedelta(hours=company.division.survey_delay_hours)
    mail = owed(company, at=now - timedelta(hours=hours) - delay)
    FollowUp.objects.filter(pk=mail.pk).update(attempts=9, due_at=now + LAST_RETRY)


def late_report(company: Cast, *, hours: int) -> None:
    """To a manager, owed since so many hours ago, and tried without success just now."""
    at = timezone.now() - timedelta(hours=hours)
    report = MonthlyReport.objects.create(
        division=company.division, month=date(2026, 10, 1), told={}
    )
    ReportDelivery.objects.create(
        report=report, employee=company.manager, owed_at=at, due_at=timezone.now() + LAST_RETRY
    )


@pytest.mark.parametrize("late", [late_mail, late_report])
@pytest.mark.parametrize(("hours", "said"), [(23, "ok"), (25, "held up")])
def test_mail_that_is_owed_for_more_than_a_day_is_told(
    client: Client, forno: Cast, late: Callable[..., None], hours: int, said: str
) -> None:
    late(forno, hours=hours)
    assert client.get("/health/").json()["services"] == {**ALL_OK, "mail": said}
    page = client.get("/health/", headers={"accept": BROWSER}).content.decode()
    assert ("for more than a day" in page) is (said != "ok")
    strictly = client.get("/health/?strict=1")
    assert strictly.status_code == (200 if said == "ok" else 503)


def test_one_mail_that_no_server_takes_is_no_news_while_others_are_sent(
    client: Client, forno: Cast
) -> None:
    late_mail(forno, hours=100)
    asked(forno, at=timezone.now() - timedelta(hours=25))
    assert client.get("/health/").json()["services"]["mail"] == "held up"
    asked(forno, at=timezone.now() - timedelta(hours=1))
    assert client.get("/health/").json()["services"]["mail"] == "ok"
    asked(forno, at=timezone.now() - timedelta(hours=25))  # where it is asked sooner
    assert client.get("/health/").json()["services"]["mail"] == "ok"


@pytest.mark.parametrize(
    "kept",
    [
        lambda mail: FollowUp.objects.filter(pk=mail.pk).update(not_asked=NotAsked.NO_MORE),
        lambda mail: Case.objects.filter(pk=mail.case_id).update(state="open", ended_at=None),
        lambda mail: Customer.objects.update(email=""),
    ],
)
def test_a_mail_that_is_not_to_be_sent_now_is_not_held_up(
    client: Client, forno: Cast, kept: Callable[[FollowUp], int]
) -> None:
    late_mail(forno, hours=25)
    kept(FollowUp.objects.get())
    assert client.get("/health/").json()["services"]["mail"] == "ok"


def test_asking_about_mail_is_two_queries() -> None:
    with assert_queries(["select reports_reportdelivery", "select resolutions_followup"]):
        Mail().run()
