"""Who is asked how it went, and who is left in peace: once within the division's days."""

from datetime import UTC, datetime, timedelta
from email.message import Message
from smtplib import SMTPServerDisconnected
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from employees.mail_queue import CLAIM_HOLDS, Sent
from resolutions import followup
from resolutions.conclude import close_without_remedy, take_up_again
from resolutions.followup import FollowUps, owe_follow_up, send_due_follow_ups
from resolutions.models import Case, CaseState, Customer, FollowUp, NotAsked
from resolutions.problem import CustomerDetails
from resolutions.resolve import give_more
from resolutions.unsubscribe import ask_again, ask_no_more
from resolutions.whom_to_ask import leave_in_peace
from tests.cast import Cast
from tests.putting_right import KIM_LEE, so_much
from tests.queries import plan_of
from tests.servers import free_port
from tests.surveys import A_DAY, owed

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SAME_ADDRESS = CustomerDetails("555-0199", "Kim at work", "KIM@Example.com")
BO = CustomerDetails("555-0143", "Bo", "bo@example.com")

pytestmark = pytest.mark.django_db


def not_asked() -> list[str]:
    return list(FollowUp.objects.order_by("pk").values_list("not_asked", flat=True))


def test_a_customer_is_asked_once_within_the_days_of_the_division(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    owed(forno, at=NOW)
    owed(forno, at=NOW + timedelta(days=5))
    late = owed(forno, at=NOW + timedelta(days=30, minutes=1))

    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=1)
    assert send_due_follow_ups(at=NOW + timedelta(days=6)) == Sent()
    assert not_asked() == ["", NotAsked.ASKED_LATELY, ""]
    assert send_due_follow_ups(at=late.due_at) == Sent(sent=1), "the days are over"
    assert [mail["To"] for mail in smtp_sink] == ["kim@example.com"] * 2


def test_an_address_counts_in_any_letters_and_for_whoever_has_it(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    owed(forno, at=NOW)
    owed(forno, at=NOW, customer=SAME_ADDRESS)
    owed(forno, at=NOW, customer=BO)

    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=2)
    assert sorted(mail["To"] for mail in smtp_sink) == ["bo@example.com", "kim@example.com"]
    assert not_asked() == ["", NotAsked.ASKED_LATELY, ""]


def test_another_division_asks_for_itself(forno: Cast, scm: Cast, smtp_sink: list[Message]) -> None:
    owed(forno, at=NOW)
    mail = owed(scm, at=NOW)
    ask_no_more(owed(forno, at=NOW, customer=BO))
    owed(scm, at=NOW, customer=BO)

    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=3)
    assert len(smtp_sink) == 3
    mail.refresh_from_db()
    assert mail.sent_at == NOW + A_DAY


def test_without_days_each_case_is_asked_about(forno: Cast, smtp_sink: list[Message]) -> None:
    forno.division.survey_cap_days = 0
    forno.division.save()
    owed(forno, at=NOW)
    owed(forno, at=NOW)
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=2)
    assert len(smtp_sink) == 2


def test_who_wants_no_more_gets_none_until_they_say_otherwise(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    mail = owed(forno, at=NOW, customer=SAME_ADDRESS)
    ask_no_more(mail)
    owed(forno, at=NOW)
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent()
    assert not_asked() == [NotAsked.NO_MORE] * 2

    ask_again(mail)
    owed(forno, at=NOW)
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=1)
    assert len(smtp_sink) == 1


def test_when_one_mail_fails_the_next_to_the_address_goes_out(
    forno: Cast, smtp_sink: list[Message], settings: Any
) -> None:
    owed(forno, at=NOW)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(failed=1)
    settings.EMAIL_PORT = port

    owed(forno, at=NOW)
    at = NOW + A_DAY + timedelta(minutes=1)  # the first one still waits for its next try
    assert send_due_follow_ups(at=at) == Sent(sent=1)
    assert send_due_follow_ups(at=at + A_DAY) == Sent()
    assert not_asked() == [NotAsked.ASKED_LATELY, ""]
    assert len(smtp_sink) == 1


