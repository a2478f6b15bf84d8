"""The database itself keeps a token as it was made, whoever asks: raw SQL, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from employees.models import Employee
from reports.models import MachineToken
from tests.cast import Cast
from tests.raw_sql import empty_out, execute, insert, refused
from tests.tokens import made, pulled

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
TABLE, OF = "reports_machinetoken", "reports_machinetoken_divisions"
AS_MADE = "A token stays as it was made"
NO_MORE = "A token opens no more than whoever makes it may give"


@pytest.fixture
def token(forno: Cast, head_office: dict[str, Employee]) -> MachineToken:
    """Of the group's finance, for one division."""
    return made(head_office["finance"], divisions=[forno.division])[0]


def insert_token(maker: Employee, **columns: Any) -> None:
    """Write a token that fits, except for the columns given."""
    fitting = {
        "name": "By hand",
        "begins": "leeway_00000",
        "digest": uuid4().hex,
        "exports": "[]",
        "all_divisions": True,
        "division_count": 0,
        "own_words": False,
        "made_by_id": maker.pk,
        "made_at": NOW,
        "request_id": uuid4().hex,
        "expires_at": NOW + timedelta(days=366),
    }
    insert(TABLE, **{**fitting, **columns})


def test_a_token_that_fits_can_be_written(head_office: dict[str, Employee]) -> None:
    """So that what is refused below is refused for its own sake."""
    insert_token(head_office["finance"])
    insert_token(head_office["admin"], own_words=True)
    assert MachineToken.objects.count() == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "Other"),
        ("begins", "other"),
        ("digest", "0" * 128),
        ("exports", '["cases"]'),
        ("all_divisions", True),
        ("division_count", 2),
        ("own_words", True),
        ("made_at", NOW - timedelta(days=2000)),
        ("expires_at", NOW + timedelta(days=2000)),
        ("request_id", "0" * 32),
    ],
)
def test_no_column_of_a_token_can_be_changed(token: MachineToken, column: str, value: Any) -> None:
    with refused(f"{AS_MADE}|token_opens_all_divisions_or_some"):
        execute(f"UPDATE {TABLE} SET {column} = %s", value)


def test_a_token_is_nobody_elses(token: MachineToken, head_office: dict[str, Employee]) -> None:
    with refused(AS_MADE):
        execute(f"UPDATE {TABLE} SET made_by_id = %s", head_office["admin"].pk)


def test_a_revoked_token_stays_revoked(
    token: MachineToken, head_office: dict[str, Employee]
) -> None:
    revoking = f"UPDATE {TABLE} SET revoked_at = %s, revoked_by_id = %s"
    execute(revoking, NOW, head_office["admin"].pk)
    with refused(AS_MADE):
        execute(revoking, None, None)
    with refused(AS_MADE):
        execute(revoking, NOW + timedelta(days=1), head_office["admin"].pk)


def test_somebody_revokes_it(token: MachineToken) -> None:
    with refused("somebody_revokes_a_token"):
        execute(f"UPDATE {TABLE} SET revoked_at = %s", NOW)


def test_a_token_can_not_be_deleted(token: MachineToken) -> None:
    for table in (OF, TABLE):
        with refused(AS_MADE):
            execute(f"DELETE FROM {table}")


@pytest.mark.postgres
@pytest.mark.parametrize("table", [TABLE, OF, "employees_division"])
def test_tokens_are_not_emptied_out(token: MachineToken, table: str) -> None:
    with refused(f"{AS_MADE}|never changed or deleted"):
        empty_out(table)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is SQLite's")
def test_a_token_is_not_replaced(token: MachineToken) -> None:
    columns = "id, name, begins, exports, all_divisions, division_count, own_words, made_at, "
    columns += "made_by_id, expires_at"
    for digest, request in (("digest", f"'{uuid4().hex}'"), ("'x'", "request_id")):
        with refused(AS_MADE):
            execute(
                f"INSERT OR REPLACE INTO {TABLE} ({columns.removeprefix('id, ')}, digest, "
                f"request_id) SELECT {columns.removeprefix('id, ')}, {digest}, {request} "
                f"FROM {TABLE}"
            )


