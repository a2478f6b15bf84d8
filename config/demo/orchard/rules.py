"""Orchard's rules, each with its why and the words for it."""

from config.demo.plan import Change, RulePlan

RULES = [
    RulePlan(
        "Damaged on arrival: money back",
        "grant",
        measure="percent",
        value="100",
        reasons=["damaged"],
        remedies=["money-off"],
        entitlement=True,
        rationale=(
            "They paid for food they can eat. What arrives broken is owed to them, by law and by "
            "us, so Orchard pays for it and not your month."
        ),
        words="That shouldn't have left our warehouse like this. The money is going back to you.",
        days_ago=221,
    ),
    RulePlan(
        "A broken seal is never left behind",
        "forbid",
        reasons=["damaged"],
        remedies=["keep-item"],
        conditions=[("seal_broken", "eq", "yes")],
        rationale=(
            "With the seal broken nobody knows what is in it. A child may eat what we were too "
            "polite to take away."
        ),
        words=(
            "I'd rather take this one with me: with the seal broken I can't promise you it's "
            "safe. You get your money back all the same."
        ),
        days_ago=221,
    ),
    RulePlan(
        "Keep a handful, not a bagful",
        "restrict",
        measure="quantity",
        value="1",
        remedies=["keep-item"],
        tiers=["Driver"],
        rationale=(
            "Taking an item back costs 11.00 and it can't be sold again. When it is more than "
            "three, something went wrong in the picking, and the warehouse has to see it."
        ),
        words="Please keep these. The rest I'll take with me, so that we find out what happened.",
        days_ago=221,
        changes=[
            Change(
                104,
                "We were driving yoghurt around London: returns worth 4.00 on average, at 11.00 "
                "each. One item was too careful; three covers nearly every basket.",
                {"value": "3"},
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
            "A voucher says we noticed. Two in a month say we noticed and changed nothing: take "
            "the money off the bill instead, and write down what keeps going wrong."
        ),
        words="You've had a voucher from us this month. Let me take it off today's bill instead.",
        days_ago=221,
    ),
    RulePlan(
        "Late: the delivery fee goes back",
        "grant",
        measure="amount",
        value="4.99",
        reasons=["late"],
        remedies=["money-off"],
        entitlement=True,
        rationale=(
            "They paid 4.99 for an hour that they chose. Outside that hour we didn't deliver what "
            "they paid for, so the fee is theirs, and Orchard pays it."
        ),
        words="You paid for a slot and we missed it, so the delivery is free.",
        days_ago=190,
    ),
    RulePlan(
        "Four claims in three months are read afterwards",
        "restrict",
        measure="amount",
        value="20.00",
        remedies=["money-off"],
        tiers=["Care agent"],
        conditions=[("earlier_resolutions", "ge", "3", 90)],
        allows_grace=True,
        review_afterwards=True,
        rationale=(
            "Four in three months is bad luck or bad faith, and from a chat window you can't tell "
            "which. Help them as always; we read it afterwards and look for the cause."
        ),
        words="I'm sorry that it was us again. I'm taking this off, and I'll have it looked into.",
        days_ago=148,
    ),
    RulePlan(
        "At most 3.00 off for a substitute",
        "restrict",
        measure="amount",
        value="3.00",
        reasons=["substituted"],
        remedies=["money-off"],
        rationale=(
            "We charge the lower of the two prices already, so the difference is settled before "
            "you ring the bell."
        ),
        words="You've paid the lower price already. Let me take something off for the surprise.",
        days_ago=221,
        changes=[
            Change(
                96,
                "A dearer substitute is still not what they wanted to cook with. Drivers asked "
                "for more at every third door, and they were right.",
                withdraws=True,
            )
        ],
    ),
    RulePlan(
        "Christmas week: the turkey comes first",
        "grant",
        measure="quantity",
        value="1",
        reasons=["missing-item", "damaged"],
        remedies=["redeliver"],
        entitlement=True,
        rationale=(
            "In the week of Christmas a missing bird can't be made good with money. Bring it "
            "again, whatever it takes; the division pays for the drive."
        ),
        words="You'll have it for Christmas. Somebody is driving it to you today.",
        days_ago=None,
    ),
]
