"""Forno's rules, each with its why and the words for it."""

from config.demo.plan import Change, RulePlan

RULES = [
    RulePlan(
        "Never more than the order",
        "restrict",
        measure="percent",
        value="100",
        remedies=["money-off"],
        rationale=(
            "A refund above the bill is a gift, and gifts are vouchers: they bring people back, "
            "and money doesn't."
        ),
        words="I can take everything you paid off your bill, to the last cent.",
        days_ago=214,
    ),
    RulePlan(
        "Half an hour late: the pizza is on us",
        "grant",
        measure="quantity",
        value="1",
        reasons=["late"],
        remedies=["free-pizza"],
        conditions=[("minutes_late", "ge", "30")],
        rationale=(
            "Thirty minutes is printed on every box. A promise is only worth something if nobody "
            "has to argue for it."
        ),
        words="We said half an hour and we weren't here. Tonight's pizza is on us.",
        days_ago=214,
    ),
    RulePlan(
        "An hour late: nobody pays",
        "grant",
        measure="percent",
        value="100",
        reasons=["late"],
        remedies=["money-off"],
        conditions=[("minutes_late", "ge", "60")],
        entitlement=True,
        rationale=(
            "After an hour it isn't dinner any more. They are owed the whole order, so Forno pays "
            "for it and not your month."
        ),
        words="You waited an hour for us. You don't owe us anything for tonight.",
        days_ago=214,
    ),
    RulePlan(
        "A voucher buys one good dinner",
        "restrict",
        measure="amount",
        value="15.00",
        remedies=["voucher"],
        rationale=(
            "It brings someone back to the table. Beyond one dinner it begins to feel like being "
            "paid to go away."
        ),
        words="Your next dinner with us is on this voucher.",
        days_ago=214,
        changes=[
            Change(
                83,
                "Prices went up in summer: fifteen no longer bought a large pizza, and a voucher "
                "that doesn't buy dinner sounds stingy.",
                {"value": "20.00"},
            )
        ],
    ),
    RulePlan(
        "Twice wrong: be generous",
        "grant",
        measure="amount",
        value="40.00",
        remedies=["money-off"],
        tiers=["Driver"],
        conditions=[("second_failure", "eq", "yes")],
        review_afterwards=True,
        rationale=(
            "Someone we let down twice in a month is about to leave. Forty dollars is what they "
            "spend with us in three weeks. We read it afterwards to find what broke twice."
        ),
        words="That's the second time, and it's on us. Let me make it right properly.",
        days_ago=160,
    ),
    RulePlan(
        "A photo before a free pizza by phone",
        "forbid",
        remedies=["free-pizza"],
        channels=["phone"],
        rationale=(
            "By phone nobody sees the box. A photo shows the kitchen what went wrong before we "
            "bake another one."
        ),
        words="Could you send us a photo of it? Then the kitchen sees at once what to bake.",
        days_ago=200,
        changes=[
            Change(
                121,
                "People felt accused, and the shops that never asked gave no more pizzas away "
                "than those that did. We'd rather be taken in twice a month.",
                withdraws=True,
            )
        ],
    ),
    RulePlan(
        "One voucher per customer in 30 days",
        "restrict",
        measure="times",
        value="1",
        per="customer",
        window_days=30,
        remedies=["voucher"],
        rationale=(
            "A voucher is a surprise that brings someone back. The third one in a month is a "
            "subscription, and the regular at the next table pays for it."
        ),
        words="You have a voucher from us this month, so let me do something for tonight instead.",
        days_ago=9,
        starts_next_month=True,
    ),
    RulePlan(
        "No cash for gift cards",
        "forbid",
        remedies=["money-off"],
        channels=["web"],
        rationale=(
            "On the web nobody sees who paid. Stolen gift cards are emptied by ordering with them "
            "and asking for the money; a new card or a fresh pizza is worth nothing to a thief."
        ),
        words="I can put it on a new card for you right now, or send a fresh one out tonight.",
        days_ago=2,
    ),
    RulePlan(
        "Storm nights: the second ride is on the house",
        "grant",
        measure="quantity",
        value="1",
        reasons=["late", "cold"],
        remedies=["reorder"],
        conditions=[("minutes_late", "ge", "45")],
        entitlement=True,
        rationale=(
            "In a storm the second ride is the weather's fault and should not eat a driver's "
            "month. To be tried on last winter's cases before it is published."
        ),
        words="The weather beat us tonight. A fresh one is on its way, and it costs you nothing.",
        days_ago=None,
    ),
]
