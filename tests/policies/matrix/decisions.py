"""What must come out of six published schemes of authority, case by case.

Each row: who, what, how much, what is known; then the verdict, the limit, and what binds.
"""

from decimal import Decimal
from typing import Any

from policies.decision import Verdict

WITHIN, OUTSIDE = Verdict.WITHIN, Verdict.OUTSIDE
Row = tuple[str, str, str, dict[str, Any], Verdict, str, str]

FLIGHT = {"order_reference": "LH 401", "customer_known": True}
ORDER: dict[str, Any] = {"order_reference": "A-1", "order_value": Decimal(250)}
LOST: dict[str, Any] = {
    "reason": "not-delivered",
    "customer_known": True,
    "lifetime_value": Decimal("500.01"),
    "days_ago": 15,
}
SHIPPED: dict[str, Any] = {**ORDER, "reason": "changed-mind", "facts": {"shipped": True}}
REGULAR = {"customer_known": True}


def segment(status: str) -> dict[str, Any]:
    return {**FLIGHT, "customer_segment": status}


def waived(times: int) -> dict[str, Any]:
    """Someone whose fee was waived so many times, long ago."""
    return {**REGULAR, "given": [("fee-waiver", "45", {"days": 700})] * times}


DECISIONS: dict[str, list[Row]] = {
    "a_refunds_by_level": [
        ("Rep", "refund", "499.99", {}, WITHIN, "499.99", "Refunds under 500"),
        ("Rep", "refund", "500", {}, OUTSIDE, "499.99", "Refunds under 500"),
        ("Lead", "refund", "500", {}, WITHIN, "1999.99", "Refunds from 500 to under 2,000"),
        ("Lead", "refund", "1999.99", {}, WITHIN, "1999.99", "Refunds from 500 to under 2,000"),
        ("Lead", "refund", "2000", {}, OUTSIDE, "1999.99", "Refunds from 500 to under 2,000"),
        ("Director", "refund", "2000", {}, WITHIN, "1000000", "Refunds from 2,000"),
        ("Director", "refund", "25000", {}, WITHIN, "1000000", "Refunds from 2,000"),
        # In two steps it comes to no more than in one.
        ("Rep", "refund", "100", {"given": [("refund", "400", {"now": True})]},
         OUTSIDE, "99.99", "Refunds under 500"),
    ],
    "b_any_employee": [
        *(
            (who, "refund", much, {}, verdict, "2000", "Never more than 2,000 for one incident")
            for who in ("Bellhop", "Concierge")
            for much, verdict in (("2000", WITHIN), ("2000.01", OUTSIDE))
        ),
        ("Bellhop", "night", "5", {}, WITHIN, "5", "Never more than 2,000 for one incident"),
        ("Bellhop", "night", "6", {}, OUTSIDE, "5", "Never more than 2,000 for one incident"),
        # For one incident all of it counts together; another one, or another guest, begins anew.
        ("Bellhop", "refund", "500.01", {"given": [("refund", "1500", {"now": True})]},
         OUTSIDE, "500", "Never more than 2,000 for one incident"),
        ("Bellhop", "refund", "801", {"given": [("night", "3", {"now": True})]},
         OUTSIDE, "800", "Never more than 2,000 for one incident"),
        ("Bellhop", "refund", "2000", {**REGULAR, "given": [("refund", "2000", {"days": 1})]},
         WITHIN, "2000", "Never more than 2,000 for one incident"),
    ],
    "c_miles_by_status": [
        ("Agent", "miles", "5000", segment("member"), WITHIN, "5000",
         "Member: at most 5,000 a flight"),
        ("Agent", "miles", "5001", segment("member"), OUTSIDE, "5000",
         "Member: at most 5,000 a flight"),
        ("Agent", "miles", "10000", segment("silver"), WITHIN, "10000",
         "Silver: at most 10,000 a flight"),
        ("Agent", "miles", "10001", segment("silver"), OUTSIDE, "10000",
         "Silver: at most 10,000 a flight"),
        ("Agent", "miles", "15000", segment("gold"), WITHIN, "15000",
         "Gold: at most 15,000 a flight"),
        ("Agent", "miles", "15001", segment("gold"), OUTSIDE, "15000",
         "Gold: at most 15,000 a flight"),
        # Once per flight, though less than 15,000 was given; another flight begins anew.
        ("Agent", "miles", "1", {**segment("gold"), "given": [("miles", "5000", {"order": True})]},
         OUTSIDE, "0", "Once per flight"),
        ("Agent", "miles", "15000", {**segment("gold"), "given": [("miles", "15000", {"days": 2})]},
         WITHIN, "15000", "Gold: at most 15,000 a flight"),
        # Before the flight is told, nobody can say whether it was made up for.
        ("Agent", "miles", "1", {**segment("gold"), "order_reference": ""},
         OUTSIDE, "0", "Gold: at most 15,000 a flight"),
    ],
    "d_online_shop": [
        ("Agent", "refund", "250", {**ORDER, "reason": "damaged"},
         WITHIN, "250", "Damaged: the money back"),
        ("Agent", "replacement", "1", {**ORDER, "reason": "damaged"},
         WITHIN, "1", "Damaged: a new one, too"),
        # Both: the one does not use up the other.
        ("Agent", "replacement", "1",
         {**ORDER, "reason": "damaged", "given": [("refund", "250", {"now": True})]},
         WITHIN, "1", "Damaged: a new one, too"),
        # No debate: not with someone who had three of them, either.
        ("Agent", "refund", "250",
         {**ORDER, **REGULAR, "reason": "damaged", "given": [("refund", "90", {"days": 9})] * 3},
         WITHIN, "250", "Damaged: the money back"),
        ("Agent", "refund", "1", SHIPPED,
         OUTSIDE, "0", "Changed their mind after shipping: no refund"),
        ("Agent", "store-credit", "200", SHIPPED,
         WITHIN, "200", "Changed their mind: not more than 80 %"),
        ("Agent", "store-credit", "200.01", SHIPPED,
         OUTSIDE, "200", "Changed their mind: not more than 80 %"),
        ("Agent", "refund", "30", {**SHIPPED, "facts": {"shipped": False}}, WITHIN, "30", "tier"),
        ("Agent", "refund", "500", LOST,
         WITHIN, "500", "Not delivered: up to 500 for good customers"),
        ("Agent", "refund", "500.01", LOST,
         OUTSIDE, "500", "Not delivered: up to 500 for good customers"),
        ("Agent", "refund", "37", {**LOST, "days_ago": 14}, OUTSIDE, "30", "tier"),
        ("Agent", "refund", "37", {**LOST, "lifetime_value": Decimal(500)}, OUTSIDE, "30", "tier"),
        ("Agent", "refund", "37", {**LOST, "lifetime_value": None}, OUTSIDE, "30", "tier"),
        ("Agent", "refund", "37", {**LOST, "given": [("refund", "5", {"days": 89})]},
         OUTSIDE, "30", "tier"),
        ("Agent", "refund", "500", {**LOST, "given": [("refund", "5", {"days": 91})]},
         WITHIN, "500", "Not delivered: up to 500 for good customers"),
        # Store credit was no refund.
        ("Agent", "refund", "500", {**LOST, "given": [("store-credit", "5", {"days": 3})]},
         WITHIN, "500", "Not delivered: up to 500 for good customers"),
    ],
    "e_late_fees": [
        ("Agent", "fee-waiver", "45", waived(0), WITHIN, "45", "First late fee: waived"),
        ("Agent", "fee-waiver", "45", waived(1), OUTSIDE, "0", "A second one: not by an agent"),
        ("Lead", "fee-waiver", "45", waived(1), WITHIN, "45", "A second one: by a lead"),
        ("Lead", "fee-waiver", "45", waived(2), OUTSIDE, "0", "No third one"),
        ("Agent", "payment-extension", "30", waived(3),
         WITHIN, "30", "Agents: at most thirty days"),
        ("Agent", "payment-extension", "31", {}, OUTSIDE, "30", "Agents: at most thirty days"),
        ("Lead", "payment-extension", "90", {}, WITHIN, "90", "Ninety more days"),
        ("Lead", "payment-extension", "91", {}, OUTSIDE, "90", "Ninety more days"),
    ],
    "f_regulated_advice": [
        ("Clerk", "advice", "1", {}, OUTSIDE, "0", "No advice on investments, by anyone"),
        ("Director", "advice", "1", {}, OUTSIDE, "0", "No advice on investments, by anyone"),
        ("Clerk", "refund", "100", {}, WITHIN, "100", "tier"),
    ],
}  # fmt: skip
