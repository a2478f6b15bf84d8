"""Half a year at Southern Cross Mobile: what is on the bill, and what is done about it."""

from config.demo.plan import DaysPlan, Offer, Scene, Scripted

SCENES = [
    Scene(
        "billing-dispute",
        weight=36,
        order=(35, 210),
        notes=[
            "Charged for a second line that was cancelled in autumn.",
            "The discount she was promised in the shop is not on the bill.",
            "Premium messages he never signed up for.",
            "Two months billed at once after the move.",
            "Old plan's price, new plan's speed.",
            "Insurance for a phone she no longer has.",
            "Pro-rata lines that nobody could explain to him, me included.",
            "Third call about the same five dollars. It was never about five dollars.",
        ],
        gives=[
            (7, [Offer("bill-credit", "5.00", "38.00", "0.50")]),
            (2, [Offer("bill-credit", "35.00", "75.00", "5.00")]),
            (2, [Offer("extra-data", "5", "10", "5")]),
            (2, [Offer("payment-extension", "5", "10")]),
            (
                1,
                [
                    Offer(
                        "something-else",
                        "12.00",
                        "45.00",
                        "1.00",
                        description="Paid for the courier that brings the new SIM today",
                    )
                ],
            ),
        ],
        beyond=[
            Offer("bill-credit", "190.00", "320.00", "10.00"),
            Offer("plan-upgrade", "6", "6"),
        ],
        explained=[
            "Went through the bill line by line. It was right, and now she knows why.",
            "Explained the pro-rata days; he had moved in the middle of the month.",
            "The refund is on its way already. Told her the day it arrives.",
        ],
    ),
    Scene(
        "late-fee",
        weight=20,
        order=(40, 160),
        notes=[
            "Paid on Friday, booked on Monday, charged on Sunday.",
            "Was in hospital when the bill came.",
            "Card expired; nobody told her the payment failed.",
            "New job, paid a week later from now on.",
            "Bill went to the old address.",
        ],
        gives=[
            (8, [Offer("fee-waiver", "15.00", "25.00", "5.00")]),
            (3, [Offer("payment-extension", "7", "14")]),
            (1, [Offer("fee-waiver", "15.00", "20.00", "5.00"), Offer("payment-extension", "7")]),
        ],
        beyond=[Offer("payment-extension", "21", "30"), Offer("fee-waiver", "190.00", "190.00")],
        explained=[
            "Moved his bill to the day after payday. That was all he wanted.",
            "The fee had been taken off by itself. Showed her where to see it.",
        ],
    ),
    Scene(
        "slow-data",
        weight=18,
        order=(35, 120),
        facts={"plan": ["Basic", "Plus", "Plus", "Max"]},
        notes=[
            "Video calls with her grandchildren freeze every evening.",
            "Works from home since March, and now he can't.",
            "Full bars, no data, at the station each morning.",
            "Slow since the new tower, which was meant to make it fast.",
            "Streams stop just when the match gets good.",
        ],
        gives=[
            (7, [Offer("extra-data", "10", "20", "5")]),
            (2, [Offer("plan-upgrade", "1", "2")]),
            (2, [Offer("bill-credit", "5.00", "20.00", "1.00")]),
        ],
        beyond=[Offer("bill-credit", "190.00", "260.00", "10.00"), Offer("plan-upgrade", "3", "6")],
        explained=[
            "Her phone was saving data by itself. We switched it off together.",
            "Works on the tower until Thursday. He was glad to have a day to hold on to.",
        ],
    ),
    Scene(
        "outage",
        weight=16,
        order=(40, 150),
        facts={"hours_without_service": (3, 60)},
        notes=[
            "No signal in the whole valley since the storm.",
            "Card machine in her café was down for lunch.",
            "Could not call his mother on her birthday.",
            "Fibre cut by the road works on the corner.",
            "Tower on generator, generator out of diesel.",
        ],
        gives=[
            (7, [Offer("bill-credit", "10.00", "15.00", "2.50")]),
            (3, [Offer("extra-data", "5", "20", "5")]),
            (2, [Offer("bill-credit", "20.00", "45.00", "5.00")]),
        ],
        beyond=[Offer("bill-credit", "200.00", "400.00", "10.00")],
        explained=[
            "Told her when the tower is back, and rang her when it was.",
            "It was the phone, not the network. Walked him through a restart.",
        ],
    ),
    Scene(
        "roaming",
        weight=10,
        order=(20, 140),
        facts={"gift_card": ["no", "no", "no", "yes"]},
        notes=[
            "Roamed onto a ship's network in Sydney Harbour without leaving it.",
            "Bought the pack for Bali and landed in Lombok.",
            "Phone updated itself in Singapore, for ninety dollars.",
            "Gift card from her daughter; the pack never switched on.",
            "Pack ended at midnight here, which was afternoon there.",
        ],
        gives=[
            (5, [Offer("bill-credit", "10.00", "60.00", "2.50")]),
            (3, [Offer("extra-data", "2", "8", "2")]),
            (
                30,
                [
                    Offer(
                        "something-else",
                        description="New card for the full amount",
                        whole_order=True,
                        when=("gift_card", "yes"),
                    )
                ],
            ),
        ],
        beyond=[Offer("bill-credit", "200.00", "300.00", "10.00")],
        explained=[
            "Showed him how to switch roaming off, and where the price is written.",
            "The charge was a reservation and is gone by tomorrow.",
        ],
    ),
]

