"""Story 6: what the rules refuse is seen, changed and answered, and the next customer gets it."""

from collections.abc import Iterator

import pytest
import time_machine

from policies.models import Policy
from resolutions.models import AuthorityGap, Case
from tests.admin.desk import Desk, said
from tests.api.client import Api, assert_problem
from tests.cast import Cast
from tests.pages import client_of, send_case, ticks, value_of, words
from tests.putting_right import NOW

GROUPS = "/admin/resolutions/authoritygap/groups/"


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def test_what_cant_you_do(forno: Cast) -> None:
    forno.rule("A modest voucher", value="25.00", remedies=["voucher"])
    driver, manager = client_of(forno.agent), Desk(forno.manager)

    # A driver wants to give 40.00 and is refused, on the form; a colleague, over the API.
    refused = send_case(driver, reason_code="late", **ticks(voucher="40.00"))
    assert refused.status_code == 403
    assert "A modest voucher" in words(refused)
    wanted = {
        "reason_code": "cold",
        "channel": "doorstep",
        "gives": [{"remedy": "voucher", "amount": "32.00"}],
    }
    assert_problem(Api(forno.colleague).post("cases/", wanted), 403, "outside-authority")

    # What no remedy fits is said in words, from the desk.
    form = driver.get("/could-not/")
    told = {"request_id": value_of(form, "request_id"), "words": "A ride to the pharmacy."}
    assert "Thank you" in words(driver.post("/could-not/", told, follow=True))

    # The manager sees it grouped, with amounts, and in words.
    page = manager.client.get(GROUPS)
    (row,) = page.context["rows"]
    assert (row.title, row.group.gaps, row.group.people) == ("A modest voucher", 2, 2)
    assert "$72.00 at face value" in words(page)
    assert "A ride to the pharmacy." in words(page)

    # From there to the rule, which is changed.
    rule = Policy.objects.get(pk=row.group.about.pk)
    assert row.about == ("The rule", f"/admin/policies/policy/{rule.pk}/change/")
    manager.change(rule, value="40.00", change_reason="Drivers asked for it.", _publish="1")
    changed = Policy.objects.get(series=rule.series, version=2)

    # And those who had the gap are told so.
    where = manager.client.get(GROUPS).context["rows"][0].answer
    form = manager.client.get(where)
    assert form.context["form"].initial["policy"] == changed
    answer = {
        "up_to": value_of(form, "up_to"),
        "kind": "changed",
        "words": "Forty, from today. Thank you for asking.",
        "policy": str(changed.pk),
    }
    answered = manager.client.post(where, answer, follow=True)
    assert said(answered)[-1].startswith("Answered all 2.")
    assert AuthorityGap.objects.filter(answer__kind="changed").count() == 2

    desk = driver.get("/")
    assert "Your manager answered Voucher, $40.00, today It was changed" in words(desk)
    assert "“Forty, from today. Thank you for asking.”" in words(desk)
    assert f"/handbook/#rule-{changed.pk}" in desk.content.decode()
    assert "Forty, from today." in words(client_of(forno.colleague).get("/could-not/mine/"))
    assert "Forty, from today." not in words(client_of(forno.lead).get("/"))

    # The next customer gets it at once.
    given = send_case(driver, reason_code="late", **ticks(voucher="40.00"))
    assert given.status_code == 302
    assert Case.objects.get().resolutions.get().face_value == 40
