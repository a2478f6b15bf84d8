"""Southern Cross Mobile, a phone operator in Sydney and Perth."""

from config.demo.plan import DivisionPlan
from config.demo.southern_cross.company import (
    REASONS,
    REMEDIES,
    TEAMS,
    TIERS,
)
from config.demo.southern_cross.days import DAYS
from config.demo.southern_cross.people import PEOPLE
from config.demo.southern_cross.rules import RULES

SOUTHERN_CROSS = DivisionPlan(
    code="scm",
    name="Southern Cross Mobile",
    currency="AUD",
    case_prefix="S",
    approval_minutes=14,
    approval_hourly_cost="54.00",
    return_cost="0",
    budget_account="2-1450",
    teams=TEAMS,
    tiers=TIERS,
    people=PEOPLE,
    reasons=REASONS,
    remedies=REMEDIES,
    rules=RULES,
    days=DAYS,
)
