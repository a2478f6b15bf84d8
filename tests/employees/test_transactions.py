"""Rows say which transaction wrote them, and a copy from another server is put right."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from budgets.models import LedgerEntry
from resolutions.models import AuthorityGap, Case, Resolution
from tests.cast import Cast
from tests.putting_right import put_right, so_much
from tests.raw_sql import execute

STILL_TO_COME = 2**60


def now() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_done_in_one_go_has_the_number_of_its_transaction(forno: Cast) -> None:
    with transaction.atomic():
        put_right(forno.agent, so_much("money-off", "5.00"))
        number = now()
    spend = LedgerEntry.objects.get(kind="spend")
    rows = (spend, Case.objects.get(), Resolution.objects.get())
    assert {row.transaction_id for row in rows} == {number}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_case_that_changes_gets_the_number_of_the_change(forno: Cast) -> None:
    put_right(forno.agent)
    before = Case.objects.get().transaction_id
    with transaction.atomic():
        Case.objects.update(note="The bell was broken.")
        number = now()
    assert Case.objects.get().transaction_id == number > before


@pytest.mark.sqlite
@pytest.mark.django_db
def test_on_sqlite_each_change_has_the_next_number(forno: Cast) -> None:
    for _ in range(3):
        put_right(forno.agent)
    first, second, third = Case.objects.order_by("pk")
    assert [c.transaction_id for c in (first, second, third)] == [1, 2, 3]
    Case.objects.filter(pk=first.pk).update(note="The bell was broken.")
    first.refresh_from_db()
    assert first.transaction_id == 4


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_from_another_server_count_as_written_when_it_was_migrated(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "5.00"))
    kept = list(LedgerEntry.objects.values_list("pk", "amount", "note"))
    execute(
        "SET session_replication_role = replica; "
        f"UPDATE budgets_ledgerentry SET transaction_id = {STILL_TO_COME}; "
        "RESET session_replication_role"
    )

    call_command("migrate", verbosity=0)

    numbers = set(LedgerEntry.objects.values_list("transaction_id", flat=True))
    assert len(numbers) == 1
    assert max(numbers) < now()
    assert list(LedgerEntry.objects.values_list("pk", "amount", "note")) == kept
    put_right(forno.agent, so_much("money-off", "5.00"))  # the column fills itself in as before
    assert LedgerEntry.objects.latest("pk").transaction_id > max(numbers)
    assert not AuthorityGap.objects.exists()
