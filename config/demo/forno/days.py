"""Half a year at Forno: what goes wrong at doors and counters, and what is done about it."""

from config.demo.plan import DaysPlan, Offer, Scene, Scripted

PIZZA = Offer("free-pizza")
REORDER = Offer("reorder")

SCENES = [
    Scene(
        "late",
        weight=36,
        order=(14, 58),
        facts={"minutes_late": (14, 82)},
        notes=[
            "Two orders went out in one bag, so I drove the loop backwards.",
            "Bridge closed, nobody told the shop.",
            "Kids were already in bed when I came.",
            "Oven two was down for half the evening.",
            "Customer was kind about it, which made it worse.",
            "Wrong apartment number on the ticket; found them in the end.",
            "Flat tyre on Flatbush Avenue.",
            "They had called twice and nobody picked up.",
            "Ordered for half-time, arrived for the credits.",
        ],
        gives=[
            (5, [PIZZA]),
            (2, [PIZZA, REORDER]),
            (4, [Offer("money-off", "2.00", "9.00", "0.50")]),
            (3, [Offer("voucher", "5", "15", "5")]),
            (4, [Offer("money-off", whole_order=True, when=("minutes_late", 60))]),
        ],
        beyond=[Offer("money-off", "28.00", "45.00", "1.00"), Offer("voucher", "25", "40", "5")],
        explained=[
            "Said sorry and why. He was glad that someone said it at all.",
            "Told her about the closed bridge. She had seen it on the news.",
            "Apologised; they only wanted us to know.",
        ],
    ),
    Scene(
        "wrong-order",
        weight=26,
        order=(13, 62),
        notes=[
            "Pepperoni instead of mushroom, and she doesn't eat meat.",
            "Got the neighbour's order; the neighbour got theirs.",
            "Gluten-free base was not gluten-free. Checked with the kitchen, took it back.",
            "Asked for no olives. All olives.",
            "Two small instead of one large.",
            "Half-and-half came as one half, twice.",
            "Sticker from another order on the box.",
            "He laughed, but he was hungry.",
        ],
        gives=[
            (5, [PIZZA, REORDER]),
            (4, [REORDER]),
            (3, [PIZZA]),
            (3, [Offer("money-off", "3.00", "14.00", "0.50")]),
            (1, [REORDER, Offer("voucher", "5", "10", "5")]),
        ],
        beyond=[Offer("money-off", "30.00", "60.00", "1.00"), Offer("voucher", "25", "35", "5")],
        explained=[
            "It was the right pizza in the wrong box. We looked together and laughed.",
            "Explained that basil comes on after the oven. She kept it.",
        ],
    ),
    Scene(
        "cold",
        weight=20,
        order=(12, 44),
        notes=[
            "Heat bag zip is broken again.",
            "Fourth stop of the round; it should have been the first.",
            "Box was on top of the drinks.",
            "Cheese had set. I wouldn't have eaten it either.",
            "Lift out of order, twelve floors, cold pizza.",
            "Waited in the lobby for the doorman.",
        ],
        gives=[
            (6, [PIZZA]),
            (3, [REORDER]),
            (3, [Offer("money-off", "2.00", "8.00", "0.50")]),
            (3, [Offer("voucher", "5", "15", "5")]),
        ],
        beyond=[Offer("voucher", "25", "40", "5")],
        explained=[
            "He put it in his own oven while we talked, and was happy.",
            "She wanted us to know about the bag, nothing else. Told the shop.",
        ],
    ),
    Scene(
        "missing-item",
        weight=18,
        order=(16, 70),
        notes=[
            "Garlic bread stayed on the counter.",
            "Drinks were on the second ticket, and the second ticket was under the oven.",
            "No dips. There are never dips on Saturdays.",
            "Tiramisù for the birthday was missing.",
            "One of three pizzas still in the oven when I left.",
            "Salad missing; her only vegetable this week, she said.",
        ],
        gives=[
            (5, [Offer("money-off", "2.00", "7.50", "0.50")]),
            (4, [REORDER]),
            (2, [Offer("voucher", "5", "10", "5")]),
            (1, [PIZZA]),
        ],
        beyond=[Offer("money-off", "27.00", "40.00", "1.00")],
        explained=[
            "It was in the other bag. We found it together.",
            "Explained that dips come on request. She'll ask next time.",
            "He had the drinks in his hand already. Wished him a good evening.",
        ],
    ),
]

# 36.60 of driver1's 120.00, so that 83.40 are left once all of it lies in this month.
SCRIPT = [
    Scripted(1, "18:42", "cold", "17.00", [("free-pizza", "1")], "Bag was open all the way up."),
    Scripted(
        2,
        "19:55",
        "late",
        "31.50",
        [("free-pizza", "1"), ("reorder", "1")],
        "Forty minutes, and the calzone had opened. She still tipped.",
        facts={"minutes_late": "40"},
    ),
    Scripted(
        3,
        "20:14",
        "missing-item",
        "22.00",
        [],
        "Asked where the dips were.",
        said="Dips come on request now. Said sorry that the menu doesn't say so.",
    ),
    Scripted(4, "18:20", "wrong-order", "19.00", [("reorder", "1")], "Ham instead of spinach."),
    Scripted(5, "21:03", "missing-item", "28.00", [("money-off", "3.60")], "No garlic bread."),
    Scripted(7, "19:11", "cold", "14.50", [("money-off", "2.00")], "Lukewarm, she said. It was."),
    Scripted(
        8,
        "20:40",
        "late",
        "26.00",
        [("voucher", "10.00")],
        "Twenty minutes. He ordered for the game and missed the goal.",
        facts={"minutes_late": "20"},
    ),
    Scripted(10, "18:58", "wrong-order", "33.00", [("reorder", "1")], "Two tickets mixed up."),
    Scripted(11, "19:36", "cold", "16.00", [("voucher", "5.00")], "Long climb, no lift."),
    Scripted(13, "21:20", "missing-item", "24.50", [("voucher", "5.00")], "Cola stayed behind."),
    Scripted(
        14,
        "19:02",
        "late",
        "18.00",
        [("voucher", "5.00")],
        "Fifteen minutes. Her first order with us.",
        facts={"minutes_late": "15"},
    ),
    Scripted(16, "20:05", "cold", "21.00", [("voucher", "5.00")], "Rain came through the bag."),
]

DAYS = DaysPlan(
    hours=(12, 22),
    busy_weekdays=[4, 5, 6],
    order_age=(0, 0),
    customers=430,
    references=[f"{area}-555-01##" for area in (212, 332, 347, 516, 646, 718, 917, 929)],
    orders="F#######",
    segments=["", "", "regular", "regular", "new"],
    scenes=SCENES,
    script=SCRIPT,
    handed_over=[
        ("Food safety", "Allergy: a nut topping on an order marked nut-free. Not for me to judge."),
        ("Lucia Ferrante", "He wants to speak with someone who owns the place, and only them."),
        ("Catering", "Forty pizzas for a school; the whole order has to be planned again."),
    ],
    came_back=[
        "Called again: the new one was right, but nobody had told her it was coming.",
        "Back at the counter with the box, in a better mood.",
        "The second pizza was cold as well.",
        "Wanted to say thank you, and that the drinks were still missing.",
    ],
    could_not=[
        "She needed a ride to the pharmacy more than a pizza. I had no way to give her that.",
        "Birthday cake fell. I wanted to buy her one at the bakery across the street.",
        "Customer asked for flowers for his wife, who had waited. Nothing I can give fits.",
        "Wanted to pay his parking ticket: he got it while he waited for us outside.",
    ],
)
