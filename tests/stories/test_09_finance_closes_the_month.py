"""Story 9: everything that costs money leaves the program exactly once, and adds up.

Over a real connection, with nothing but the standard library, as finance's own programs do it.
"""

import base64
import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
import time_machine
from pytest_django.live_server_helper import LiveServer

from employees.models import Employee
from tests.cast import PASSWORD, Cast, bring_in
from tests.closing import finance_of, with_codes
from tests.companies import FORNO

pytestmark = pytest.mark.django_db(transaction=True)


class Program:
    """A program of someone's, with a token."""

    def __init__(self, server: str, username: str) -> None:
        self.api = f"{server}/api/v1/"
        self.username = username
        pair = base64.b64encode(f"{username}:{PASSWORD}".encode()).decode()
        self.authorization = f"Basic {pair}"
        self.authorization = f"Bearer {self.post('tokens/')['token']}"

    def get(self, path: str) -> Any:
        return json.loads(self.file(path))

    def file(self, path: str) -> bytes:
        return self._call("GET", path)[1]

    def post(self, path: str, body: Any = None, *, status: int = 201) -> Any:
        answered, content = self._call("POST", path, body)
        assert answered == status, content
        return json.loads(content)

    def _call(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        headers = {"Authorization": self.authorization, "Idempotency-Key": str(uuid4())}
        data = None if body is None else json.dumps(body).encode()
        if data:
            headers["Content-Type"] = "application/json"
        request = Request(self.api + path, data, headers, method=method)
        try:
            with urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except HTTPError as answer:
            return answer.code, answer.read()


@contextmanager
def on(day: int, month: int) -> Iterator[None]:
    """Noon in New York, on a day of 2026."""
    with time_machine.travel(datetime(2026, month, day, 17, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def forno() -> Cast:
    """Forno, with accounts and cost centres, and its finance."""
    company = with_codes(bring_in(FORNO))
    finance = finance_of(company)
    finance.set_password(PASSWORD)
    finance.save(update_fields=["password"])
    return company


def give(server: str, person: Employee, *gives: dict[str, Any]) -> dict[str, Any]:
    """Someone puts a case right, with these remedies. Returns the receipt."""
    body = {"reason_code": "late", "channel": "phone", "gives": list(gives)}
    told: dict[str, Any] = Program(server, person.username).post("cases/", body)
    return told


def off(amount: str) -> dict[str, Any]:
    return {"remedy": "money-off", "amount": amount}


def pizza() -> dict[str, Any]:
    return {"remedy": "free-pizza", "quantity": 1}


def sides(journal: bytes) -> tuple[Decimal, Decimal]:
    """What a journal debits and credits."""
    rows = list(csv.DictReader(io.StringIO(journal.decode(), newline="")))
    debit, credit = (
        sum((Decimal(row[side]) for row in rows if row[side]), Decimal(0))
        for side in ("debit", "credit")
    )
    return debit, credit


def of_the_ledger(finance: Program) -> Decimal:
    """What all entries that cost money come to, read one by one."""
    total = Decimal(0)
    for budget in finance.get("budgets/")["results"]:
        for entry in finance.get(f"budgets/{budget['id']}/entries/")["results"]:
            if entry["kind"] in ("spend", "lent", "give-back"):
                total -= Decimal(entry["amount"])
    return total


def test_finance_closes_the_month(live_server: LiveServer, forno: Cast) -> None:
    server = live_server.url
    driver, other = forno.agent, forno.people["forno.driver3"]
    with on(2, 10):
        lost = give(server, driver, pizza(), off("4.25"))
        give(server, other, off("20.00"))
    with on(30, 10):
        give(server, driver, off("0.75"))
        finance = Program(server, "forno.finance")
        early = finance.post("closes/", {"division": "forno", "month": "2026-10"}, status=409)
        assert early["code"] == "month-still-runs"
        assert "close it from 1 November 2026 on, 00:00 in America/New_York" in early["detail"]

    with on(3, 11):
        finance = Program(server, "forno.finance")
        seen = finance.get("closes/next/forno/")
        october = finance.post("closes/", {"division": "forno", "month": "2026-10"})
        assert (
            (seen["month"], seen["spent"])
            == ("2026-10", october["spent"])
            == (
                "2026-10",
                "30.00",
            )
        )
        assert [
            (line["account"], line["cost_centre"], line["remedy"], line["amount"])
            for line in october["lines"]
        ] == [
            ("6110", "F-110", "money-off", "5.00"),
            ("6110", "F-120", "money-off", "20.00"),
            ("6130", "F-110", "free-pizza", "5.00"),
        ]
        journal = finance.file(f"closes/{october['id']}/journal/")
        assert sha256(journal).hexdigest() == october["checksum"]
        assert sides(journal) == (Decimal("30.00"), Decimal("30.00"))

        again = finance.post("closes/", {"division": "forno", "month": "2026-10"}, status=409)
        assert again["code"] == "month-closed-already"
        assert "by forno.finance on 3 November 2026" in again["detail"]

    with on(10, 11):
        give(server, other, off("3.00"))
        case, (resolution, _) = lost["id"], lost["resolutions"]
        Program(server, driver.username).post(
            f"cases/{case}/resolutions/{resolution['id']}/give-back/",
            {"reason": "The courier lost it."},
            status=200,
        )

    with on(2, 12):
        finance = Program(server, "forno.finance")
        november = finance.post("closes/", {"division": "forno", "month": "2026-11"})
        assert (november["spent"], november["given_back"]) == ("3.00", "5.00")
        (back,) = (line for line in november["lines"] if line["kind"] == "given-back")
        assert (back["remedy"], back["amount"]) == ("free-pizza", "5.00")
        assert back["original_month"] == "2026-10"
        original = finance.get(f"budgets/{_first_month(finance)}/entries/?kind=spend")["results"]
        assert back["original_entry"] in [entry["id"] for entry in original]
        later = finance.file(f"closes/{november['id']}/journal/")
        assert sides(later) == (Decimal("8.00"), Decimal("8.00"))
        assert finance.file(f"closes/{october['id']}/journal/") == journal

        closes = finance.get("closes/")["results"]
        net = sum(Decimal(c["spent"]) - Decimal(c["given_back"]) for c in closes)
        assert net == of_the_ledger(finance) == Decimal("28.00")
        assert sum(close["entries"] for close in closes) == 6


def _first_month(finance: Program) -> int:
    """The month of the driver that the pizza came out of."""
    (budget,) = finance.get("budgets/?employee=forno.driver1&month=2026-10")["results"]
    return int(budget["id"])
