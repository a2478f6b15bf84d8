"""Two companies in which something of everything has happened, for tests of whole exports."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from employees.models import Employee, Team
from resolutions.conclude import close_without_remedy, hand_over
from resolutions.models import AuthorityGap, Case
from tests.cast import Cast
from tests.gaps import answered, refuse
from tests.giving_back import gave_back
from tests.incidents import storm
from tests.putting_right import KIM_LEE, NOW, put_right, so_many, so_much

OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)
# In Sydney and Perth it is November already; in New York and in UTC it is October still.
LATE_IN_OCTOBER = datetime(2026, 10, 31, 20, tzinfo=UTC)
# In Sydney it is November, in Perth October: it lies three hours behind.
MIDNIGHT_IN_SYDNEY = datetime(2026, 10, 31, 14, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What happened: receipts and gaps by a word each."""

    forno: Cast
    scm: Cast
    receipts: dict[str, dict[str, Any]]
    gaps: dict[str, AuthorityGap]

    def given(self, *names: str) -> list[int]:
        """The numbers of the resolutions of these receipts, in order."""
        rows = (row["id"] for name in names for row in self.receipts[name]["resolutions"])
        return sorted(rows)

    def cases(self, *names: str) -> list[int]:
        """The numbers of the cases of these receipts, in order."""
        return sorted(self.receipts[name]["id"] for name in names)


def everything(forno: Cast, scm: Cast) -> World:
    """Have something of everything happen in both companies."""
    for company, name, centre in (
        (forno, "Brooklyn", "4711"),
        (forno, "Queens", "4712"),
        (scm, "Sydney", "SYD"),
    ):
        Team.objects.filter(pk=company.teams[name].pk).update(cost_centre=centre)
    receipts = _given(forno, scm)
    gave_back(forno.agent, receipts["two"], 1)
    for act, name in ((_close, "closed"), (_hand_over, "handed over")):
        act(Case.objects.get(pk=receipts[name]["id"]), forno.agent)
    gaps = {
        "queens": refuse(
            forno.people["forno.driver3"], so_much("money-off", "40.00"), customer="555-0142"
        ),
        "answered": refuse(forno.agent, so_much("voucher", "90.00"), at=OCTOBER, channel="chat"),
        "sydney": refuse(scm.agent, so_much("bill-credit", "900.00"), reason_code="late-fee"),
    }
    answered(forno, gaps["answered"])
    return World(forno, scm, receipts, gaps)


def _given(forno: Cast, scm: Cast) -> dict[str, dict[str, Any]]:
    queens, perth = forno.people["forno.driver3"], scm.people["scm.rep3"]
    forno.rule(
        "Cold food is free", effect="grant", value="50.00", reasons=["cold"], entitlement=True
    )
    storm(scm)
    credit = so_much("bill-credit", "10.00")
    late_fee: dict[str, Any] = {"reason_code": "late-fee"}
    return {
        "two": put_right(
            forno.agent,
            so_much("money-off", "5.00"),
            so_many("free-pizza", 2),
            customer=KIM_LEE,
            order_value="30.00",
            order_reference="ORD-1",
        ),
        "october": put_right(
            forno.lead,
            so_much("voucher", "20.00"),
            reason_code="wrong-order",
            channel="phone",
            at=OCTOBER,
        ),
        "queens": put_right(queens, so_many("reorder"), at=LATE_IN_OCTOBER, order_value="12.50"),
        "owed": put_right(
            forno.agent, so_much("money-off", "18.00"), reason_code="cold", order_value="18.00"
        ),
        "closed": put_right(forno.agent, customer="555-0143"),
        "handed over": put_right(forno.agent, reason_code="missing-item"),
        "sydney": put_right(scm.agent, credit, at=MIDNIGHT_IN_SYDNEY, **late_fee),
        "perth": put_right(perth, credit, at=MIDNIGHT_IN_SYDNEY, **late_fee),
        "storm": put_right(scm.agent, so_much("bill-credit", "25.00"), reason_code="outage"),
    }


def _close(case: Case, by: Employee) -> None:
    close_without_remedy(
        case, said="It was on time.", acting_employee=by, request_id=uuid4(), at=NOW
    )


def _hand_over(case: Case, by: Employee) -> None:
    hand_over(
        case, to="The shop", reason="In writing.", acting_employee=by, request_id=uuid4(), at=NOW
    )
