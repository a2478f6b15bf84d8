"""A matrix in a browser: sent, put right, looked at and published; day and night, small and big."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from policies.models import Policy
from tests.browsers import PageMaker
from tests.cast import Cast
from tests.hands import assert_accessible_day_and_night, fits, sign_in
from tests.policies.matrix.sheets import rule_row, sheet

BROKEN_WORDS = """[...document.querySelectorAll("table.plain :is(thead th, td code)")]
    .filter(cell => !cell.textContent.includes(" "))
    .filter(cell => { const r = document.createRange(); r.selectNodeContents(cell);
                      return r.getClientRects().length > 1; })
    .map(cell => cell.textContent)"""

pytestmark = [pytest.mark.browser, pytest.mark.once]


def send(page: Page, server: str, file: Path, *, why: str = "") -> None:
    page.goto(f"{server}/admin/policies/policy/import/")
    page.get_by_label("XLSX or CSV file").set_input_files(file)
    page.get_by_label("published, from their dates on").check()
    page.get_by_label("Why", exact=True).fill(why)
    page.get_by_role("button", name="Show what would change").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_manager_brings_in_a_matrix(
    granian_server: str, new_page: PageMaker, forno: Cast, tmp_path: Path, width: int
) -> None:
    forno.rule("Ten", value="10.00", remedies=["voucher"])
    forno.rule("As it was", value="10.00", remedies=["voucher"])
    file = tmp_path / "matrix.csv"
    rows = [
        rule_row("Ten", value="12", remedies="voucher; money-off"),
        rule_row("New", value="9", remedies="voucher", starts_at="2026-01-01"),
        {"title": "As it was", "value": "10", "remedies": "voucher"},
    ]
    columns = [*rule_row(), "remedies", "starts_at"]
    page = new_page(width=width)
    sign_in(page, granian_server, "forno.manager")
    page.goto(f"{granian_server}/admin/policies/policy/")
    page.get_by_role("link", name="Import a matrix").click()
    expect(page.get_by_text("What colleagues would call the rule.")).to_be_visible()
    assert_accessible_day_and_night(page, "the form")

    wrong = {"value": "lots", "starts_at": "2032-03-14 02:30"}  # what there is no time of
    file.write_bytes(sheet(*({**row, **wrong} for row in rows), columns=columns))
    send(page, granian_server, file)
    expect(page.get_by_text("Nothing was imported.")).to_be_visible()
    broken = page.evaluate(BROKEN_WORDS)
    assert not broken, "words of one piece in two lines"
    assert_accessible_day_and_night(page, "what is wrong")

    as_it_was = rule_row("As it was", value="10", remedies="voucher", **words_of("As it was"))
    file.write_bytes(sheet(*rows[:2], as_it_was, columns=columns))
    send(page, granian_server, file, why="Prices rose.")
    expect(page.get_by_text("1 new, 1 changed, 1 as they are.")).to_be_visible()
    assert_accessible_day_and_night(page, "what would change")
    assert fits(page), "wider than the screen"

    page.get_by_role("button", name="Publish: 1 new, 1 changed").click()
    expect(page.locator(".messagelist")).to_contain_text("1 new, 1 changed, 1 as they were.")
    assert Policy.objects.get(title="Ten", version=2).value == 12


def words_of(title: str) -> dict[str, str]:
    rule = Policy.objects.get(title=title)
    return {"rationale": rule.rationale, "customer_wording": rule.customer_wording}
