"""Something more is needed: the page asks for what was not told yet, and gives more."""

from uuid import uuid4

import pytest
from django.test import Client

from resolutions.models import AuthorityGap, Case, Customer
from tests.cast import Cast
from tests.pages import HTMX, client_of, send_case, ticks, value_of, words
from tests.putting_right import KIM_LEE, put_right, rows_written, so_many, so_much


@pytest.fixture
def driver(forno: Cast) -> Client:
    return client_of(forno.agent)


@pytest.fixture
def never_more_than_the_order(forno: Cast) -> None:
    forno.rule("Never more than the order", measure="percent", value="100", remedies=["money-off"])


def give_page(driver: Client, **told: str) -> str:
    """The address of the page of an open case."""
    return f"{send_case(driver, act='open', **told)['Location']}give/"


def test_more_can_be_given_and_the_limit_counts_all(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_much("money-off", "20.00"))
    url = f"/cases/{receipt['id']}/give/"
    said = words(driver.get(url))
    assert "Money off the bill up to $5.00 What is left of $25.00 for this case." in said

    fields = {"request_id": str(uuid4()), "act": "give"}
    assert driver.post(url, fields | ticks(money_off="5.01")).status_code == 403
    answer = driver.post(url, fields | {"request_id": str(uuid4())} | ticks(money_off="5.00"))
    assert answer["Location"] == f"/cases/{receipt['id']}/"
    assert Case.objects.get().resolutions.count() == 2
    assert "$95.00 left" in words(driver.get(answer["Location"]))


def test_what_more_can_be_given_is_asked_again_by_the_page_itself(
    driver: Client, forno: Cast
) -> None:
    receipt = put_right(forno.agent, so_much("money-off", "20.00"))
    url = f"/cases/{receipt['id']}/give/options/"
    part = driver.post(url, ticks("reorder"), headers=HTMX)
    assert "<html" not in part.content.decode()
    assert "Money off the bill up to $1.00" in words(part)
    assert "Give expedited reorder · $4.00" in words(part)