def test_a_mail_waits_while_another_to_the_address_is_in_someones_hands(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    first = owed(forno, at=NOW)
    owed(forno, at=NOW, customer=SAME_ADDRESS)
    at = NOW + A_DAY
    FollowUp.objects.filter(pk=first.pk).update(claimed_at=at)

    assert send_due_follow_ups(at=at + timedelta(minutes=1)) == Sent()
    assert not_asked() == ["", ""]
    assert send_due_follow_ups(at=at + CLAIM_HOLDS) == Sent(sent=1), "its sender was killed"
    assert not_asked() == ["", NotAsked.ASKED_LATELY]
    assert len(smtp_sink) == 1


def test_a_mail_that_goes_out_while_another_sender_chooses_is_still_the_only_one(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = owed(forno, at=NOW)
    owed(forno, at=NOW, customer=SAME_ADDRESS)
    at = NOW + A_DAY
    FollowUp.objects.filter(pk=first.pk).update(claimed_at=at)

    def look_just_before_it_goes_out(*args: Any, **kwargs: Any) -> None:
        leave_in_peace(*args, **kwargs)
        FollowUp.objects.filter(pk=first.pk).update(sent_at=at, address=KIM_LEE.email)

    with monkeypatch.context() as patch:
        patch.setattr(followup, "leave_in_peace", look_just_before_it_goes_out)
        assert send_due_follow_ups(at=at) == Sent()
    assert send_due_follow_ups(at=at) == Sent()
    assert not_asked() == ["", NotAsked.ASKED_LATELY]
    assert smtp_sink == []


def test_many_who_are_not_asked_keep_nobody_waiting(forno: Cast, smtp_sink: list[Message]) -> None:
    owed(forno, at=NOW)
    given = FollowUp.objects.get()
    for _ in range(45):  # more than two batches
        given.case.pk = None
        given.case.save()
        FollowUp.objects.create(case=given.case, due_at=given.due_at)
    owed(forno, at=NOW + timedelta(minutes=1), customer=BO)

    assert send_due_follow_ups(at=NOW + 2 * A_DAY) == Sent(sent=2)
    assert not_asked().count(NotAsked.ASKED_LATELY) == 45


def test_whoever_has_no_address_any_more_is_not_mailed(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    owed(forno, at=NOW)
    Customer.objects.update(email="")
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent()
    assert (not_asked(), smtp_sink) == ([NotAsked.NO_ADDRESS], [])


def test_a_mail_whose_address_is_taken_away_at_that_moment_is_not_sent(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was claimed already: it must not be kept as one that went out."""
    mail = owed(forno, at=NOW)

    def read_too_late(_: FollowUps, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        Customer.objects.update(email="")
        return FollowUp.objects.filter(pk__in=rows).with_what_was_given()

    monkeypatch.setattr(FollowUps, "with_all_they_say", read_too_late)
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(failed=1)
    mail.refresh_from_db()
    assert (mail.sent_at, mail.last_error) == (None, "there is no address to send it to")
    assert send_due_follow_ups(at=NOW + 2 * A_DAY) == Sent()
    assert (not_asked(), smtp_sink) == ([NotAsked.NO_ADDRESS], [])


@pytest.mark.once
def test_who_was_asked_lately_is_found_by_the_address(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    """Or each mail would read all cases of its division, while nobody else may write."""
    owed(forno, at=NOW)
    with CaptureQueriesContext(connection) as made:
        send_due_follow_ups(at=NOW + A_DAY)
    lately = [query["sql"] for query in made if f"= '{NotAsked.ASKED_LATELY}'" in query["sql"]]
    assert "mails_by_address" in plan_of(lately[0])


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.HANDED_OVER, CaseState.OPEN])
def test_nobody_is_asked_about_what_was_not_put_right_in_the_end(
    forno: Cast, smtp_sink: list[Message], state: CaseState
) -> None:
    owed(forno, at=NOW)
    Case.objects.update(state=state, outcome_note="It was theirs after all.")
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent()
    still_waits = state == CaseState.OPEN
    assert not_asked() == ["" if still_waits else NotAsked.NOT_PUT_RIGHT]
    assert smtp_sink == []


def test_who_has_another_address_now_was_asked_at_the_old_one(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    owed(forno, at=NOW)
    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=1)
    Customer.objects.update(email="kim@elsewhere.example")
    owed(forno, at=NOW, customer=SAME_ADDRESS)
    owed(forno, at=NOW, customer=KIM_LEE)

    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=1)
    assert not_asked() == ["", NotAsked.ASKED_LATELY, ""]
    assert [mail["To"] for mail in smtp_sink] == ["kim@example.com", "kim@elsewhere.example"]


@pytest.mark.parametrize("ends", ["open", "closed"])
def test_a_case_put_right_again_is_due_anew_from_then(forno: Cast, ends: str) -> None:
    mail = owed(forno, at=NOW)
    FollowUp.objects.update(attempts=7, not_asked=NotAsked.ASKED_LATELY)
    case = Case.objects.get()
    who: dict[str, Any] = {"acting_employee": forno.agent}
    take_up_again(case, channel="phone", request_id=uuid4(), **who)
    if ends == "closed":
        close_without_remedy(case, said="Said sorry.", request_id=uuid4(), **who)
    again = NOW + timedelta(days=9)
    give_more(case, gives=[so_much("money-off", "3.00")], request_id=uuid4(), at=again, **who)

    mail.refresh_from_db()
    assert (mail.due_at, mail.attempts, mail.not_asked) == (again + A_DAY, 0, "")


def test_a_case_put_right_again_while_the_mail_server_fails_waits_for_its_day(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was claimed with the mail that failed, and is given up untried."""
    owed(forno, at=NOW)
    other = owed(forno, at=NOW, customer=BO)
    again = NOW + A_DAY

    def fail(*_: Any) -> None:
        owe_follow_up(other.case, at=again, again=True)
        raise SMTPServerDisconnected

    monkeypatch.setattr(FollowUps, "mail", fail)
    assert send_due_follow_ups(at=again) == Sent(failed=1)
    other.refresh_from_db()
    assert (other.attempts, other.claimed_at, other.due_at) == (0, None, again + A_DAY)


def test_what_is_given_also_changes_no_due_day_and_what_was_sent_is_not_sent_again(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    mail = owed(forno, at=NOW)
    case = Case.objects.get()
    gives = [so_much("money-off", "1.00")]
    more: dict[str, Any] = {"gives": gives, "acting_employee": forno.agent}
    give_more(case, request_id=uuid4(), at=NOW + timedelta(hours=3), **more)
    mail.refresh_from_db()
    assert mail.due_at == NOW + A_DAY

    assert send_due_follow_ups(at=NOW + A_DAY) == Sent(sent=1)
    take_up_again(case, channel="phone", acting_employee=forno.agent, request_id=uuid4())
    give_more(case, request_id=uuid4(), at=NOW + 2 * A_DAY, **more)
    assert send_due_follow_ups(at=NOW + 90 * A_DAY) == Sent()
    assert len(smtp_sink) == 1
    assert KIM_LEE.email == smtp_sink[0]["To"]
