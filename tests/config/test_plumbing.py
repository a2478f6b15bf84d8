"""What the other tests stand on: tables are emptied, mails arrive, the program is served."""

import json
from email.message import Message
from urllib.request import urlopen

import pytest
from django.core.mail import send_mail
from django.db import connection

from budgets.models import LedgerEntry
from employees.models import Employee
from employees.triggers import missing
from tests.cast import bring_in
from tests.companies import FORNO
from tests.putting_right import put_right, so_much


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_after_real_transactions_the_tables_are_empty_and_guarded(time: str) -> None:
    assert not Employee.objects.exists()
    assert missing(connection) == []
    put_right(bring_in(FORNO).agent, so_much("money-off", "5"))
    assert LedgerEntry.objects.exists()


def test_mails_arrive(smtp_sink: list[Message]) -> None:
    send_mail("How did it go? ✓", "Tell us.", None, ["kim@example.com"])
    [mail] = smtp_sink
    assert mail["To"] == "kim@example.com"


def test_the_program_is_served_as_in_production(granian_server: str) -> None:
    with urlopen(f"{granian_server}/health/") as answer:
        assert json.load(answer)["status"] == "ok"
