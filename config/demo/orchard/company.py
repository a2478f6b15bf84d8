"""Who works at Orchard, how far their word goes, and what they can give."""

from config.demo.plan import (
    FactPlan,
    PersonPlan,
    ReasonPlan,
    RemedyPlan,
    TeamPlan,
    TierPlan,
)

TEAMS = [
    TeamPlan("Drivers North", "Europe/London", "OR-41"),
    TeamPlan("Drivers South", "Europe/London", "OR-42"),
    TeamPlan("Customer care", "Europe/London", "OR-70"),
]

TIERS = [
    TierPlan(
        "Driver",
        limit="20.00",
        budget="100.00",
        grace=0,
        over_budget=0,
        rationale=(
            "Nine in ten things that go wrong at a door are worth less than twenty pounds, and "
            "asking costs us 8.40 before anyone has answered."
        ),
        channels={"doorstep": 1},
        cases_a_day=0.26,
    ),
    TierPlan(
        "Care agent",
        limit="60.00",
        budget="250.00",
        grace=20,
        over_budget=10,
        rationale=(
            "You get the whole shop that never came, not the one broken jar. Sixty pounds is an "
            "average basket: you can make one good without asking anyone."
        ),
        channels={"phone": 5, "chat": 4, "email": 2},
        cases_a_day=0.5,
        amounts=2,
    ),
]


def _driver(number: int, first: str, last: str, team: str) -> PersonPlan:
    return PersonPlan(
        f"orchard.driver{number}", first, last, "Delivery driver", team=team, tier="Driver"
    )


def _care(number: int, first: str, last: str, reference: str = "") -> PersonPlan:
    return PersonPlan(
        f"orchard.care{number}",
        first,
        last,
        "Customer care agent",
        team="Customer care",
        tier="Care agent",
        customer_reference=reference,
    )


PEOPLE = [
    _driver(1, "Oluwaseun", "Adeyemi", "Drivers North"),
    _driver(2, "Hannah", "Whitcombe", "Drivers North"),
    _driver(3, "Gurpreet", "Dhillon", "Drivers North"),
    _driver(4, "Zofia", "Wiśniewska", "Drivers North"),
    _driver(5, "Rhys", "Llewellyn", "Drivers North"),
    _driver(6, "Fatima", "Al-Zahrawi", "Drivers South"),
    _driver(7, "Tomasz", "Kowalczyk", "Drivers South"),
    _driver(8, "Blessing", "Nwachukwu", "Drivers South"),
    _driver(9, "Callum", "MacGillivray", "Drivers South"),
    _driver(10, "Shanthi", "Balasubramaniam", "Drivers South"),
    _care(1, "Imogen", "Featherstonehaugh"),
    _care(2, "Yusuf", "Çelik", reference="OR-204417"),
    _care(3, "Niamh", "Ó Dochartaigh"),
    _care(4, "Tariq", "Mahmood"),
    PersonPlan(
        "orchard.manager", "Harriet", "Osei-Bonsu", "Head of service", "manager", "Customer care"
    ),
]

REASONS = [
    ReasonPlan("substituted", "Substituted item"),
    ReasonPlan("damaged", "Damaged on arrival", [FactPlan("seal_broken", "seal broken", "yes_no")]),
    ReasonPlan("missing-item", "Missing item"),
    ReasonPlan("late", "Late"),
]

REMEDIES = [
    RemedyPlan(
        "money-off",
        "Money off the bill",
        "They shouldn't pay for what they can't use.",
        "I've taken that off your bill.",
        account="40150",
    ),
    RemedyPlan(
        "keep-item",
        "Keep the item",
        "Taking it back costs us 11.00, and we can't sell it again.",
        "Please keep it. There's no need to send anything back.",
        {
            "costing": "per_unit",
            "cost_per_unit": "0.00",
            "max_quantity": 6,
            "avoids_return": True,
            "unit": "item",
            "unit_plural": "items",
        },
        account="51220",
    ),
    RemedyPlan(
        "voucher",
        "Voucher",
        "For the bother, when the money itself is settled.",
        "Here's something towards your next shop, for the bother.",
        {"costing": "share", "cost_share_percent": 70},
        account="40160",
    ),
    RemedyPlan(
        "redeliver",
        "Bring it again",
        "A missing main course ruins an evening; a second drive costs 6.50.",
        "We'll bring it again today. You won't have to be in for long.",
        {
            "costing": "per_unit",
            "cost_per_unit": "6.50",
            "max_quantity": 1,
            "unit": "delivery",
            "unit_plural": "deliveries",
        },
        account="62410",
    ),
]
