"""Story 1 over the API: the driver's phone tells the program, and the pizza is put right."""

import re
from datetime import timedelta
from email.message import Message

import time_machine
from django.test import Client

from budgets.models import Budget
from resolutions.models import Case, FollowUp, SurveyResponse
from resolutions.tasks import send_follow_ups
from tests.api.client import Api
from tests.cast import Cast
from tests.pages import value_of, words
from tests.resolutions.test_followup import plain

ORDER = {
    "reason_code": "wrong-order",
    "channel": "doorstep",
    "order_value": "23.50",
    "order_reference": "ORD-1881",
    "customer": {"reference": "555-0142", "name": "Kim Lee", "email": "kim@example.com"},
}
GIVES = [{"remedy": "free-pizza", "quantity": 1}, {"remedy": "reorder", "quantity": 1}]


def test_the_late_pizza_over_the_api(forno: Cast, client: Client, smtp_sink: list[Message]) -> None:
    forno.rule(
        "Never more than the order",
        measure="percent",
        value="100",
        per="order",
        remedies=["money-off"],
        rationale="More than the whole order is a present, and the others pay for it.",
        customer_wording="You will not pay a cent for this order.",
    )
    driver = Api(forno.agent)

    # At the door: what can be done right now?
    options = {o["remedy"]: o for o in driver.post("authority/", ORDER).json()["remedies"]}
    assert options["free-pizza"]["verdict"] == "within"
    assert options["reorder"]["verdict"] == "within"
    assert options["money-off"]["limit"] == "23.50", "the tier's 25.00, but never more than that"
    assert options["money-off"]["why"].startswith("More than the whole order is a present")
    assert options["money-off"]["binding"]["customer_wording"].startswith("You will not pay")
    assert not Case.objects.exists()

    # Both, in one go.
    receipt = driver.post("cases/", ORDER | {"gives": GIVES}, key="tap-1").json()
    costs = [(r["remedy"], r["amount"], r["cost"]) for r in receipt["resolutions"]]
    assert costs == [("free-pizza", "15.00", "5.00"), ("reorder", "4.00", "4.00")]
    assert (receipt["state"], receipt["budget"]["left"]) == ("put-right", "111.00")

    # The phone lost the connection and sends it again: nothing more happens.
    assert driver.post("cases/", ORDER | {"gives": GIVES}, key="tap-1").json() == receipt
    assert (Case.objects.count(), Budget.objects.get(employee=forno.agent).left) == (1, 111)

    # And the customer is asked how it went, a day later. They tap a number in the mail.
    due = FollowUp.objects.get().due_at
    assert due - Case.objects.get().opened_at <= timedelta(days=1)
    with time_machine.travel(due):
        send_follow_ups()
        (mail,) = smtp_sink
        assert mail["Subject"] == "Forno: did we put it right?"
        four = re.findall(r"http://localhost:8000(/how-it-went/\S+/4/)", plain(mail))
        page = client.get(four[0])
        told = {"by": value_of(page, "by"), "score": value_of(page, "score")}
        assert "Thank you. You said 4 of 5." in words(client.post(four[0], told, follow=True))
    said = SurveyResponse.objects.get()
    assert (said.score, said.follow_up.case_id) == (4, receipt["id"])
