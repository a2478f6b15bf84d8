"""Forno, a pizza chain in New York."""

from config.demo.forno.company import (
    PEOPLE,
    REASONS,
    REMEDIES,
    TEAMS,
    TIERS,
)
from config.demo.forno.days import DAYS
from config.demo.forno.rules import RULES
from config.demo.plan import DivisionPlan

FORNO = DivisionPlan(
    code="forno",
    name="Forno",
    currency="USD",
    case_prefix="F",
    approval_minutes=9,
    approval_hourly_cost="40.00",
    return_cost="0",
    budget_account="2190",
    teams=TEAMS,
    tiers=TIERS,
    people=PEOPLE,
    reasons=REASONS,
    remedies=REMEDIES,
    rules=RULES,
    days=DAYS,
)
