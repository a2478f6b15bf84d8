"""The rules of Southern Cross Mobile, each with its why and the words for it."""

from config.demo.plan import Change, RulePlan

RULES = [
    RulePlan(
        "The first late fee in a year is waived",
        "grant",
        measure="amount",
        value="30.00",
        reasons=["late-fee"],
        remedies=["fee-waiver"],
        conditions=[("earlier_resolutions", "eq", "0", 365)],
        entitlement=True,
        rationale=(
            "Everyone forgets once. Someone who paid on time all year is owed that much, so it is "
            "not taken from your month."
        ),
        words="You've always paid on time, so that fee is gone. It happens to all of us.",
        days_ago=230,
    ),
    RulePlan(
        "Two waivers in a year",
        "restrict",
        measure="times",
        value="2",
        per="customer",
        window_days=365,
        remedies=["fee-waiver"],
        rationale=(
            "After the second one the fee is not the problem, the date is. Offer more time, or "
            "move the bill to the day after payday: that helps next month too."
        ),
        words="Shall we move the bill to a better day? Then this won't come up again.",
        days_ago=230,
    ),
    RulePlan(
        "Not cash for a gift card",
        "forbid",
        reasons=["roaming"],
        remedies=["bill-credit"],
        conditions=[("gift_card", "eq", "yes")],
        rationale=(
            "Gift cards are anonymous: we can't know who paid, and paying out cash is how stolen "
            "cards are emptied."
        ),
        words=(
            "I can't pay that out in cash, because that is how stolen cards get used. I can put "
            "the full amount on a new card for you right now."
        ),
        days_ago=230,
    ),
    RulePlan(
        "A new card for the full amount",
        "grant",
        measure="percent",
        value="100",
        reasons=["roaming"],
        remedies=["something-else"],
        conditions=[("gift_card", "eq", "yes")],
        entitlement=True,
        rationale=(
            "The money on the card is theirs. A new card gives it back without asking who bought "
            "the old one, and it is owed, so it does not come out of your month."
        ),
        words="Here is a new card with everything that was on the old one.",
        days_ago=230,
    ),
    RulePlan(
        "Two weeks to pay",
        "restrict",
        measure="quantity",
        value="10",
        remedies=["payment-extension"],
        tiers=["Rep"],
        allows_grace=True,
        rationale=(
            "Almost everyone who gets two weeks pays within two weeks. After that it is usually "
            "another kind of trouble, and a team lead has better help for it."
        ),
        words="You have two weeks from today. If that isn't enough, call me before they're over.",
        days_ago=230,
        changes=[
            Change(
                110,
                "Ten days ended before payday for everyone who is paid every fortnight, so they "
                "called again. Fourteen ends the second call.",
                {"value": "14"},
            )
        ],
    ),
    RulePlan(
        "A day without service: that day is free",
        "grant",
        measure="amount",
        value="15.00",
        reasons=["outage"],
        remedies=["bill-credit"],
        conditions=[("hours_without_service", "ge", "24")],
        entitlement=True,
        rationale=(
            "They pay for every day of the month. The day that we didn't deliver is theirs, "
            "whether they ask for it or not, and the network pays for it."
        ),
        words="You were without service for a day, so that day is on us. It's on your bill.",
        days_ago=230,
    ),
    RulePlan(
        "Bigger plans are for customers of a year",
        "forbid",
        remedies=["plan-upgrade"],
        conditions=[("days_as_customer", "lt", "365")],
        rationale=(
            "In the first year a bigger plan hides that the first one was sold wrongly. Find the "
            "plan that fits them; extra data helps until then."
        ),
        words="Let's look for the plan that fits you first. Until then, here is extra data.",
        days_ago=176,
    ),
    RulePlan(
        "Slow on a big plan: twenty gigabytes, no questions",
        "grant",
        measure="quantity",
        value="20",
        reasons=["slow-data"],
        remedies=["extra-data"],
        conditions=[("plan", "in", "Plus, Max")],
        rationale=(
            "They pay for speed. Twenty gigabytes cost us twelve dollars and say sorry at once, "
            "so they don't use up what you may give in the case."
        ),
        words="You pay for fast and you didn't get fast. I've added twenty gigabytes, for now.",
        days_ago=139,
    ),
    RulePlan(
        "A new idea is read afterwards",
        "restrict",
        measure="amount",
        value="60.00",
        reasons=["billing-dispute", "late-fee", "slow-data", "outage"],
        remedies=["something-else"],
        tiers=["Rep"],
        allows_grace=True,
        review_afterwards=True,
        rationale=(
            "Some of the best things we give began as somebody's idea in a call. Go ahead; we "
            "read them all, and the good ones become remedies of their own."
        ),
        words="I'd like to do something for you that isn't on my list.",
        days_ago=205,
    ),
    RulePlan(
        "Ten years with us",
        "grant",
        measure="amount",
        value="250.00",
        remedies=["bill-credit"],
        tiers=["Rep"],
        conditions=[("days_as_customer", "ge", "3650")],
        review_afterwards=True,
        rationale=(
            "Someone who stayed ten years should never hear that a rep can't help. To be tried on "
            "last quarter's refusals before it is published."
        ),
        words="You've been with us for ten years. Let me take care of this right now.",
        days_ago=None,
    ),
]
