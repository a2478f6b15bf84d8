"""Six companies with published schemes of authority: what a matrix file finds when it comes.

Tiers have limits that the schemes go beyond, and grace, so that a scheme is not right by chance.
"""

from decimal import Decimal
from typing import Any

from tests.companies import Company


def house(
    name: str,
    tiers: dict[str, int],
    reasons: dict[str, str],
    remedies: dict[str, dict[str, Any]],
    *facts: dict[str, Any],
) -> Company:
    """A company in USD with one person of each tier, who is called as the tier is."""
    return Company(
        name.lower(),
        name,
        "USD",
        name[0],
        approval_minutes=10,
        approval_hourly_cost=Decimal(9),
        return_cost=Decimal(0),
        teams={"Everyone": "America/New_York"},
        tiers={tier: (5000, limit, 20, 0) for tier, limit in tiers.items()},
        people={
            **{tier.lower(): ("agent", "Everyone", tier) for tier in tiers},
            "manager": ("manager", "Everyone", None),
        },
        reasons=reasons,
        remedies=remedies,
        facts=list(facts),
    )


def by_unit(name: str, cost: str, worth: str, most: int, one: str) -> dict[str, Any]:
    """A remedy given by quantity."""
    return {
        "name": name,
        "costing": "per_unit",
        "cost_per_unit": Decimal(cost),
        "face_value_per_unit": Decimal(worth),
        "max_quantity": most,
        "unit": one,
        "unit_plural": f"{one}s",
    }


REFUND = {"refund": {"name": "Refund"}}
BILLING = {"billing": "Billing"}

HOUSES: dict[str, Company] = {
    "a_refunds_by_level": house(
        "Ledger", {"Rep": 50, "Lead": 200, "Director": 1000}, BILLING, REFUND
    ),
    "b_any_employee": house(
        "Hotel",
        {"Bellhop": 20, "Concierge": 150},
        {"stay": "Something about the stay"},
        {**REFUND, "night": by_unit("A free night", "120", "400", 10, "night")},
    ),
    "c_miles_by_status": house(
        "Airline",
        {"Agent": 20},
        {"delay": "Delayed"},
        {"miles": by_unit("Miles", "0.01", "0.02", 50_000, "mile")},
    ),
    "d_online_shop": house(
        "Shop",
        {"Agent": 30},
        {
            "damaged": "Damaged on arrival",
            "changed-mind": "Changed their mind",
            "not-delivered": "Not delivered",
        },
        {
            **REFUND,
            "replacement": by_unit("A new one", "60", "100", 3, "item"),
            "store-credit": {"name": "Store credit"},
        },
        {"code": "changed-mind", "key": "shipped", "label": "shipped", "kind": "yes_no"},
    ),
    "e_late_fees": house(
        "Lender",
        {"Agent": 10, "Lead": 25},
        {"late-fee": "Late fee"},
        {
            "fee-waiver": {"name": "Fee waiver"},
            "payment-extension": by_unit("Payment extension", "0.40", "0", 120, "day"),
        },
    ),
    "f_regulated_advice": house(
        "Bank",
        {"Clerk": 100, "Director": 100_000},
        {"lost-money": "Lost money"},
        {"advice": by_unit("Advice", "80", "150", 5, "hour"), "refund": {"name": "Refund"}},
    ),
}
