"""The case form: what can be given at once, what the button will do, and giving it."""

from uuid import uuid4

import pytest
from django.test import Client

from budgets.models import Budget
from policies.models import Remedy
from resolutions.models import AuthorityGap, Case, CaseState, Resolution
from tests.cast import Cast
from tests.pages import (
    ask_again,
    client_of,
    see_options,
    send_case,
    ticks,
    value_of,
    without_tier,
    words,
)
from tests.putting_right import put_right, rows_written

WRONG = {"reason_code": "wrong-order", "order_value": "23.50", "channel": "doorstep"}


@pytest.fixture
def driver(forno: Cast) -> Client:
    forno.rule(
        "Never more than the order",
        measure="percent",
        value="100",
        remedies=["money-off"],
        rationale="A refund above the bill is a gift.",
        customer_wording="I can take off all that you paid.",
    )
    return client_of(forno.agent)


@pytest.mark.once
def test_an_empty_form_asks_what_went_wrong_and_offers_nothing_yet(driver: Client) -> None:
    said = words(driver.get("/cases/new/"))
    assert "What went wrong? Late Wrong order Cold food Missing item" in said
    assert "$120.00 left" in said
    assert "Pick what went wrong, and you see here what you can do." in said


@pytest.mark.once
def test_each_remedy_tells_how_far_it_goes_what_it_leaves_why_and_what_to_say(
    driver: Client,
) -> None:
    said = words(see_options(driver, **WRONG))
    assert "You can do this now Free pizza up to 2 pizzas" in said
    assert "$5.00 each. Leaves $115.00 of your month." in said
    assert "Expedited reorder costs $4.00 Expedited reorder: So that it is put right" in said
    assert "Leaves $116.00 of your month." in said
    assert "Money off the bill up to $23.50 Never more than the order." in said
    assert "A refund above the bill is a gift." in said
    assert "All of it leaves $96.50 of your month." in said
    assert "What to say with Voucher “I am sorry. Here is what I can do" in said
    assert "And if they hope for more: “I can take off all that you paid.”" in said


def test_asking_writes_nothing(driver: Client) -> None:
    before = rows_written()
    see_options(driver, **WRONG, **ticks("free-pizza"))
    ask_again(driver, **WRONG, **ticks("free-pizza"))
    assert rows_written() == before


def test_what_is_chosen_leaves_less_for_the_others_and_the_button_says_what_it_costs(
    driver: Client,
) -> None:
    chosen = ticks("reorder", free_pizza="1")
    said = words(ask_again(driver, **WRONG, **chosen))
    assert "Money off the bill up to $16.00 What is left of $25.00 for this case." in said
    assert "Give both · $9.00 $111.00 left this month afterwards" in said


@pytest.mark.once
@pytest.mark.parametrize(
    ("chosen", "button"),
    [
        (ticks("reorder"), "Give expedited reorder · $4.00"),
        (ticks(free_pizza="2"), "Give free pizza · $10.00"),
        (ticks(voucher="10"), "Give voucher · $6.00"),
        (ticks("reorder", free_pizza="1", money_off="3.00"), "Give 3 things · $12.00"),
        (ticks(money_off=""), "Give money off the bill $120.00 left this month"),
    ],
)
def test_the_button_says_what_it_will_do(
    driver: Client, chosen: dict[str, str], button: str
) -> None:
    assert button in words(ask_again(driver, **WRONG, **chosen))


def test_a_remedy_whose_name_says_what_to_do_is_the_button(orchard: Cast) -> None:
    told = {"reason_code": "substituted"}
    said = words(see_options(client_of(orchard.agent), **told, **ticks(keep_item="1")))
    assert "Keep the item · £0.00" in said
    assert "Give keep" not in said


def test_without_a_choice_one_can_open_the_case_or_say_that_an_explanation_was_enough(
    driver: Client,
) -> None:
    said = words(ask_again(driver, **WRONG))
    assert "Open the case An explanation was enough What did you say?" in said


def test_giving_both_is_one_case_with_two_remedies_and_leads_to_it(driver: Client) -> None:
    answer = send_case(driver, **WRONG, **ticks("reorder", free_pizza="1"))
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.pk}/")
    assert [r.remedy.code for r in case.resolutions.all()] == ["free-pizza", "reorder"]
    assert Budget.objects.get().left == 111
    assert case.channel == "doorstep"


