"""Half a year at Orchard: what goes wrong in a basket, and what is done about it."""

from config.demo.plan import DaysPlan, Offer, Scene, Scripted

KEEP = Offer("keep-item")

SCENES = [
    Scene(
        "substituted",
        weight=34,
        order=(32, 140),
        notes=[
            "Oat milk instead of lactose-free. Not the same thing at all.",
            "Coriander instead of parsley.",
            "White chocolate instead of dark, for a recipe.",
            "A size too small in nappies.",
            "Salted butter for unsalted. She bakes.",
            "Decaf instead of coffee. He only found out this morning.",
            "Plantain came as bananas.",
            "Halal chicken was swapped for one that isn't.",
        ],
        gives=[
            (6, [Offer("money-off", "1.50", "6.50", "0.25"), KEEP]),
            (4, [Offer("money-off", "2.00", "9.00", "0.25")]),
            (3, [KEEP]),
            (1, [Offer("voucher", "5", "10", "5")]),
        ],
        beyond=[Offer("money-off", "24.00", "38.00", "0.50"), Offer("keep-item", "4", "5")],
        explained=[
            "She had ticked “nearest thing, please”. Showed her where to change it.",
            "He tried it while we talked and decided to keep it.",
            "Explained that the shop it comes from had none left. They only wanted to know.",
        ],
    ),
    Scene(
        "damaged",
        weight=26,
        order=(28, 120),
        facts={"seal_broken": ["yes", "no", "no"]},
        notes=[
            "Eggs at the bottom, tins on top.",
            "Jar of passata burst over everything.",
            "Yoghurt lid open, bag full of it.",
            "Bread flat as a letter.",
            "Berries had become jam on the way.",
            "Ice cream melted and frozen again; you can see it.",
            "Bottle of oil leaked into the flour.",
        ],
        gives=[
            (7, [Offer("money-off", "2.00", "14.00", "0.25")]),
            (2, [Offer("money-off", "3.00", "9.00", "0.25"), Offer("voucher", "5", "5", "5")]),
            (2, [Offer("redeliver")]),
            (1, [KEEP]),
        ],
        beyond=[KEEP, Offer("voucher", "30", "60", "5")],
        explained=[
            "One egg of twelve. She laughed and wanted us to pack them on top.",
            "The dent was only in the box. We opened it together and all was well.",
        ],
    ),
    Scene(
        "missing-item",
        weight=24,
        order=(30, 150),
        notes=[
            "The chicken for Sunday is not in any bag.",
            "One of three bags stayed in the van of someone else.",
            "Nappies missing, and the shop around the corner is shut.",
            "Charged for six, packed five.",
            "Cat food missing. The cat is cross.",
            "Birthday candles. The birthday is today.",
        ],
        gives=[
            (5, [Offer("money-off", "1.50", "12.00", "0.25")]),
            (5, [Offer("redeliver")]),
            (2, [Offer("redeliver"), Offer("voucher", "5", "5", "5")]),
        ],
        beyond=[Offer("money-off", "25.00", "70.00", "1.00"), Offer("voucher", "35", "60", "5")],
        explained=[
            "It was under the ice pack. We found it together.",
            "It had been out of stock, and not charged. Showed him the line on the bill.",
        ],
    ),
    Scene(
        "late",
        weight=16,
        order=(30, 130),
        notes=[
            "Slot was six to seven; it was twenty to nine.",
            "He took the afternoon off to be at home, and we came in the evening.",
            "Van broke down on the North Circular.",
            "Her mother waited alone and was worried.",
            "School run was at three. So were we.",
        ],
        gives=[
            (6, [Offer("money-off", "4.99", "4.99")]),
            (3, [Offer("voucher", "5", "10", "5")]),
            (2, [Offer("money-off", "6.00", "15.00", "0.50")]),
        ],
        beyond=[Offer("money-off", "22.00", "40.00", "1.00")],
        explained=[
            "Said sorry and told him about the van. He offered me tea.",
            "She had been late herself. We called it even.",
        ],
    ),
]

SCRIPT = [
    Scripted(
        1,
        "18:05",
        "substituted",
        "64.20",
        [("money-off", "5.00"), ("keep-item", "1")],
        "Oat milk instead of lactose-free.",
    ),
    Scripted(
        2,
        "11:40",
        "damaged",
        "48.75",
        [("money-off", "3.20")],
        "Six eggs, all of them.",
        facts={"seal_broken": "no"},
    ),
    Scripted(3, "16:22", "missing-item", "82.10", [("redeliver", "1")], "No nappies in any bag."),
    Scripted(
        5,
        "12:15",
        "late",
        "55.00",
        [],
        "Forty minutes after the slot.",
        said="Said sorry and told her about the closed lane. She offered me a biscuit.",
    ),
    Scripted(8, "17:31", "substituted", "39.90", [("money-off", "2.25")], "Coriander for parsley."),
    Scripted(11, "10:48", "late", "71.30", [("voucher", "5.00")], "Came after the school run."),
    Scripted(14, "13:05", "missing-item", "60.40", [("money-off", "1.50")], "One lemon short."),
]

DAYS = DaysPlan(
    hours=(8, 20),
    busy_weekdays=[3, 4, 5],
    order_age=(0, 1),
    customers=390,
    references=["OR-2#####", "OR-3#####"],
    orders="OD-######",
    segments=["", "", "Orchard Plus", "Orchard Plus", "new"],
    scenes=SCENES,
    script=SCRIPT,
    handed_over=[
        ("Food safety", "Glass in the salad. They took it over at once, with the batch number."),
        ("Harriet Osei-Bonsu", "Third delivery in a row to the wrong door; she wants it settled."),
        ("Payments", "Charged twice, and the second charge is with the bank."),
    ],
    came_back=[
        "Wrote back: the new eggs arrived, and so did the apology. Thank you.",
        "The redelivery missed the same item again.",
        "Called to ask whether the money is on its way. It is.",
        "The second bag came to the neighbour this time.",
    ],
    could_not=[
        "She needed someone to carry it up; the lift was out and she is eighty-four.",
        "He asked that his slot be fixed for good. I can only say sorry for one evening.",
        "Wanted to send her a new cool bag, ours had split. There is no remedy for a bag.",
        "A florist's order for a funeral came late. Money is not what they needed.",
    ],
)
