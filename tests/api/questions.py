"""Bodies that the tests send: the late pizza, as a client program would tell it."""

from typing import Any

WRONG_ORDER: dict[str, Any] = {
    "reason_code": "wrong-order",
    "channel": "doorstep",
    "order_value": "23.50",
    "order_reference": "ORD-1881",
    "customer": {"reference": "C-1001", "name": "Kim Lee", "email": "kim@example.com"},
    "note": "Wrong toppings, 30 minutes late.",
    "gives": [{"remedy": "free-pizza", "quantity": 1}, {"remedy": "reorder", "quantity": 1}],
}


def wrong_order(**differently: Any) -> dict[str, Any]:
    """The late pizza, told differently."""
    return WRONG_ORDER | differently


def money_off(amount: Any, **differently: Any) -> dict[str, Any]:
    """The late pizza, with an amount off the bill."""
    return wrong_order(gives=[{"remedy": "money-off", "amount": amount}], **differently)
