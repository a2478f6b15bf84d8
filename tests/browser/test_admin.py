"""The admin in a browser: accessible, within the policy, and a rule written by hand."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from employees.models import AuthorityTier
from policies.acknowledge import acknowledge
from policies.models import Policy
from resolutions.gaps import say_what_could_not_be_done
from tests.browsers import PageMaker
from tests.cast import Cast, draft_rule
from tests.gaps import answered, refuse
from tests.hands import assert_accessible, fits, look_at, sign_in
from tests.putting_right import put_right, so_many, so_much
from tests.resolutions.trying.past import tried_limit

pytestmark = [pytest.mark.browser, pytest.mark.once]

LOOKS = [(360, False), (1280, True)]
LISTS = (
    "policies/policy",
    "policies/policy/grid",
    "policies/remedy",
    "policies/reasoncode",
    "employees/employee",
    "employees/authoritytier",
    "employees/team",
    "employees/division",
    "resolutions/case",
    "resolutions/resolution",
    "resolutions/authoritygap",
    "resolutions/trial",
    "resolutions/customer",
    "budgets/budget",
    "budgets/ledgerentry",
)


@pytest.fixture
def lived_in(forno: Cast) -> Cast:
    forno.rule("Never more than the order", measure="percent", value="100", remedies=["money-off"])
    never = forno.rule("A hard rule", effect="forbid", remedies=["voucher"])
    acknowledge(never, acting_employee=forno.agent)
    draft_rule(forno, "A draft", value="5", conditions=[("order_value", "gt", "50")])
    put_right(forno.agent, so_many("free-pizza"), customer="0417-1")
    answered(forno, refuse(forno.agent, so_much("money-off", "40.00")))
    refuse(forno.agent, so_many("free-pizza", 3))
    say_what_could_not_be_done("Flowers for her.", acting_employee=forno.agent)
    return forno


def test_every_page_is_accessible_and_needs_nothing_from_elsewhere(
    granian_server: str, new_page: PageMaker, lived_in: Cast
) -> None:
    page = new_page()
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/")
    look_at(page, "the first page")
    trial = tried_limit(lived_in, lived_in.tiers["Driver"], "1.00")
    lived_in.rule("Two off for cold", value="2.00", remedies=["money-off"], reasons=["cold"])
    for model in LISTS:
        page.goto(f"{granian_server}/admin/{model}/")
        look_at(page, f"list of {model}")
        first = page.locator("#result_list tbody th a").first
        if first.count():
            page.goto(granian_server + str(first.get_attribute("href")))
            look_at(page, f"page of {model}")
    draft = Policy.objects.get(status="draft").pk
    team = lived_in.teams["Brooklyn"].pk
    tier = f"{granian_server}/admin/employees/authoritytier/{lived_in.tiers['Driver'].pk}"
    for path in (
        f"{tier}/history/",
        f"{granian_server}/admin/employees/employee/import/",
        f"{granian_server}/admin/employees/employee/add/",
        f"{granian_server}/admin/policies/policy/add/",
        f"{granian_server}/admin/policies/policy/import/",
        f"{granian_server}/admin/policies/policy/{draft}/delete/",
        f"{granian_server}/admin/employees/employee/{lived_in.agent.pk}/password/",
        f"{granian_server}/admin/policies/policy/?standing=draft",
        f"{granian_server}/admin/policies/policy/grid/?after=late",
        f"{granian_server}/admin/policies/policy/?q=nothing+fits",
        f"{granian_server}/admin/resolutions/authoritygap/advice/",
        f"{granian_server}/admin/resolutions/trial/try/?tier={lived_in.tiers['Driver'].pk}",
        f"{granian_server}/admin/resolutions/trial/{trial.pk}/behind/refused/",
        f"{granian_server}/admin/resolutions/authoritygap/groups/?period=90-days",
        f"{granian_server}/admin/resolutions/authoritygap/answer/?by=team&of={team}",
        f"{granian_server}/admin/password_change/",
    ):
        page.goto(path)
        look_at(page, path)


def test_a_manager_changes_a_limit_and_is_asked_why(
    granian_server: str, new_page: PageMaker, lived_in: Cast
) -> None:
    page = new_page(width=1280)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/employees/authoritytier/")
    page.get_by_role("link", name="Driver").click()
    expect(page.get_by_role("heading", name="Rules that hold for Driver")).to_be_visible()
    page.get_by_label("Limit per case").fill("40")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Say why this changes")).to_be_visible()
    assert_accessible(page, "a limit without a reason")

    page.get_by_label("Why", exact=True).fill("Prices rose.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert AuthorityTier.objects.get(pk=lived_in.tiers["Driver"].pk).limit_per_case == 40
    page.get_by_role("link", name="Driver").first.click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("cell", name="$40.00")).to_be_visible()


def test_a_manager_writes_a_rule_with_two_conditions_and_changes_it(
    granian_server: str, new_page: PageMaker, lived_in: Cast
) -> None:
    page = new_page(width=1280)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/policies/policy/add/")
    page.get_by_label("Title").fill("Very late: money off")
    page.get_by_label("Grants: at least this much").check()
    page.get_by_label("How much").fill("85")
    page.get_by_label("Counted as").select_option("amount")
    page.get_by_label("Money off the bill").check()
    page.get_by_label("Late", exact=True).check()
    _condition(page, 0, "minutes late", "is at least", "45")
    page.get_by_text("Add another Condition").click()
    _condition(page, 1, "order value", "is more than", "20")
    page.get_by_label("Why", exact=True).fill("Nobody waits that long.")
    page.get_by_label("Words to say to the customer").fill("This should not have happened.")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("holds from now on")

    page.get_by_role("link", name="Very late: money off").click()
    sentence = "give Money off the bill, up to $85.00 per case, after Late, when minutes late"
    expect(page.locator(".sentence")).to_contain_text(sentence)
    page.get_by_label("How much").fill("88")
    page.get_by_label("Why it changes").fill("Eighty-five was not enough.")
    page.get_by_role("button", name="Publish the change").click()
    expect(page.locator("#result_list")).to_contain_text("$88.00 per case")
    second = Policy.objects.get(title="Very late: money off", version=2)
    assert second.conditions.count() == 2


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)])
def test_a_manager_looks_up_why_and_sets_a_limit_in_the_grid(
    granian_server: str, new_page: PageMaker, lived_in: Cast, width: int, dark: bool
) -> None:
    lived_in.rule("Never by drivers", effect="forbid", remedies=["reorder"], tiers=["Driver"])
    lived_in.rule("Late: ten", value="10", remedies=["money-off"], reasons=["late"])
    page = new_page(width=width, dark=dark, javascript=False)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/policies/policy/")
    page.get_by_role("link", name="The grid").click()
    row = page.get_by_role("row", name="Money off the bill any reason")
    row.locator("summary").first.click()
    expect(row.get_by_text("So that it is put right on the spot").first).to_be_visible()
    reorder = page.get_by_role("row", name="Expedited reorder any reason")
    reorder.get_by_text("nothing").click()
    expect(page.get_by_text("Never by drivers: that is fair to everyone.").first).to_be_visible()
    assert fits(page)

    row.get_by_role("link", name="Change").first.click()
    page.get_by_label("New limit").fill("40")
    page.get_by_role("button", name="Publish the limit").click()
    expect(page.locator(".errorlist").first).to_be_visible()
    assert fits(page)
    page.get_by_label("Why this far").fill("Forty is what three pizzas cost.")
    page.get_by_label("Words to say to the customer").fill("Let me take that off your bill.")
    page.get_by_label("Why it changes").fill("Prices rose.")
    page.get_by_role("button", name="Publish the limit").click()
    expect(page.locator(".messagelist")).to_contain_text("up to $40.00 from now on")
    expect(row).to_contain_text("$40.00 grant")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_grid_is_accessible_in_every_state(
    granian_server: str, new_page: PageMaker, lived_in: Cast, width: int, dark: bool
) -> None:
    lived_in.rule("Never by drivers", effect="forbid", remedies=["voucher"], tiers=["Driver"])
    lived_in.rule(
        "Ten", value="10", remedies=["money-off"], ends_at=datetime(2090, 1, 1, tzinfo=UTC)
    )
    lived_in.rule(
        "Late: more", effect="grant", value="90", remedies=["money-off"], reasons=["late"]
    )
    page = new_page(width=width, dark=dark)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/policies/policy/grid/")
    assert_accessible(page, "the grid")
    for summary in page.locator("details.cell summary").all():
        summary.click()
    assert_accessible(page, "the grid, with every why")
    assert fits(page) or width > 700, "the grid is wider than the phone"
    region = page.get_by_role("group", name="How far each tier goes with each remedy")
    region.focus()
    expect(region).to_be_focused()

    page.get_by_role("link", name="Change how far Driver goes with Money off the bill, any").click()
    assert_accessible(page, "a cell")
    page.get_by_label("New limit").fill("12")
    page.get_by_label("Why it changes").fill("Prices rose.")
    page.get_by_role("button", name="Publish the limit").click()
    expect(page.get_by_role("heading", name="What stands in the way")).to_be_visible()
    assert_accessible(page, "a cell with what stands in the way")
    assert fits(page)


def test_on_paper_the_grid_has_its_reasons_as_notes(
    granian_server: str, new_page: PageMaker, lived_in: Cast
) -> None:
    page = new_page(width=1032)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/policies/policy/grid/")
    notes = page.get_by_role("region", name="Notes")
    expect(notes).to_have_count(0)
    page.emulate_media(media="print")
    expect(notes).to_contain_text("Never more than the order: that is fair to everyone.")
    expect(page.get_by_text("and at most 100 % of the order per case").last).to_be_visible()
    for hidden in ("#header", "#nav-sidebar", ".grid-filter"):
        expect(page.locator(hidden)).to_be_hidden()
    assert fits(page)
    page.emulate_media(media="screen")


def test_on_a_phone_rows_stand_alone_and_name_their_cells(
    granian_server: str, new_page: PageMaker, lived_in: Cast
) -> None:
    page = new_page(width=360)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/policies/policy/add/")
    page.get_by_text("Add another Condition").click()
    for name in ("Fact", "Compared", "Value", "Within days"):
        field = page.get_by_label(name, exact=True).nth(1)
        field.scroll_into_view_if_needed()
        box = field.bounding_box()
        assert box is not None
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 360, name
    page.locator("#conditions-1").get_by_role("button", name="Remove").click()
    expect(page.locator("#conditions-1")).to_have_count(0)

    page.goto(f"{granian_server}/admin/employees/employee/")
    row = page.locator("#result_list tbody tr").first
    limit = row.locator(".field-limit")
    assert "Limit per case" in str(limit.evaluate("e => getComputedStyle(e, '::before').content"))
    expect(limit).to_be_in_viewport()


def _condition(page: Page, row: int, fact: str, operator: str, value: str) -> None:
    page.locator(f"#id_conditions-{row}-fact").select_option(label=fact)
    page.locator(f"#id_conditions-{row}-operator").select_option(label=operator)
    page.locator(f"#id_conditions-{row}-value").fill(value)