def test_a_double_tap_gives_once_and_leads_to_the_same_case(driver: Client) -> None:
    told = WRONG | ticks("reorder") | {"request_id": str(uuid4()), "act": "give"}
    first, second = driver.post("/cases/new/", told), driver.post("/cases/new/", told)
    assert first["Location"] == second["Location"]
    assert (Case.objects.count(), Resolution.objects.count()) == (1, 1)


def test_the_same_form_with_other_contents_is_not_given_again(driver: Client) -> None:
    told = WRONG | {"request_id": str(uuid4()), "act": "give"}
    driver.post("/cases/new/", told | ticks("reorder"))
    again = driver.post("/cases/new/", told | ticks(money_off="5.00"))
    assert again.status_code == 409
    assert f"Case F-{Case.objects.get().pk}" in words(again)
    assert Resolution.objects.count() == 1


def test_a_case_can_be_opened_without_giving_anything_yet(driver: Client) -> None:
    answer = send_case(driver, act="open", **WRONG)
    case = Case.objects.get()
    assert (case.state, case.resolutions.count()) == (CaseState.OPEN, 0)
    assert "Open Wrong order. $120.00 left this month. Put it right" in words(
        driver.get(answer["Location"])
    )


def test_an_explanation_closes_the_case_in_one_go(driver: Client) -> None:
    said = "I told her why, and she laughed."
    answer = send_case(driver, act="explained", said=said, **WRONG)
    case = Case.objects.get()
    assert (case.state, case.outcome_note) == (CaseState.CLOSED, said)
    assert "Explained, with nothing given today" in words(driver.get(answer["Location"]))

    before = rows_written()
    wordless = send_case(driver, act="explained", said=" ", **WRONG)
    assert wordless.status_code == 400
    assert "Write what you said to the customer, in a line." in words(wordless)
    assert rows_written() == before


def test_facts_are_asked_for_by_the_reason_and_needed_ones_are_marked(scm: Cast) -> None:
    fact = scm.reasons["slow-data"].asked_facts.get()
    fact.required = True
    fact.save()
    scm.refresh()
    client = client_of(scm.agent)
    assert "Plan · needed Basic Plus Max" in words(see_options(client, reason_code="slow-data"))
    assert "Plan · needed" not in words(see_options(client, reason_code="outage"))

    missing = send_case(client, reason_code="slow-data", **ticks(bill_credit="5.00"))
    assert missing.status_code == 400
    assert "Plan : Tell the plan." in words(missing)
    assert not Case.objects.exists()

    send_case(client, reason_code="slow-data", fact__plan="plus", **ticks(bill_credit="5.00"))
    assert Case.objects.get().facts == {"plan": "plus"}


@pytest.mark.once
def test_what_waits_for_an_answer_says_for_which(driver: Client) -> None:
    said = words(see_options(driver, reason_code="wrong-order"))
    assert "With one more answer Never more than the order Money off the bill" in said
    assert "Tell the order value , and see how far you can go." in said


@pytest.mark.once
def test_what_grants_more_once_it_is_known_says_so(forno: Cast) -> None:
    forno.rule(
        "Half an hour late",
        effect="grant",
        value="40.00",
        remedies=["money-off"],
        reasons=["late"],
        conditions=[("minutes_late", "ge", "30")],
    )
    client = client_of(forno.agent)
    said = words(see_options(client, reason_code="late"))
    assert "Tell minutes late , and it may be more." in said
    said = words(see_options(client, reason_code="late", fact__minutes_late="35"))
    assert "Money off the bill up to $40.00 Half an hour late." in said


def test_what_the_customer_is_owed_is_not_from_the_month(orchard: Cast) -> None:
    orchard.rule(
        "Money back",
        effect="grant",
        measure="percent",
        value="100",
        entitlement=True,
        remedies=["money-off"],
        reasons=["damaged"],
    )
    client = client_of(orchard.agent)
    told = {"reason_code": "damaged", "order_value": "64.00"}
    said = words(see_options(client, **told))
    assert "Money off the bill up to £64.00 Money back." in said
    assert "Owed to the customer: not from your month." in said

    chosen = ticks(money_off="64.00")
    assert "£100.00 left this month afterwards" in words(see_options(client, **told, **chosen))
    page = client.get(send_case(client, **told, **chosen)["Location"])
    assert "owed to the customer, not from your month £64.00" in words(page)


