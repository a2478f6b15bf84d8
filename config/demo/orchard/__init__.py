"""Orchard, an online grocer in London."""

from config.demo.orchard.company import (
    PEOPLE,
    REASONS,
    REMEDIES,
    TEAMS,
    TIERS,
)
from config.demo.orchard.days import DAYS
from config.demo.orchard.rules import RULES
from config.demo.plan import DivisionPlan

ORCHARD = DivisionPlan(
    code="orchard",
    name="Orchard",
    currency="GBP",
    case_prefix="O",
    approval_minutes=12,
    approval_hourly_cost="42.00",
    return_cost="11.00",
    budget_account="22900",
    teams=TEAMS,
    tiers=TIERS,
    people=PEOPLE,
    reasons=REASONS,
    remedies=REMEDIES,
    rules=RULES,
    days=DAYS,
)