def test_giving_more_twice_by_a_double_tap_gives_it_once(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"))
    sent = {"request_id": str(uuid4()), "act": "give"} | ticks(free_pizza="1")
    told = {"order_value": "30.00", "customer_reference": "C-1", "fact-minutes_late": "40"}
    for _ in range(2):
        assert driver.post(f"/cases/{receipt['id']}/give/", sent | told).status_code == 302
    assert Case.objects.get().resolutions.count() == 2


def test_a_refusal_on_a_case_shows_what_to_do_instead(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_much("money-off", "20.00"))
    told = {"request_id": str(uuid4()), "act": "give"} | ticks(money_off="9.00")
    answer = driver.post(f"/cases/{receipt['id']}/give/", told)
    assert answer.status_code == 403
    assert "What you can do instead" in words(answer)
    assert value_of(answer, "request_id") != told["request_id"]
    assert AuthorityGap.objects.get().case_id == receipt["id"]
    said = words(driver.get(f"/cases/{receipt['id']}/"))
    assert "Not possible: Money off the bill more than the limit for one case" in said


@pytest.mark.usefixtures("never_more_than_the_order")
def test_what_was_not_told_can_be_told_and_opens_what_waits_for_it(driver: Client) -> None:
    url = give_page(driver, reason_code="late")
    page = driver.get(url)
    said = words(page)
    assert "With one more answer Never more than the order Money off the bill" in said
    assert "Tell the order value , and see how far you can go." in said
    assert 'href="#id_order_value"' in page.content.decode()
    assert 'id="id_order_value"' in page.content.decode()

    part = driver.post(f"{url}options/", {"order_value": "23.50"}, headers=HTMX)
    assert "Money off the bill up to $23.50 Never more than the order." in words(part)

    told = {"order_value": "23.50", "fact-minutes_late": "40", "customer_reference": "C-1"}
    fields = {"request_id": str(uuid4()), "act": "give"} | ticks(money_off="20.00") | told
    case_page = driver.get(driver.post(url, fields)["Location"])
    assert "Minutes late 40 Customer C-1 Order value $23.50" in words(case_page)


@pytest.mark.once
def test_what_was_told_already_is_not_asked_again(driver: Client, forno: Cast) -> None:
    receipt = put_right(
        forno.agent,
        so_many("reorder"),
        customer=KIM_LEE,
        order_value="23.50",
        facts={"minutes_late": "40"},
    )
    page = driver.get(f"/cases/{receipt['id']}/give/").content.decode()
    for name in ("order_value", "customer_reference", "customer_name", "fact-minutes_late"):
        assert f'name="{name}"' not in page
    for name in ("order_reference", "order_date"):
        assert f'name="{name}"' in page


def test_a_customer_who_is_told_later_is_shown_with_what_they_came_with_before(
    driver: Client, forno: Cast
) -> None:
    put_right(forno.colleague, so_many("reorder"), customer=KIM_LEE, reason_code="cold")
    url = give_page(driver, reason_code="late")
    told = {"customer_reference": KIM_LEE.reference}
    said = words(driver.post(f"{url}options/", told, headers=HTMX))
    assert "Kim Lee was here before Cold food Expedited reorder" in said
    assert "Continue" not in said, "this case goes on, not the one before"
    said = words(driver.post(f"{url}options/", {"customer_reference": "C-9"}, headers=HTMX))
    assert "Nobody is known by this yet" in said


def test_an_address_that_is_not_known_yet_can_be_told(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("reorder"), customer="C-1")
    url = f"/cases/{receipt['id']}/give/"
    page = driver.get(url).content.decode()
    assert 'name="customer_reference"' not in page
    assert 'name="customer_email"' in page
    fields = {"request_id": str(uuid4()), "act": "give", "customer_email": "kim@example.com"}
    for _ in range(2):
        assert driver.post(url, fields | ticks(free_pizza="1")).status_code == 302
    assert Customer.objects.get().email == "kim@example.com"


@pytest.mark.once
def test_ones_own_case_is_said_before_anything_is_offered(driver: Client, forno: Cast) -> None:
    put_right(forno.colleague, so_many("reorder"), customer="ME-1")
    forno.agent.customer_reference = "ME-1"
    forno.agent.save()
    url = give_page(driver, reason_code="late")
    said = words(driver.post(f"{url}options/", {"customer_reference": "ME-1"}, headers=HTMX))
    assert "This is your own case." in said
    assert "was here before" not in said
    assert "Free pizza" not in said


@pytest.mark.once
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(driver: Client) -> None:
    url = give_page(driver, reason_code="late")
    before = rows_written()
    told = {"order_value": "abc", "customer_reference": "C-1", "order_reference": "77"}
    fields = {"request_id": str(uuid4()), "act": "give"} | ticks("reorder", money_off="x") | told
    answer = driver.post(url, fields)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'href="#id_order_value"' in page
    assert 'href="#id_amount-money-off"' in page
    for name, typed in told.items():
        assert value_of(answer, name) == typed
    assert rows_written() == before


def test_what_a_colleague_told_meanwhile_stays_and_is_said(driver: Client) -> None:
    url = give_page(driver, reason_code="late")
    Case.objects.update(order_value="20.00")
    fields = {"request_id": str(uuid4()), "act": "give", "order_value": "23.50"}
    answer = driver.post(url, fields | ticks("reorder"))
    assert answer.status_code == 400
    assert "This was told already, and stays as it was told: 20.00." in words(answer)
    assert 'href="#id_order_value"' in answer.content.decode()
    assert value_of(answer, "order_value") == "23.50"
    assert not Case.objects.get().resolutions.exists()


def test_after_a_refusal_the_button_offers_what_may_be_given(driver: Client, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_much("money-off", "20.00"), order_value="40.00")
    url = f"/cases/{receipt['id']}/give/"
    fields = {"request_id": str(uuid4()), "act": "give"}
    answer = driver.post(url, fields | ticks("voucher", money_off="9.00", voucher="90.00"))
    assert answer.status_code == 403
    said = words(answer)
    assert "Money off the bill, $9.00" in said
    assert "Voucher, $90.00" in said
    assert "Give money off the bill · $5.00" in said, "less of the first that was too much"
    assert value_of(answer, "amount-money-off") == "5.00"
    assert AuthorityGap.objects.count() == 2

    again = {"request_id": value_of(answer, "request_id"), "act": "give"}
    assert driver.post(url, again | ticks(money_off="5.00")).status_code == 302
    assert not Customer.objects.exists()