def test_no_division_is_added_or_changed_afterwards(token: MachineToken, scm: Cast) -> None:
    with refused(AS_MADE):
        insert(OF, machinetoken_id=token.pk, division_id=scm.division.pk)
    with refused(AS_MADE):
        execute(f"UPDATE {OF} SET division_id = %s", scm.division.pk)


def test_a_token_for_all_divisions_names_none(
    head_office: dict[str, Employee], forno: Cast
) -> None:
    token, _ = made(head_office["finance"])
    with refused(AS_MADE):
        insert(OF, machinetoken_id=token.pk, division_id=forno.division.pk)
    for columns in ({"division_count": 1}, {"all_divisions": False}):
        with refused("token_opens_all_divisions_or_some"):
            insert_token(head_office["finance"], **columns)


@pytest.mark.parametrize("who", ["agent", "lead", "manager"])
def test_others_make_none(forno: Cast, who: str) -> None:
    with refused(NO_MORE):
        insert_token(getattr(forno, who))


def test_whoever_left_makes_none(head_office: dict[str, Employee]) -> None:
    Employee.objects.filter(pk=head_office["admin"].pk).update(is_active=False)
    with refused(NO_MORE):
        insert_token(head_office["admin"])


def test_finance_gives_no_words_and_of_a_division_nothing_elsewhere(
    head_office: dict[str, Employee], forno: Cast, scm: Cast
) -> None:
    with refused(NO_MORE):
        insert_token(head_office["finance"], own_words=True)
    of_forno = Employee.objects.create_user("f", role="finance", division=forno.division)
    with refused(NO_MORE):
        insert_token(of_forno)
    insert_token(of_forno, all_divisions=False, division_count=1)
    token = MachineToken.objects.get()
    with refused(NO_MORE):
        insert(OF, machinetoken_id=token.pk, division_id=scm.division.pk)
    insert(OF, machinetoken_id=token.pk, division_id=forno.division.pk)


@pytest.mark.parametrize("lasts", [timedelta(days=366, minutes=1), timedelta(days=5000)])
def test_a_token_ends_within_a_year(head_office: dict[str, Employee], lasts: timedelta) -> None:
    with refused("A token expires within 366 days"):
        insert_token(head_office["finance"], expires_at=NOW + lasts)


def test_a_token_ends_after_it_is_made(head_office: dict[str, Employee]) -> None:
    with refused("token_expires_after_it_is_made"):
        insert_token(head_office["finance"], expires_at=NOW)


@pytest.mark.parametrize("name", ["", " ", "\n\t"])
def test_a_token_has_a_name(head_office: dict[str, Employee], name: str) -> None:
    with refused("token_has_a_name"):
        insert_token(head_office["finance"], name=name)


def test_a_digest_and_a_request_are_there_once(
    token: MachineToken, head_office: dict[str, Employee]
) -> None:
    again = "UNIQUE|unique|token_made_once" if connection.vendor == "postgresql" else AS_MADE
    for column in ("digest", "request_id"):
        with refused(f"{again}|UNIQUE"):
            value = getattr(token, column)
            same = value.hex if column == "request_id" else value
            insert_token(head_office["finance"], **{column: same})


def test_what_was_exported_stays_in_the_log(head_office: dict[str, Employee]) -> None:
    run = pulled(head_office["finance"], outcome="running", rows=0, ended_at=None)
    for column, value in (("asked", '{"division": "x"}'), ("started_at", NOW), ("format", "xlsx")):
        with refused("stays in the log"):
            execute(f"UPDATE reports_exportrun SET {column} = %s", value)
    with refused("stays in the log"):
        execute("DELETE FROM reports_exportrun")
    run.rows, run.outcome, run.ended_at = 7, "whole", NOW
    run.save(update_fields=["rows", "outcome", "ended_at"])
    with refused("stays in the log"):
        execute("UPDATE reports_exportrun SET rows = 8")
