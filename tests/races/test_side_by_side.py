"""Agents who serve different customers do not wait for each other."""

from threading import Event

import pytest
from django.db import connection, transaction

from budgets import months
from resolutions.locks import lock_customer
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.putting_right import NOW, put_right, so_many
from tests.races.together import raised, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_customer_and_a_month_that_are_held_hold_up_nobody_else(forno: Cast) -> None:
    for person in (forno.agent, forno.colleague):
        put_right(person, customer=f"of {person.username}")
        months.open_month(person, at=NOW)
    is_held, is_done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            told = CustomerDetails(f"of {forno.agent.username}")
            assert lock_customer(forno.agent, told)
            months.open_month(forno.agent, at=NOW, lock=True)
            is_held.set()
            assert is_done.wait(30)

    def serve() -> None:
        assert is_held.wait(30)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            customer = f"of {forno.colleague.username}"
            put_right(forno.colleague, so_many("reorder"), customer=customer)
        finally:
            is_done.set()

    assert raised(together([hold, serve])) == []
