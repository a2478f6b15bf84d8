"""What the other tests stand on: tables are emptied, mails arrive, pages are watched."""

import json
from email.message import Message
from urllib.request import urlopen

import pytest
from django.core.mail import send_mail
from django.db import connection
from playwright.sync_api import expect

from budgets.models import LedgerEntry
from employees.models import Employee
from employees.triggers import missing
from tests.browsers import PageMaker
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


@pytest.mark.browser
def test_a_page_that_asks_another_host_fails_its_test(
    new_page: PageMaker, granian_server: str
) -> None:
    page = new_page(dark=True)
    page.goto(f"{granian_server}/health/")
    expect(page).to_have_title("Leeway: ok")
    assert new_page.complaints == []

    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => null)")
    assert any("elsewhere.invalid" in complaint for complaint in new_page.complaints)
    new_page.complaints.clear()
