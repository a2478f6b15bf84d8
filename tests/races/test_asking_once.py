"""Many senders and many mails to one address at the same moment: it is asked once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.message import Message
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from employees.mail_queue import Sent
from resolutions import followup
from resolutions.followup import FollowUps, send_due_follow_ups
from resolutions.models import FollowUp, NotAsked
from resolutions.problem import CustomerDetails
from resolutions.surveys import answer
from resolutions.whom_to_ask import one_to_each
from tests.cast import Cast
from tests.races.together import succeeded, together
from tests.surveys import A_DAY, asked, owed

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SENDERS = 6

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def owe_several(forno: Cast) -> None:
    """More mails to one address than senders, each for a customer of its own."""
    for number in range(SENDERS + 2):
        customer = CustomerDetails(f"{number}", "Kim", f"{'Kk'[number % 2]}im@example.com")
        owed(forno, at=NOW, customer=customer)


def send_one() -> Sent:
    return send_due_follow_ups(at=NOW + A_DAY)


def test_an_address_is_asked_once_by_all_senders_together(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_several(forno)
    monkeypatch.setattr(FollowUps, "batch", 1)
    sent = succeeded(together([send_one] * SENDERS))
    send_one()
    assert (len(sent), len(smtp_sink)) == (SENDERS, 1)
    why = FollowUp.objects.filter(sent_at=None).values_list("not_asked", flat=True)
    assert list(why) == [NotAsked.ASKED_LATELY] * (SENDERS + 1)


def test_the_race_is_there_without_choosing_alone(
    forno: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    owe_several(forno)
    both_have_chosen = Barrier(2)

    def choose_beside_another(*args: Any, **kwargs: Any) -> list[int]:
        chosen = one_to_each(*args, **kwargs)
        with suppress(BrokenBarrierError):
            both_have_chosen.wait(timeout=20)
            both_have_chosen.abort()
        return chosen

    monkeypatch.setattr(FollowUps, "batch", 1)
    monkeypatch.setattr(followup, "choose_alone", lambda: None)
    monkeypatch.setattr(followup, "one_to_each", choose_beside_another)
    together([send_one] * 2)
    assert len(smtp_sink) == 2


def test_scores_that_a_program_sends_all_at_once_are_seen_to_be(forno: Cast) -> None:
    mail = asked(forno, at=NOW)

    def tapping(score: int, *, by_hand: bool) -> Callable[[], Any]:
        return lambda: answer(mail, score=score, by_hand=by_hand, at=NOW)

    outcomes = together([tapping(score, by_hand=False) for score in (1, 2, 3, 4, 5)])
    assert len(succeeded(outcomes)) == 5
    mail.refresh_from_db()
    assert mail.scanned_at == NOW
    assert not hasattr(mail, "response")

    outcomes = together([tapping(4, by_hand=n == 3) for n in range(6)])
    assert len(succeeded(outcomes)) == 6
    assert FollowUp.objects.get(pk=mail.pk).response.score == 4
