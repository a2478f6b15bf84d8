"""Story 2 over the API, at the door: the five-pound item is taken off the bill and kept."""

from tests.api.client import Api
from tests.cast import Cast


def test_the_five_pound_item_over_the_api(orchard: Cast) -> None:
    driver = Api(orchard.agent)
    receipt = driver.post(
        "cases/",
        {
            "reason_code": "substituted",
            "channel": "doorstep",
            "order_reference": "A-77120",
            "customer": "AC-2041",
            "note": "Wanted oat milk, got soya.",
            "gives": [
                {"remedy": "money-off", "amount": "5.00"},
                {"remedy": "keep-item", "quantity": 1},
            ],
        },
    ).json()

    assert receipt["state"] == "put-right"
    assert [(r["remedy"], r["cost"]) for r in receipt["resolutions"]] == [
        ("money-off", "5.00"),
        ("keep-item", "0.00"),
    ]
    assert receipt["currency"] == "GBP"
    assert receipt["budget"]["left"] == "95.00", "no approval, no return, five pounds"