def test_the_place_where_it_was_told_is_remembered(forno: Cast) -> None:
    client = client_of(forno.agent)
    assert '<option value="doorstep" selected>' in client.get("/cases/new/").content.decode()
    put_right(forno.colleague, channel="counter")
    assert '<option value="counter" selected>' in client.get("/cases/new/").content.decode()
    put_right(forno.agent, channel="phone")
    put_right(forno.colleague, channel="counter")
    assert '<option value="phone" selected>' in client.get("/cases/new/").content.decode()


@pytest.mark.once
def test_htmx_gets_a_part_of_the_page_and_the_facts_only_when_they_change(scm: Cast) -> None:
    client = client_of(scm.agent)
    part = ask_again(client, reason_code="slow-data").content.decode()
    assert "<html" not in part
    assert 'id="options"' in part
    assert 'id="facts"' in part
    again = ask_again(client, reason_code="slow-data", facts_of="slow-data")
    assert 'id="facts"' not in again.content.decode()


@pytest.mark.once
def test_who_is_signed_out_meanwhile_keeps_what_was_typed(driver: Client) -> None:
    driver.logout()
    assert ask_again(driver, **WRONG).status_code == 401
    whole = see_options(driver, **WRONG)
    assert whole["Location"].startswith("/sign-in/?next=")


@pytest.mark.once
def test_a_half_typed_amount_is_no_error_before_it_is_sent(driver: Client) -> None:
    part = ask_again(driver, **WRONG, **ticks(money_off=""))
    assert "Say how much." not in words(part)
    assert "Say how much." in words(send_case(driver, **WRONG, **ticks(money_off="")))


@pytest.mark.once
def test_what_is_not_ticked_is_not_given_whatever_was_typed(driver: Client) -> None:
    told = WRONG | ticks("reorder") | {"amount-money-off": "garbage"}
    assert send_case(driver, **told).status_code == 302
    assert Resolution.objects.get().remedy.code == "reorder"


@pytest.mark.once
def test_nothing_chosen_is_said_kindly(driver: Client) -> None:
    answer = send_case(driver, **WRONG)
    assert answer.status_code == 400
    assert "Choose what you give, or open the case" in words(answer)
    assert not Case.objects.exists()


@pytest.mark.once
def test_someone_without_authority_is_told_where_to_get_it(forno: Cast) -> None:
    client = client_of(without_tier(forno))
    for answer in (client.get("/cases/new/"), client.post("/cases/new/", WRONG)):
        assert "You have no authority tier yet" in words(answer)
    assert not Case.objects.exists()


@pytest.mark.once
def test_nobody_puts_their_own_case_right(forno: Cast) -> None:
    forno.agent.customer_reference = "555-0100"
    forno.agent.save()
    client = client_of(forno.agent)
    told = WRONG | {"customer_reference": "555-0100"}
    assert "This is your own case." in words(ask_again(client, **told))
    answer = send_case(client, **told, **ticks("reorder"))
    assert (answer.status_code, Case.objects.count()) == (403, 0)
    assert "Ask a colleague to put it right for you." in words(answer)
    assert not AuthorityGap.objects.exists()


@pytest.mark.once
def test_forty_remedies_are_answered_all(forno: Cast) -> None:
    for number in range(40):
        Remedy.objects.create(
            division=forno.division,
            code=f"more-{number}",
            name="Ä" * 80,
            rationale="Why.",
            customer_wording="So.",
            position=number,
        )
    forno.refresh()
    said = words(ask_again(client_of(forno.agent), **WRONG))
    assert said.count("Ä" * 80 + " up to $25.00") == 40


@pytest.mark.once
def test_a_form_that_was_sent_carries_what_was_typed_back(driver: Client) -> None:
    told = WRONG | {"customer_reference": "555-0142", "note": "Gate code 7", "customer_name": "Kim"}
    page = see_options(driver, **told)
    for name in ("order_value", "customer_reference", "customer_name", "note"):
        assert value_of(page, name) == told[name]
    assert 'value="wrong-order" checked' in " ".join(page.content.decode().split())
