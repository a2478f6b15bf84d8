"""The manager's money in a browser: topped up from the list, and new budgets applied at once."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from budgets.models import Budget
from budgets.months import open_month
from employees.models import AuthorityTier
from tests.browsers import PageMaker
from tests.cast import Cast
from tests.hands import fits, look_at, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.once]

WIDTHS = [360, 1280]


@pytest.fixture
def months(scm: Cast) -> list[Budget]:
    """The open months of two reps and a lead, of whom one has a new budget coming."""
    opened = [open_month(who, at=timezone.now()) for who in (scm.agent, scm.colleague, scm.lead)]
    AuthorityTier.objects.filter(pk=scm.tiers["Rep"].pk).update(monthly_budget=Decimal(260))
    return opened


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manager_tops_up_from_the_list(
    granian_server: str, new_page: PageMaker, months: list[Budget], width: int
) -> None:
    page = new_page(width=width, javascript=width > 1000)
    sign_in(page, granian_server, "scm.manager")
    page.goto(f"{granian_server}/admin/budgets/budget/?use=untouched")
    expect(page.get_by_text("3 people this month:")).to_be_visible()
    for month in months[:2]:
        page.locator(f"input[value='{month.pk}']").check()
    page.locator("select[name='action']").select_option(label="Top up…")
    page.get_by_role("button", name="Go").click()

    expect(page.get_by_role("heading", name="Top up 2 months")).to_be_visible()
    assert fits(page)
    page.get_by_label("How much for each").fill("a lot")
    page.get_by_role("button", name="Top up 2 months").click()
    expect(page.get_by_text("Write an amount of money")).to_be_visible()
    expect(page.get_by_text("Write why, in a line")).to_be_visible()
    page.get_by_label("How much for each").fill("20")
    page.get_by_label("Why").fill("A storm")
    page.get_by_role("button", name="Top up 2 months").click()

    expect(page.locator(".messagelist")).to_contain_text("Topped up 2 months by A$20.00 each.")
    assert page.url.endswith("?use=untouched")
    assert sorted(Budget.objects.values_list("allotted", flat=True)) == [220, 220, 800]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manager_applies_new_budgets_from_a_tiers_page(
    granian_server: str, new_page: PageMaker, scm: Cast, months: list[Budget], width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, granian_server, "scm.manager")
    page.goto(f"{granian_server}/admin/employees/authoritytier/{scm.tiers['Rep'].pk}/change/")
    page.get_by_role("link", name="Apply new budgets now…").click()
    expect(page.get_by_text("2 open months are raised. None is made smaller.")).to_be_visible()
    assert fits(page)
    page.get_by_label("Why").fill("Prices rose")
    page.get_by_role("button", name="Raise 2 months").click()
    expect(page.locator(".messagelist")).to_contain_text("Raised 2 months.")
    assert sorted(Budget.objects.values_list("allotted", flat=True)) == [260, 260, 800]


def test_every_page_of_the_money_is_accessible(
    granian_server: str, page: "Page", scm: Cast, months: list[Budget]
) -> None:
    owed = Budget.objects.create(kind="entitlements", division=scm.division, month=months[0].month)
    tier, month = scm.tiers["Rep"].pk, months[0].pk
    sign_in(page, granian_server, "scm.manager")
    for path in (
        "budgets/budget/",
        "budgets/budget/?month=last",
        "budgets/budget/?month=2026-01&use=near",
        f"budgets/budget/{month}/change/",
        f"budgets/budget/{owed.pk}/change/",
        f"budgets/budget/{month}/top-up/",
        f"budgets/budget/top-up/?chosen={month},{owed.pk}",
        f"budgets/budget/new-budgets/?chosen={tier}",
        f"employees/authoritytier/{tier}/change/",
    ):
        page.goto(f"{granian_server}/admin/{path}")
        look_at(page, path)
    page.goto(f"{granian_server}/admin/budgets/budget/{month}/top-up/")
    page.get_by_role("button", name="Top up Rep1").click()
    expect(page.get_by_text("Write how much.")).to_be_visible()
    look_at(page, "errors")
