"""The teams of Southern Cross Mobile, how far their word goes, and what they can give."""

from config.demo.plan import FactPlan, ReasonPlan, RemedyPlan, TeamPlan, TierPlan

TEAMS = [
    TeamPlan("Sydney Billing", "Australia/Sydney", "SC-2010"),
    TeamPlan("Sydney Service", "Australia/Sydney", "SC-2020"),
    TeamPlan("Perth", "Australia/Perth", "SC-6010"),
]

TIERS = [
    TierPlan(
        "Rep",
        limit="150.00",
        budget="200.00",
        grace=25,
        over_budget=25,
        rationale=(
            "Two hundred a month is less than it costs us to win one new customer, and you keep "
            "several. When the month is used up you can still help: we read it afterwards."
        ),
        channels={"phone": 6, "chat": 3, "email": 1},
        cases_a_day=0.24,
    ),
    TierPlan(
        "Team lead",
        limit="500.00",
        budget="800.00",
        grace=25,
        over_budget=25,
        rationale=(
            "Five hundred settles a year of wrong bills in one call. If it takes more than that, "
            "the bill itself is broken, and that is for the people who write the bills."
        ),
        channels={"phone": 8, "email": 2},
        cases_a_day=0.3,
        amounts=3,
    ),
]

REASONS = [
    ReasonPlan("billing-dispute", "Billing dispute"),
    ReasonPlan("late-fee", "Late fee"),
    ReasonPlan(
        "slow-data",
        "Slow data",
        [FactPlan("plan", "plan", "choice", choices="Basic, Plus, Max")],
    ),
    ReasonPlan(
        "outage",
        "Outage",
        [FactPlan("hours_without_service", "hours without service", "number", "hours")],
    ),
    ReasonPlan("roaming", "Roaming", [FactPlan("gift_card", "paid with a gift card", "yes_no")]),
]

REMEDIES = [
    RemedyPlan(
        "bill-credit",
        "Bill credit",
        "For the trouble. It is on the next bill, where they will look for it.",
        "I've put that on your account. You'll see it on the next bill.",
        account="4-1810",
    ),
    RemedyPlan(
        "fee-waiver",
        "Fee waiver",
        "A fee is meant as a reminder. Once they called, it has done its work.",
        "I've taken the fee off. There is nothing more you need to do.",
        account="4-1820",
    ),
    RemedyPlan(
        "payment-extension",
        "More time to pay",
        "Most people who ask for time pay in time.",
        "Take the time you need. Nothing will be switched off meanwhile.",
        {
            "costing": "per_unit",
            "cost_per_unit": "0.40",
            "max_quantity": 30,
            "unit": "day",
            "unit_plural": "days",
        },
        account="6-2450",
    ),
    RemedyPlan(
        "extra-data",
        "Extra data",
        "It is worth far more to them than it costs us.",
        "I've added extra data, and it works from this moment.",
        {
            "costing": "per_unit",
            "cost_per_unit": "0.60",
            "face_value_per_unit": "4.00",
            "max_quantity": 50,
            "unit": "GB",
            "unit_plural": "GB",
        },
        account="5-1310",
    ),
    RemedyPlan(
        "plan-upgrade",
        "Bigger plan",
        "Half of those who try the bigger plan stay on it.",
        "You're on the bigger plan now, and it costs you nothing for that time.",
        {
            "costing": "per_unit",
            "cost_per_unit": "9.00",
            "face_value_per_unit": "20.00",
            "max_quantity": 6,
            "unit": "month",
            "unit_plural": "months",
        },
        account="5-1320",
    ),
    RemedyPlan(
        "something-else",
        "Something else",
        "No list knows every customer. Say what you give, and others learn from it.",
        "I have an idea. Let me do this for you.",
        {"needs_description": True},
    ),
]
