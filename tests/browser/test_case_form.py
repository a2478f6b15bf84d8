"""The case form in a real browser: quick, patient, and nothing typed is lost."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from resolutions.models import AuthorityGap, Case, Customer
from tests.browsers import PageMaker
from tests.cast import Cast
from tests.hands import chip, headline, offer, open_form, price
from tests.putting_right import KIM_LEE, put_right, so_many

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.once]


def answer_slowly(page: "Page") -> None:
    """Have each answer take a while, so that something can be done before it comes."""

    def slowly(route: "Route") -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/options/", slowly)


def test_the_answer_comes_while_one_types_and_the_cursor_stays(form: "Page") -> None:
    chip(form, "Wrong order").click()
    headline(form, "Money off the bill").click()
    amount = form.get_by_role("textbox", name="How much? Money off the bill")
    amount.click()
    form.keyboard.type("12", delay=60)
    form.get_by_role("button", name="Give money off the bill · $12.00").wait_for()
    form.keyboard.type(".50", delay=60)
    form.get_by_role("button", name="Give money off the bill · $12.50").wait_for()
    expect(amount).to_have_value("12.50")
    expect(amount).to_be_focused()
    form.keyboard.press("Backspace")
    expect(amount, "the cursor is where it was").to_have_value("12.5")


def test_an_answer_that_comes_late_does_not_undo_what_was_typed_since(form: "Page") -> None:
    answer_slowly(form)
    chip(form, "Wrong order").click()
    form.get_by_label("Order value").type("23.50", delay=90)
    form.get_by_label("Customer").type("555-0142", delay=90)
    form.get_by_text("Nobody is known by this yet").wait_for()
    expect(form.get_by_label("Order value")).to_have_value("23.50")
    expect(form.get_by_label("Customer")).to_have_value("555-0142")


@pytest.mark.parametrize("held", ["finger", "space bar"])
def test_what_is_held_down_while_an_answer_comes_is_ticked(form: "Page", held: str) -> None:
    """It is not replaced before it is let go."""
    chip(form, "Wrong order").click()
    tick, card = form.locator("#id_give-reorder"), headline(form, "Expedited reorder")
    card.wait_for()
    answer_slowly(form)
    with form.expect_response("**/options/"):
        form.get_by_label("Order value").fill("23.50")
        tick.focus()
        if held == "finger":
            card.hover()
            form.mouse.down()
        else:
            form.keyboard.down("Space")
    form.wait_for_timeout(300)
    if held == "finger":
        form.mouse.up()
    else:
        form.keyboard.up("Space")
    form.get_by_role("button", name="Give expedited reorder · $4.00").wait_for()
    expect(tick).to_be_checked()


def test_more_of_something_is_one_press_away(form: "Page") -> None:
    chip(form, "Wrong order").click()
    headline(form, "Free pizza").click()
    form.get_by_role("button", name="Give free pizza · $5.00").wait_for()
    offer(form, "Free pizza").get_by_role("button", name="One more").click()
    form.get_by_role("button", name="Give free pizza · $10.00").wait_for()
    offer(form, "Free pizza").get_by_role("button", name="One less").click()
    form.get_by_role("button", name="Give free pizza · $5.00").wait_for()


def test_the_facts_that_a_reason_asks_for_appear_and_count(form: "Page", forno: Cast) -> None:
    forno.rule(
        "Half an hour late",
        effect="grant",
        value="40.00",
        remedies=["money-off"],
        conditions=[("minutes_late", "ge", "30")],
    )
    chip(form, "Late").click()
    form.get_by_role("link", name="minutes late").click()
    form.keyboard.type("35")
    form.get_by_text("up to $40.00", exact=True).wait_for()
    expect(price(form, "Money off the bill")).to_have_text("up to $40.00")
    chip(form, "Cold food").click()
    form.get_by_label("Minutes late").wait_for(state="detached")


def test_what_the_customer_was_given_before_appears_and_can_be_gone_on_with(
    form: "Page", forno: Cast
) -> None:
    put_right(forno.lead, so_many("reorder"), customer=KIM_LEE, reason_code="cold")
    form.get_by_label("Customer").fill(KIM_LEE.reference)
    form.get_by_role("heading", name="Kim Lee was here before").wait_for()
    form.get_by_role("button", name="Continue with case").click()
    form.get_by_role("heading", name="What happened").wait_for()
    expect(form.get_by_text("The customer came back at the door")).to_be_visible()


def test_a_lost_connection_is_said_and_loses_nothing(form: "Page") -> None:
    chip(form, "Wrong order").click()
    headline(form, "Expedited reorder").wait_for()
    form.context.set_offline(True)
    form.get_by_label("Order value").fill("23.50")
    form.get_by_text("There is no connection right now.").wait_for()
    expect(form.get_by_label("Order value")).to_have_value("23.50")
    form.context.set_offline(False)
    form.get_by_role("button", name="Try again").click()
    form.get_by_text("There is no connection right now.").wait_for(state="hidden")
    headline(form, "Expedited reorder").click()
    form.get_by_role("button", name="Give expedited reorder · $4.00").wait_for()


def test_who_is_signed_out_meanwhile_is_told_and_loses_nothing(form: "Page") -> None:
    form.context.clear_cookies()
    form.get_by_label("Order value").fill("23.50")
    chip(form, "Wrong order").click()
    form.locator("#trouble").wait_for()
    expect(form.get_by_label("Order value")).to_have_value("23.50")


def test_a_refusal_can_be_corrected_where_it_stands(
    granian_server: str, page: "Page", scm: Cast
) -> None:
    scm.rule("At most fifty", value="50.00", remedies=["bill-credit"])
    open_form(page, granian_server, "scm.rep1")
    chip(page, "Billing dispute").click()
    page.get_by_label("Customer").fill("SC-77")
    headline(page, "Bill credit").click()
    page.get_by_role("textbox", name="How much? Bill credit").fill("80")
    page.get_by_text("More than you may give.", exact=True).wait_for()
    page.locator("#give").click()

    page.get_by_role("heading", name="At most fifty").wait_for()
    expect(page.locator(".refused").first).to_be_focused()
    expect(page.get_by_text("“At most fifty: here is what I can do.”").first).to_be_visible()
    amount = page.get_by_role("textbox", name="How much? Bill credit")
    expect(amount, "what may be given of it").to_have_value("50.00")
    page.get_by_role("button", name="Give bill credit · A$50.00").click()
    page.get_by_role("heading", name="Put right").wait_for()
    assert Case.objects.get().customer == Customer.objects.get(reference="SC-77")
    assert AuthorityGap.objects.count() == 1


def test_by_keyboard_alone(form: "Page") -> None:
    press = form.keyboard.press
    chip(form, "Late").locator("input").focus()
    press("ArrowRight")
    headline(form, "Expedited reorder").wait_for()
    form.locator("#id_give-reorder").focus()
    press("Space")
    form.get_by_role("button", name="Give expedited reorder · $4.00").wait_for()
    expect(form.locator("#id_give-reorder")).to_be_focused()
    form.get_by_label("Order value").focus()
    press("Enter")
    assert not Case.objects.exists(), "Enter in a field asks; it never gives"
    for _ in range(40):
        press("Tab")
        if form.evaluate("document.activeElement.id") == "give":
            break
    press("Enter")
    form.get_by_role("heading", name="Put right").wait_for()


def test_without_scripts_a_button_asks_and_all_the_rest_is_the_same(
    granian_server: str, new_page: PageMaker, forno: Cast
) -> None:
    page = new_page(javascript=False)
    open_form(page, granian_server, "forno.driver1")
    chip(page, "Wrong order").click()
    page.get_by_label("Order value").fill("23.50")
    page.get_by_role("button", name="See what you can do").click()
    headline(page, "Free pizza").click()
    headline(page, "Expedited reorder").click()
    page.get_by_role("button", name="Give what you ticked").click()
    expect(page.get_by_role("heading", name="Put right")).to_be_visible()
    assert Case.objects.get().resolutions.count() == 2

    page.get_by_role("link", name="Something more is needed").click()
    headline(page, "Money off the bill").click()
    page.get_by_label("How much? Money off the bill").fill("3")
    page.get_by_role("button", name="Give what you ticked").click()
    expect(page.get_by_text("$108.00 left this month")).to_be_visible()
    assert Case.objects.get().resolutions.count() == 3


def test_an_explanation_is_enough(form: "Page") -> None:
    chip(form, "Late").click()
    form.get_by_text("An explanation was enough").click()
    form.get_by_label("What did you say?").fill("The bridge was closed. I am sorry.")
    form.get_by_role("button", name="Close with these words").click()
    form.get_by_text("Explained, with nothing given").wait_for()
    assert Case.objects.get().outcome_note == "The bridge was closed. I am sorry."


def test_typing_what_decides_nothing_keeps_no_answer_away(form: "Page") -> None:
    form.get_by_text("More about it").click()
    chip(form, "Wrong order").click()
    form.get_by_label("E-mail").fill("kim@example.com")
    headline(form, "Expedited reorder").wait_for()
    expect(form.get_by_label("E-mail")).to_have_value("kim@example.com")
