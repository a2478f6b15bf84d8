"""Who works at Forno, how far their word goes, and what they can give."""

from config.demo.plan import (
    Earlier,
    FactPlan,
    PersonPlan,
    ReasonPlan,
    RemedyPlan,
    TeamPlan,
    TierPlan,
)

TEAMS = [
    TeamPlan("Brooklyn", "America/New_York", "F-110"),
    TeamPlan("Queens", "America/New_York", "F-120"),
]

TIERS = [
    TierPlan(
        "Driver",
        limit="25.00",
        budget="120.00",
        grace=0,
        over_budget=0,
        rationale=(
            "You stand at the door and we don't. Twenty-five dollars puts almost any order right, "
            "and the average problem costs us five."
        ),
        channels={"doorstep": 9, "phone": 1},
        cases_a_day=0.33,
        earlier=Earlier(
            limit="20.00",
            days_ago=98,
            reason=(
                "Twenty did not cover a family order: nearly every refusal in spring was between "
                "20 and 25, at a door, with someone hungry behind it."
            ),
        ),
    ),
    TierPlan(
        "Shift lead",
        limit="80.00",
        budget="400.00",
        grace=25,
        over_budget=10,
        rationale=(
            "A lead meets the evenings that went wrong altogether: the birthday, the office of "
            "twelve. Eighty dollars is one such table made whole."
        ),
        channels={"counter": 5, "phone": 4, "chat": 1},
        cases_a_day=0.5,
        amounts=2,
    ),
]


def _driver(number: int, first: str, last: str, team: str, reference: str = "") -> PersonPlan:
    return PersonPlan(
        f"forno.driver{number}",
        first,
        last,
        "Delivery driver",
        team=team,
        tier="Driver",
        customer_reference=reference,
    )


PEOPLE = [
    _driver(1, "Marco", "Bellini", "Brooklyn"),
    _driver(2, "Aaliyah", "Washington", "Brooklyn"),
    _driver(3, "Dmitri", "Volkov", "Brooklyn"),
    _driver(4, "Xiomara", "Rosario de la Cruz", "Brooklyn"),
    _driver(5, "Kwame", "Asante", "Brooklyn"),
    _driver(6, "Siobhán", "O'Malley", "Brooklyn"),
    _driver(7, "Tenzin", "Dorje", "Queens", reference="718-555-0177"),
    _driver(8, "Farida", "Rahimi", "Queens"),
    _driver(9, "Jae-won", "Park", "Queens"),
    _driver(10, "Luis Fernando", "Quispe Mamani", "Queens"),
    _driver(11, "Priyanka", "Chakraborty", "Queens"),
    _driver(12, "Moses", "Abramovitz", "Queens"),
    PersonPlan(
        "forno.lead1", "Denise", "Okafor", "Shift lead", "team_lead", "Brooklyn", "Shift lead"
    ),
    PersonPlan(
        "forno.lead2", "Stavros", "Papadopoulos", "Shift lead", "team_lead", "Queens", "Shift lead"
    ),
    PersonPlan("forno.manager", "Lucia", "Ferrante", "Operations manager", "manager", "Brooklyn"),
]

REASONS = [
    ReasonPlan("late", "Late", [FactPlan("minutes_late", "minutes late", "number", "minutes")]),
    ReasonPlan("wrong-order", "Wrong order"),
    ReasonPlan("cold", "Cold"),
    ReasonPlan("missing-item", "Missing item"),
]

REMEDIES = [
    RemedyPlan(
        "free-pizza",
        "Free pizza",
        "A pizza costs us five dollars; a lost regular costs us hundreds.",
        "I'm sorry about that. This one is on us.",
        {
            "costing": "per_unit",
            "cost_per_unit": "5.00",
            "face_value_per_unit": "15.00",
            "max_quantity": 1,
            "unit": "pizza",
            "unit_plural": "pizzas",
        },
        account="6410",
    ),
    RemedyPlan(
        "reorder",
        "Expedited reorder",
        "They still want their dinner.",
        "The right one leaves the oven now, and it goes to the front of the line.",
        {
            "costing": "per_unit",
            "cost_per_unit": "4.00",
            "max_quantity": 1,
            "unit": "delivery",
            "unit_plural": "deliveries",
        },
        account="6420",
    ),
    RemedyPlan(
        "money-off",
        "Money off the bill",
        "When time is what they lost, money says it best.",
        "I'm taking this off your bill right now.",
        account="4810",
    ),
    RemedyPlan(
        "voucher",
        "Voucher",
        "Brings them back, and costs us only when it does.",
        "I'd like you to try us again. This is for your next order.",
        {"costing": "share", "cost_share_percent": 30},
        account="4820",
    ),
]
