"""The mail that asks how it went: owed with the case, sent once, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import Message
from smtplib import SMTPServerDisconnected
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from resolutions import followup
from resolutions.conclude import take_up_again
from resolutions.followup import CLAIM_HOLDS, Sent, owe_follow_up, send_due_follow_ups
from resolutions.models import Case, Customer, FollowUp
from resolutions.problem import CustomerDetails, Give, Problem
from resolutions.resolve import give_more, resolve_case
from resolutions.tasks import send_follow_ups
from tests.cast import Cast, bring_in
from tests.companies import FORNO
from tests.servers import free_port

NOW = datetime(2026, 11, 20, 0, 41, tzinfo=UTC)  # 19:41 the evening before, in New York
TOMORROW = NOW + timedelta(hours=24)
LOPEZ = CustomerDetails("917-555-0142", "Inés López", "ines@example.com")
PIZZA_AND_REORDER = [Give("free-pizza", quantity=1), Give("reorder")]


def put_right(
    forno: Cast, *, customer: CustomerDetails | None = LOPEZ, gives: list[Give] | None = None
) -> Case:
    problem = Problem(
        "wrong-order",
        "doorstep",
        customer=customer,
        order_reference="4711",
        order_value=Decimal("23.50"),
    )
    receipt = resolve_case(
        problem,
        gives=PIZZA_AND_REORDER if gives is None else gives,
        acting_employee=forno.agent,
        request_id=uuid4(),
        at=NOW,
    )
    return Case.objects.get(pk=receipt["id"])


def plain(mail: Message) -> str:
    return parts(mail)["text/plain"]


def parts(mail: Message) -> dict[str, str]:
    return {
        part.get_content_type(): part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in mail.walk()
        if not part.is_multipart()
    }


def test_the_mail_goes_out_a_day_later_and_once(forno: Cast, smtp_sink: list[Message]) -> None:
    put_right(forno)

    assert send_due_follow_ups(at=TOMORROW - timedelta(seconds=1)) == Sent()
    assert send_due_follow_ups(at=TOMORROW) == Sent(sent=1)
    assert send_due_follow_ups(at=TOMORROW + timedelta(days=9)) == Sent()

    (mail,) = smtp_sink
    assert mail["To"] == "ines@example.com"
    assert FollowUp.objects.get().sent_at == TOMORROW


def test_the_mail_says_what_was_done_and_not_what_it_cost(
    forno: Cast, smtp_sink: list[Message], settings: Any
) -> None:
    settings.FOLLOW_UP_REPLY_TO = "Forno <hello@forno.example>"
    case = put_right(forno, gives=[Give("money-off", amount=Decimal("12.00")), Give("reorder")])
    send_due_follow_ups(at=TOMORROW)

    (mail,) = smtp_sink
    assert mail["From"] == "Forno <leeway@localhost>"
    assert mail["Reply-To"] == "Forno <hello@forno.example>"
    assert mail["Subject"] == "Forno: did we put it right?"
    text = plain(mail)
    for words in (
        "Hello Inés López",
        "on Thursday 19 November",  # it was still Thursday where it happened
        "order 4711",
        "Money off the bill: $12.00",
        "Expedited reorder",
        case.number,
    ):
        assert words in text
        assert words in parts(mail)["text/html"]
    assert "4.00" not in text


def test_markup_in_a_name_stays_a_name(forno: Cast, smtp_sink: list[Message]) -> None:
    put_right(forno, customer=CustomerDetails("1", "<b>Bo</b> & Co", "bo@example.com"))
    send_due_follow_ups(at=TOMORROW)

    both = parts(smtp_sink[0])
    assert "Hello <b>Bo</b> & Co," in both["text/plain"]
    assert "&lt;b&gt;Bo&lt;/b&gt; &amp; Co" in both["text/html"]


def test_nobody_without_an_address_is_owed_a_mail(forno: Cast) -> None:
    put_right(forno, customer=None)
    put_right(forno, customer=CustomerDetails("917-555-0100", "No Mail"))
    assert not FollowUp.objects.exists()


def test_an_open_case_is_not_asked_about(forno: Cast) -> None:
    put_right(forno, gives=[])
    assert not FollowUp.objects.exists()


def test_a_case_put_right_twice_is_asked_about_once(forno: Cast, smtp_sink: list[Message]) -> None:
    case = put_right(forno)
    give_more(
        case,
        gives=[Give("money-off", amount=Decimal("3.00"))],
        acting_employee=forno.agent,
        request_id=uuid4(),
        at=NOW + timedelta(hours=1),
    )
    owe_follow_up(case, at=NOW)

    assert send_due_follow_ups(at=TOMORROW + timedelta(days=2)) == Sent(sent=1)
    assert len(smtp_sink) == 1


def test_a_case_that_is_open_again_waits_until_it_is_put_right(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    case = put_right(forno)
    take_up_again(case, channel="phone", acting_employee=forno.agent, request_id=uuid4(), at=NOW)
    assert send_due_follow_ups(at=TOMORROW) == Sent()

    give_more(
        case,
        gives=[Give("money-off", amount=Decimal("3.00"))],
        acting_employee=forno.agent,
        request_id=uuid4(),
        at=TOMORROW,
    )
    assert send_due_follow_ups(at=TOMORROW) == Sent(), "a day later, anew"
    assert send_due_follow_ups(at=TOMORROW + timedelta(hours=24)) == Sent(sent=1)


def test_with_the_mail_server_down_it_is_still_owed_and_goes_out_later(
    forno: Cast, smtp_sink: list[Message], settings: Any
) -> None:
    put_right(forno)
    put_right(forno, customer=CustomerDetails("917-555-0143", "Bo", "bo@example.com"))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()

    assert send_due_follow_ups(at=TOMORROW) == Sent(failed=1)
    first, second = FollowUp.objects.order_by("pk")
    assert "refused" in first.last_error
    assert (first.attempts, first.claimed_at, first.sent_at) == (1, None, None)
    assert first.due_at == TOMORROW + timedelta(minutes=2)
    assert (second.attempts, second.claimed_at, second.due_at) == (0, None, TOMORROW)

    settings.EMAIL_PORT = port
    assert send_due_follow_ups(at=TOMORROW + timedelta(minutes=2)) == Sent(sent=2)
    assert len(smtp_sink) == 2


def test_the_wait_between_attempts_grows_to_six_hours(
    forno: Cast, smtp_sink: list[Message], settings: Any
) -> None:
    put_right(forno)
    settings.EMAIL_PORT = free_port()
    at, waits = TOMORROW, []
    for _ in range(10):
        send_due_follow_ups(at=at)
        row = FollowUp.objects.get()
        waits.append((row.due_at - at) // timedelta(minutes=1))
        at = row.due_at
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert smtp_sink == []


def test_one_bad_address_does_not_keep_the_others_from_their_mail(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    bad = put_right(forno, customer=CustomerDetails("1", "Bad", "bad@example.com"))
    Customer.objects.filter(reference="1").update(email="a@b\r\nBcc: c@d.example")
    put_right(forno)

    assert send_due_follow_ups(at=TOMORROW) == Sent(sent=1, failed=1)
    assert [mail["To"] for mail in smtp_sink] == ["ines@example.com"]
    assert FollowUp.objects.get(case=bad).last_error


def test_a_mail_whose_sender_was_killed_is_sent_again_under_the_same_id(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_right(forno)

    def killed(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(followup, "_mark_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            send_due_follow_ups(at=TOMORROW)
    assert send_due_follow_ups(at=TOMORROW + timedelta(minutes=1)) == Sent()
    assert send_due_follow_ups(at=TOMORROW + CLAIM_HOLDS) == Sent(sent=1)

    first, again = smtp_sink
    assert first["Message-ID"] == again["Message-ID"]


def test_a_connection_that_breaks_in_the_middle_leaves_the_rest_owed(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        put_right(forno, customer=CustomerDetails(f"{number}", "Kim", f"kim{number}@example.com"))
    send = EmailMultiAlternatives.send

    def break_at_second(mail: EmailMultiAlternatives, **_: Any) -> int:
        if smtp_sink:
            raise SMTPServerDisconnected("Connection unexpectedly closed")
        return send(mail)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", break_at_second)
        assert send_due_follow_ups(at=TOMORROW) == Sent(sent=1, failed=1)
    assert send_due_follow_ups(at=TOMORROW + timedelta(hours=1)) == Sent(sent=2)
    assert sorted(mail["To"] for mail in smtp_sink) == [f"kim{n}@example.com" for n in range(3)]


def test_the_task_sends_what_is_due(forno: Cast, smtp_sink: list[Message]) -> None:
    put_right(forno)
    with time_machine.travel(TOMORROW, tick=False):
        send_follow_ups()
    assert len(smtp_sink) == 1


def test_more_than_one_batch_goes_out_in_one_run(forno: Cast, smtp_sink: list[Message]) -> None:
    forno.agent.personal_budget = Decimal(1000)
    for number in range(followup.BATCH + 1):
        put_right(forno, customer=CustomerDetails(f"{number}", "Kim", f"kim{number}@example.com"))
    assert send_due_follow_ups(at=TOMORROW) == Sent(sent=followup.BATCH + 1)
    assert len({mail["Message-ID"] for mail in smtp_sink}) == followup.BATCH + 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(smtp_sink: list[Message]) -> None:
    forno = bring_in(FORNO)
    forno.agent.personal_budget = Decimal(1000)
    for number in range(50):
        put_right(forno, customer=CustomerDetails(f"{number}", "Kim", f"kim{number}@example.com"))
    start = Barrier(4)

    def send(_: int) -> int:
        start.wait(timeout=20)
        try:
            return send_due_follow_ups(at=TOMORROW).sent
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as senders:
        sent = list(senders.map(send, range(4)))

    assert sum(sent) == 50
    assert len({mail["To"] for mail in smtp_sink}) == len(smtp_sink) == 50
    assert not FollowUp.objects.filter(sent_at__isnull=True).exists()


def test_what_a_long_run_claims_late_is_not_left_behind(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("ines", "bo"):
        put_right(forno, customer=CustomerDetails(who, who, f"{who}@example.com"))
    monkeypatch.setattr(followup, "BATCH", 1)
    whole = EmailMultiAlternatives.send
    with time_machine.travel(TOMORROW, tick=False) as clock:

        def slowly(mail: EmailMultiAlternatives, **_: Any) -> int:
            if not smtp_sink:
                clock.shift(CLAIM_HOLDS)
            else:  # beat wakes another sender up while the second is under way
                monkeypatch.setattr(EmailMultiAlternatives, "send", whole)
                assert send_due_follow_ups(at=TOMORROW + CLAIM_HOLDS) == Sent()
            return whole(mail)

        monkeypatch.setattr(EmailMultiAlternatives, "send", slowly)
        assert send_due_follow_ups(at=TOMORROW) == Sent(sent=2)
    assert len({mail["To"] for mail in smtp_sink}) == len(smtp_sink) == 2
