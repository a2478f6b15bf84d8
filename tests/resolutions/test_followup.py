"""The mail that asks how it went: owed with the case, sent once, and never lost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import Message
from typing import Any
from uuid import uuid4

import time_machine

from employees.mail_queue import Sent
from resolutions.conclude import take_up_again
from resolutions.followup import owe_follow_up, send_due_follow_ups
from resolutions.models import Case, Customer, FollowUp
from resolutions.problem import CustomerDetails, Give, Problem
from resolutions.resolve import give_more, resolve_case
from resolutions.tasks import send_follow_ups
from tests.cast import Cast

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


def test_one_bad_address_does_not_keep_the_others_from_their_mail(
    forno: Cast, smtp_sink: list[Message]
) -> None:
    bad = put_right(forno, customer=CustomerDetails("1", "Bad", "bad@example.com"))
    Customer.objects.filter(reference="1").update(email="a@b\r\nBcc: c@d.example")
    put_right(forno)

    assert send_due_follow_ups(at=TOMORROW) == Sent(sent=1, failed=1)
    assert [mail["To"] for mail in smtp_sink] == ["ines@example.com"]
    assert FollowUp.objects.get(case=bad).last_error


def test_the_task_sends_what_is_due(forno: Cast, smtp_sink: list[Message]) -> None:
    put_right(forno)
    with time_machine.travel(TOMORROW, tick=False):
        send_follow_ups()
    assert len(smtp_sink) == 1
