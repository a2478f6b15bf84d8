"""The three companies of the stories, as plain tables: `tests/cast.py` brings them to life.

Amounts are in each company's currency: USD, GBP and AUD.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

WHY = "So that it is put right on the spot."
WORDS = "I am sorry. Here is what I can do for you right now."


@dataclass(frozen=True)
class Company:
    """A company: its teams, tiers, people, reason codes and remedies, each by name or code."""

    code: str
    name: str
    currency: str
    case_prefix: str
    approval_minutes: int
    approval_hourly_cost: Decimal
    return_cost: Decimal
    teams: dict[str, str]  # name -> time zone
    tiers: dict[str, tuple[int, int, int, int]]  # month, limit, grace %, over budget %
    people: dict[str, tuple[str, str, str | None]]  # username -> role, team, tier
    reasons: dict[str, str]  # code -> name
    remedies: dict[str, dict[str, Any]]  # code -> the columns that differ
    facts: list[dict[str, Any]] = field(default_factory=list)


def _per_unit(
    cost: str, face: str | None, most: int, one: str, several: str, **more: Any
) -> dict[str, Any]:
    return {
        "costing": "per_unit",
        "cost_per_unit": Decimal(cost),
        "face_value_per_unit": None if face is None else Decimal(face),
        "max_quantity": most,
        "unit": one,
        "unit_plural": several,
        **more,
    }


FORNO = Company(
    "forno",
    "Forno",
    "USD",
    "F",
    approval_minutes=10,
    approval_hourly_cost=Decimal("42.00"),
    return_cost=Decimal(0),
    teams={"Brooklyn": "America/New_York", "Queens": "America/New_York"},
    tiers={"Driver": (120, 25, 0, 0), "Shift lead": (400, 80, 0, 0)},
    people={
        "forno.driver1": ("agent", "Brooklyn", "Driver"),
        "forno.driver2": ("agent", "Brooklyn", "Driver"),
        "forno.driver3": ("agent", "Queens", "Driver"),
        "forno.lead1": ("team_lead", "Brooklyn", "Shift lead"),
        "forno.manager": ("manager", "Brooklyn", None),
    },
    reasons={
        "late": "Late",
        "wrong-order": "Wrong order",
        "cold": "Cold food",
        "missing-item": "Missing item",
    },
    facts=[
        {"code": "late", "key": "minutes_late", "label": "minutes late", "kind": "number"},
    ],
    remedies={
        "free-pizza": _per_unit("5.00", "15.00", 2, "pizza", "pizzas", name="Free pizza"),
        "reorder": _per_unit("4.00", None, 1, "reorder", "reorders", name="Expedited reorder"),
        "money-off": {"name": "Money off the bill"},
        "voucher": {"name": "Voucher", "costing": "share", "cost_share_percent": 60},
    },
)

ORCHARD = Company(
    "orchard",
    "Orchard",
    "GBP",
    "O",
    approval_minutes=12,
    approval_hourly_cost=Decimal("42.00"),
    return_cost=Decimal("11.00"),
    teams={"Drivers": "Europe/London", "Care": "Europe/London"},
    tiers={"Driver": (100, 20, 0, 0), "Care agent": (250, 60, 20, 10)},
    people={
        "orchard.driver1": ("agent", "Drivers", "Driver"),
        "orchard.driver2": ("agent", "Drivers", "Driver"),
        "orchard.care1": ("team_lead", "Care", "Care agent"),
        "orchard.manager": ("manager", "Care", None),
    },
    reasons={
        "substituted": "Substituted item",
        "damaged": "Damaged on arrival",
        "missing-item": "Missing item",
        "late": "Late",
    },
    facts=[
        {"code": "damaged", "key": "seal_broken", "label": "seal broken", "kind": "yes_no"},
    ],
    remedies={
        "money-off": {"name": "Money off the bill"},
        "keep-item": _per_unit("0", "0", 5, "item", "items", name="Keep the item"),
        "voucher": {"name": "Voucher", "costing": "share", "cost_share_percent": 70},
        "redeliver": _per_unit("6.50", None, 1, "delivery", "deliveries", name="Deliver again"),
    },
)

SCM = Company(
    "scm",
    "Southern Cross Mobile",
    "AUD",
    "S",
    approval_minutes=15,
    approval_hourly_cost=Decimal("56.00"),
    return_cost=Decimal(0),
    teams={"Sydney": "Australia/Sydney", "Perth": "Australia/Perth"},
    tiers={"Rep": (200, 150, 20, 25), "Team lead": (800, 500, 10, 25)},
    people={
        "scm.rep1": ("agent", "Sydney", "Rep"),
        "scm.rep2": ("agent", "Sydney", "Rep"),
        "scm.rep3": ("agent", "Perth", "Rep"),
        "scm.lead1": ("team_lead", "Sydney", "Team lead"),
        "scm.manager": ("manager", "Sydney", None),
    },
    reasons={
        "billing-dispute": "Billing dispute",
        "late-fee": "Late fee",
        "slow-data": "Slow data",
        "outage": "Outage",
        "roaming": "Roaming charges",
    },
    facts=[
        {
            "code": "slow-data",
            "key": "plan",
            "label": "plan",
            "kind": "choice",
            "choices": "basic, plus, max",
        },
    ],
    remedies={
        "bill-credit": {"name": "Bill credit"},
        "fee-waiver": {"name": "Fee waiver"},
        "payment-extension": _per_unit("0.40", "0", 30, "day", "days", name="Payment extension"),
        "extra-data": _per_unit("0.50", "2.00", 50, "GB", "GB", name="Extra data"),
        "plan-upgrade": _per_unit("8.00", "20.00", 3, "month", "months", name="Plan upgrade"),
        "something-else": {"name": "Something else", "needs_description": True},
    },
)