# 138.00 of rep1's 200.00: 62.00 are left.
SCRIPT = [
    Scripted(1, "15:20", "billing-dispute", "96.00", [("bill-credit", "35.00")], "Cancelled line."),
    Scripted(
        2,
        "10:05",
        "slow-data",
        "79.00",
        [("extra-data", "10")],
        "Evening calls with her sister freeze.",
        facts={"plan": "Plus"},
    ),
    Scripted(
        4,
        "13:40",
        "outage",
        "65.00",
        [],
        "No signal since breakfast.",
        facts={"hours_without_service": "5"},
        said="Told him when the tower is back, and rang him when it was.",
    ),
    Scripted(
        6,
        "09:32",
        "billing-dispute",
        "188.00",
        [("bill-credit", "50.00")],
        "Two months at once after the move. She had to borrow money for it.",
    ),
    Scripted(
        9,
        "16:11",
        "roaming",
        "45.00",
        [("bill-credit", "25.00")],
        "Roamed onto a ship in the harbour without leaving the ferry.",
        facts={"gift_card": "no"},
    ),
    Scripted(12, "11:26", "billing-dispute", "59.00", [("bill-credit", "22.00")], "Old insurance."),
]

DAYS = DaysPlan(
    hours=(8, 19),
    busy_weekdays=[0, 1],
    order_age=(3, 20),
    customers=640,
    references=["SC40######", "SC41######"],
    orders="B-#######",
    segments=["", "", "", "small business", "prepaid"],
    scenes=SCENES,
    script=SCRIPT,
    handed_over=[
        ("Network operations", "Six homes on one street without signal; they see it on the map."),
        ("Fraud team", "Someone else ordered a phone in her name. They stop it at the source."),
        ("Financial hardship team", "Lost his job. They can pause the account, and I can't."),
    ],
    came_back=[
        "Called again: the credit is not on this bill. It comes with the next one.",
        "Wrote to say it works again, and thank you.",
        "The same line is on the new bill as well.",
        "Wanted to know whether the extra data runs out. It does, in thirty days.",
    ],
    could_not=[
        "He wanted a person to come and look at the mast. I have no one to send.",
        "Her contract is in her late husband's name, and every step asks for him.",
        "Asked for paper bills for a year without the fee. There is no remedy for that.",
        "Her hearing aid needs another phone. I wanted to swap it and had no way to.",
    ],
)
