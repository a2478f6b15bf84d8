"""Story 10: a manager brings in the sheet they have always had, and it decides as it says."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine

from policies.models import Policy
from resolutions.models import Case, Customer
from tests.admin.desk import Desk, problems, said
from tests.api.client import Api
from tests.cast import Cast
from tests.putting_right import put_right, so_much

TODAY = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # one in the afternoon in Sydney

NO_CLAIM = (
    "days as a customer is at least 365; earlier resolutions of this customer in 90 days = none"
)
HEADINGS = (
    *("Title", "Effect", "Measure", "Value", "Per", "Window days", "Reason codes", "Remedies"),
    *("Tiers", "Conditions", "Rationale", "Customer wording", "Starts at"),
)
SHEET: list[tuple[Any, ...]] = [
    (
        "Billing: up to 180 at once", "grant", "amount", 180, None, None, "Billing dispute",
        "Bill credit", "Rep", None, "Who disputes a bill has waited long enough.",
        "I am taking that off your bill now.", date(2026, 1, 1),
    ),
    (
        "Roaming: four fifths back", "grant", "percent", 0.8, "order", None, "Roaming charges",
        "Bill credit", None, None, "The last fifth is what the network abroad costs us.",
        "I can take most of that off, right now.", None,
    ),
    (
        "Fourteen more days", "grant", "quantity", 14, None, None, None, "Payment extension",
        "Rep", None, "Two pay days fit into it.", "Take two weeks more.", None,
    ),
    (
        "Never more than fourteen days", "restrict", "quantity", 14, None, None, None,
        "Payment extension", "Rep", None, "Beyond it someone looks at the whole account.",
        "Two weeks is what I can do right now.", None,
    ),
    (
        "Late fee: first time only", "restrict", "times", 1, "customer", None, "Late fee",
        "Fee waiver", None, None, "A fee that never comes reminds nobody.",
        "We have taken it off once. Let us move your due date.", None,
    ),
    (
        "Slow data: 190 for those who never complain", "grant", "amount", 190, None, None,
        "Slow data", "Bill credit", None,
        NO_CLAIM,
        "Someone who has been here for a year and is silent is telling the truth.",
        "I am taking all of it off.", None,
    ),
    (
        "Slow data: 4 GB", "restrict", "quantity", 4, None, None, "Slow data", "Extra data", None,
        "days as a customer is less than 365", "A little for a little.", "I am adding 4 GB.", None,
    ),
    (
        "No upgrades on the phone", "forbid", None, None, None, None, None, "Plan upgrade", None,
        None, "An upgrade hides the fault for a month, and then it is back.",
        "Let us first find out what is wrong with it.", None,
    ),
]  # fmt: skip


def xlsx(rows: list[tuple[Any, ...]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADINGS, *rows):
        sheet.append(row)
    sheet["D3"].number_format = "0%"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def limits(agent: Api, reason: str, **told: Any) -> dict[str, tuple[str, str, str]]:
    """What the agent is told for each remedy: verdict, limit, and the rule that binds."""
    body = {"reason_code": reason, "channel": "phone", "facts": {}, **told}
    answer = agent.post("authority/", body, key=None)
    assert answer.status_code == 200, answer.content
    return {
        option["remedy"]: (option["verdict"], option["limit"], option["binding"]["title"])
        for option in answer.json()["remedies"]
    }


@pytest.fixture
def regulars(scm: Cast) -> None:
    """One who has been with us for a year to the day, one for a day less."""
    for reference, days in (("A-YEAR", 365), ("A-DAY-LESS", 364)):
        Customer.objects.create(
            division=scm.division,
            reference=reference,
            customer_since=date(2026, 11, 21) - timedelta(days=days),
        )


@time_machine.travel(TODAY, tick=False)
def test_the_matrix_they_already_have(scm: Cast, regulars: None) -> None:
    desk, rep = Desk(scm.manager), Api(scm.agent)

    # The sheet as it is: one cell says something that no rule can mean.
    answer = desk.look_at(Policy, xlsx(SHEET), standing="published")
    [(line, column, words)] = problems(answer)
    assert (line, column) == (7, "conditions")
    assert words == (
        "“earlier resolutions of this customer in 90 days = none”: "
        "Earlier resolutions of this customer: write a number, such as 30."
    )
    assert not Policy.objects.exists()

    # Put right and chosen again: every row with what it will say.
    put_it_right = [tuple(_without_none(cell) for cell in row) for row in SHEET]
    answer = desk.look_at(Policy, xlsx(put_it_right), standing="published")
    page = answer.content.decode()
    assert "8 new, 0 changed, 0 as they are." in page
    assert "Any Rep may give Bill credit, up to A$180.00 per case, after Billing dispute" in page
    assert "Note: Its start is past: it holds from the moment it is published." in page
    assert not Policy.objects.exists()

    assert said(desk.confirm(Policy, answer)) == ["8 new, 0 changed, 0 as they were."]
    assert Policy.objects.in_force(TODAY).count() == 8

    # Amounts, percentages of the order, days of extension, and what nobody may give.
    billing = limits(rep, "billing-dispute", customer="B-1", order_reference="INV-1")
    assert billing["bill-credit"] == ("within", "180.00", "Billing: up to 180 at once")
    assert billing["payment-extension"] == ("within", "14", "Never more than fourteen days")
    assert billing["plan-upgrade"] == ("outside", "0", "No upgrades on the phone")
    roaming = limits(rep, "roaming", order_value="230.00", order_reference="INV-2", customer="B-1")
    assert roaming["bill-credit"] == ("within", "184.00", "Roaming: four fifths back")

    # First time only.
    fee = {"customer": "LATE-1", "order_reference": "INV-3"}
    assert limits(rep, "late-fee", **fee)["fee-waiver"][0] == "within"
    put_right(
        scm.agent, so_much("fee-waiver", "15.00"), reason_code="late-fee", customer="LATE-1",
        at=TODAY - timedelta(days=900),
    )  # fmt: skip
    assert limits(rep, "late-fee", **fee)["fee-waiver"] == (
        "outside",
        "0.00",
        "Late fee: first time only",
    )

    # Only for customers who have been with us for a year, and had no claim in ninety days.
    loyal = ("within", "190.00", "Slow data: 190 for those who never complain")
    year = limits(rep, "slow-data", customer="A-YEAR")
    assert year["bill-credit"] == loyal
    less = limits(rep, "slow-data", customer="A-DAY-LESS")
    assert less["bill-credit"][:2] == ("within", "150.00"), "the tier's own"
    assert less["extra-data"] == ("within", "4", "Slow data: 4 GB")
    put_right(
        scm.agent, so_much("bill-credit", "1.00"), reason_code="outage", customer="A-YEAR",
        at=TODAY - timedelta(days=89),
    )  # fmt: skip
    year = limits(rep, "slow-data", customer="A-YEAR")
    assert year["bill-credit"][:2] == ("within", "150.00"), "a claim 89 days ago"
    with time_machine.travel(TODAY + timedelta(days=2)):
        year = limits(Api(scm.agent), "slow-data", customer="A-YEAR")
        assert year["bill-credit"] == loyal, "91 days ago"
    assert Case.objects.count() == 2


def _without_none(cell: Any) -> Any:
    return cell.replace("= none", "= 0") if isinstance(cell, str) else cell
