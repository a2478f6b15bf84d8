"""The tap in the mail counts when a person made it, and not when a program follows the links."""

from collections.abc import Callable, Iterator
from email.message import Message
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import Request, expect

from resolutions.followup import send_due_follow_ups
from resolutions.models import FollowUp, SurveyResponse
from tests.browsers import KeptPages, PageMaker
from tests.cast import Cast
from tests.hands import assert_accessible_day_and_night
from tests.resolutions.test_followup import parts
from tests.surveys import A_DAY, asked, owed, page_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.once]

# A browser that people use, and the ones of some scanners, don't say that they are driven.
UNDRIVEN = "Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false })"
LEAVES = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""
Open = Callable[..., "Page"]
THANKS = "Thank you. You said {} of 5."


@pytest.fixture
def mail(granian_server: str, forno: Cast) -> FollowUp:
    """A mail that was sent just now, while the program is served."""
    return asked(forno, order_reference="4711")


@pytest.fixture(scope="module")
def persons_page(kept_pages: KeptPages) -> Iterator["Page"]:
    """A page on a phone that does not say that it is driven. Its clock stands until it is moved."""
    context = kept_pages.browser.new_context(
        has_touch=True, viewport={"width": 360, "height": 740}, locale="en-US"
    )
    context.add_init_script(UNDRIVEN)
    context.clock.install()
    yield context.new_page()
    context.close()


@pytest.fixture
def opened(granian_server: str, persons_page: "Page") -> Open:
    """Opens a page of a mail as a person does, or a clever program: `opened(mail, 4)`."""

    def open_page(mail: FollowUp, *parts: str | int) -> "Page":
        persons_page.goto(granian_server + page_of(mail, *parts))
        return persons_page

    return open_page


def posts(page: "Page") -> list[str]:
    """What the page sends from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    return sent


def said() -> Any:
    return SurveyResponse.objects.values_list("score", "aspect", "comment", "by_hand").first()


def test_a_persons_tap_in_the_mail_counts_and_the_page_takes_more(
    opened: Open, mail: FollowUp
) -> None:
    page = opened(mail, 4)
    expect(page.get_by_role("status")).to_have_text("Press Send, and your 4 counts.")
    page.clock.run_for(2100)  # somebody looks at it
    expect(page.get_by_role("status")).to_have_text(THANKS.format(4))
    assert said() == (4, "", "", False)

    page.get_by_text("Say more, if you like").click()
    page.get_by_text("The person I spoke to").click()
    page.get_by_label("In your words").fill("Marco was lovely.")
    page.locator(".score", has_text="5").click()
    page.clock.run_for(700)
    expect(page.get_by_role("status")).to_have_text(THANKS.format(5))
    assert said() == (5, "", "", True)
    page.get_by_role("button", name="Send 5").click()
    page.wait_for_url(lambda url: url.endswith(page_of(mail)))
    expect(page.get_by_label("In your words")).to_have_value("Marco was lovely.")
    assert said() == (5, "person", "Marco was lovely.", True)


def test_a_sign_of_a_person_sends_it_at_once_and_so_does_leaving(
    opened: Open, forno: Cast, mail: FollowUp
) -> None:
    page = opened(mail, 4)
    page.get_by_role("heading", name="Did we put it right?").click()
    expect(page.get_by_role("status")).to_have_text(THANKS.format(4))
    assert said() == (4, "", "", True)

    left = asked(forno)
    page = opened(left, 2)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.evaluate(LEAVES)
    answer = SurveyResponse.objects.get(follow_up=left)
    assert (answer.score, answer.by_hand) == (2, False)


def test_a_scanner_that_runs_scripts_leaves_nothing_and_a_hand_counts_after_it(
    opened: Open, mail: FollowUp
) -> None:
    for score in (1, 2):
        page = opened(mail, score)
        with page.expect_response(lambda response: response.request.method == "POST") as sent:
            page.evaluate("() => document.getElementById('main').click()")  # by no hand
            page.clock.run_for(5000)
        assert sent.value.json()["counts"] is (score == 1)
    mail.refresh_from_db()
    assert mail.scanned_at is not None

    more = posts(page)
    for score in (3, 4, 5):
        page = opened(mail, score)
        page.evaluate("() => document.getElementById('main').click()")
        page.clock.run_for(5000)
    assert (more, said()) == ([], None)

    page.get_by_role("heading", name="Did we put it right?").click()
    expect(page.get_by_role("status")).to_have_text(THANKS.format(5))
    assert said() == (5, "", "", True)


def test_the_link_that_nobody_sees_gives_a_scanner_away(opened: Open, mail: FollowUp) -> None:
    page = opened(mail, "all")
    with page.expect_response(lambda response: response.status == 204):
        page.clock.run_for(2100)
    mail.refresh_from_db()
    assert mail.scanned_at is not None


def test_a_browser_that_says_it_is_driven_sends_nothing_by_itself(
    granian_server: str, page: "Page", mail: FollowUp
) -> None:
    page.goto(granian_server + page_of(mail, 4))
    assert page.evaluate("() => navigator.webdriver")
    sent = posts(page)
    page.get_by_role("heading", name="Did we put it right?").click()
    page.evaluate(LEAVES)
    expect(page.get_by_role("status")).to_have_text("Press Send, and your 4 counts.")
    assert (sent, said()) == ([], None)


def test_by_keys_alone_the_number_that_one_settles_on_is_sent(opened: Open, mail: FollowUp) -> None:
    page = opened(mail)
    for key in ("Tab", "Tab", "ArrowDown", "ArrowDown"):  # the skip link, then the numbers
        page.keyboard.press(key)
    page.clock.run_for(700)
    expect(page.get_by_role("status")).to_have_text(THANKS.format(3))
    assert said() == (3, "", "", True)


def test_without_scripts_the_button_sends_it(
    granian_server: str, new_page: PageMaker, mail: FollowUp
) -> None:
    page = new_page(javascript=False)
    page.goto(granian_server + page_of(mail, 4))
    page.locator(".score", has_text="2").click()
    page.get_by_role("button", name="Send 2").click()
    expect(page.get_by_role("status")).to_have_text(THANKS.format(2))
    page.get_by_role("link", name="No more of these mails").click()
    page.get_by_role("button", name="Send me no more of them").click()
    expect(page.get_by_role("heading")).to_have_text("You get no more of these mails")


def test_mail_and_pages_are_accessible(
    granian_server: str, forno: Cast, page: "Page", smtp_sink: list[Message]
) -> None:
    mail = owed(forno, at=timezone.now() - A_DAY, order_reference="4711")
    send_due_follow_ups(at=timezone.now())
    page.set_content(parts(smtp_sink[0])["text/html"])
    assert_accessible_day_and_night(page, "the mail")
    page.goto(granian_server + page_of(mail, 4))
    page.get_by_text("Say more, if you like").click()
    page.locator(".score", has_text="5").click()
    page.get_by_label("In your words").evaluate("field => field.removeAttribute('maxlength')")
    page.get_by_label("In your words").fill("x" * 2001)
    page.get_by_role("button", name="Send 5").click()
    page.get_by_text("Write at most 2,000 characters").wait_for()
    assert_accessible_day_and_night(page, "too many words")
    page.goto(granian_server + page_of(mail, "no-more"))
    assert_accessible_day_and_night(page, "no more")
    page.goto(f"{granian_server}/how-it-went/cut/")
    assert_accessible_day_and_night(page, "a link that was cut")
