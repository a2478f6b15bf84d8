"""What is wrong with a matrix is told by line and column, and nothing of it is saved."""

import pytest

from policies.models import Policy
from tests.admin.desk import Desk, problems
from tests.cast import Cast
from tests.policies.matrix.sheets import (
    look_at,
    rule_row,
    sheet,
    take_out,
    what_happens,
)

pytestmark = pytest.mark.once

WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"title": ""}, "title", "Write what colleagues would call the rule."),
    ({"title": "x" * 121}, "title", "at most 120 characters"),
    ({"effect": ""}, "effect", "Write one of grant"),
    ({"effect": "allow"}, "effect", "“allow” is none of grant, restrict, forbid."),
    ({"measure": ""}, "measure", "Say what is counted"),
    ({"measure": "euros"}, "measure", "is none of amount"),
    ({"value": ""}, "value", "Say how much."),
    ({"value": "a lot"}, "value", "Write an amount of money, such as 23.50."),
    ({"value": "1.005"}, "value", "has 2 decimal places"),
    ({"value": "-1"}, "value", "from 0 on"),
    ({"value": "1" * 12}, "value", "below 10,000,000,000"),
    ({"measure": "percent", "value": "1.00005"}, "value", "at most four places"),
    ({"measure": "times", "value": "1.5"}, "value", "Write a whole number."),
    ({"measure": "quantity"}, "remedies", "Name the remedies"),
    ({"effect": "forbid", "value": ""}, "measure", "counts nothing"),
    ({"effect": "forbid", "measure": ""}, "value", "has no value"),
    ({"per": "week"}, "per", "is none of case, order, customer"),
    ({"window_days": "30"}, "window_days", "Days are counted per customer only."),
    ({"per": "customer", "window_days": "0"}, "window_days", "Count from 1"),
    ({"per": "customer", "window_days": "soon"}, "window_days", "not a whole number"),
    ({"per": "customer", "window_days": "9" * 11}, "window_days", "at most nine digits"),
    ({"reason_codes": "late; rude"}, "reason_codes", "“rude” in this division. Known: late, "),
    ({"remedies": "keep-item"}, "remedies", "no remedy “keep-item” in this division"),
    ({"tiers": "Care agent"}, "tiers", "no tier “Care agent” in this division"),
    ({"teams": '"Brooklyn'}, "teams", "quotation mark is not closed"),
    ({"channels": "fax"}, "channels", "“fax” is not a channel"),
    ({"conditions": "minutes_late >= 30"}, "reason_codes", "Name the reason codes"),
    ({"conditions": "weather = rain"}, "conditions", "does not begin with a fact"),
    ({"entitlement": "yes"}, "entitlement", "Only a grant"),
    ({"allows_grace": "maybe"}, "allows_grace", "write yes or no"),
    ({"rationale": " "}, "rationale", "Say why: the employee reads it"),
    ({"rationale": "x" * 4_001}, "rationale", "Write at most 4,000 characters."),
    ({"customer_wording": "x" * 4_001}, "customer_wording", "Write at most 4,000 characters."),
    ({"customer_wording": ""}, "customer_wording", "Write what one can say to the customer."),
    ({"starts_at": "01/03/2031"}, "starts_at", "write 2026-03-01"),
    ({"starts_at": "9999-12-31 23:59"}, "starts_at", "calendar"),
    ({"starts_at": "2032-03-14 02:30"}, "starts_at", "it may be ambiguous or it may not exist"),
    ({"ends_at": "2032-11-07 01:30"}, "ends_at", "it may be ambiguous or it may not exist"),
    ({"ends_at": "2020-01-01"}, "ends_at", "The end comes before the start."),
    ({"rule_id": "R-17"}, "rule_id", "This is no rule id."),
    ({"rationale": "NUL\x00"}, "rationale", "no text (NUL)"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "column", "words"), WRONG)
def test_a_wrong_cell_is_told_by_line_and_column_and_nothing_is_saved(
    desk: Desk, cells: dict[str, str], column: str, words: str
) -> None:
    columns = list(dict.fromkeys([*rule_row(), *cells]))
    answer = look_at(desk, sheet(rule_row("Fine"), rule_row("Wrong") | cells,
                                 columns=columns))  # fmt: skip
    found = problems(answer)
    assert [(line, name) for line, name, _ in found] == [(3, column)]
    assert words in found[0][2]
    assert "Nothing was imported." in answer.content.decode()
    assert "confirm_form" not in answer.context
    assert not Policy.objects.exists()


def test_all_that_is_wrong_is_told_at_once(desk: Desk) -> None:
    rows = rule_row("A", value="x", remedies="y", rationale=""), rule_row("B", per="z")
    answer = look_at(desk, sheet(*rows, columns=[*rule_row(), "remedies", "per"]))
    assert {(line, column) for line, column, _ in problems(answer)} == {
        (2, "value"),
        (2, "remedies"),
        (2, "rationale"),
        (3, "per"),
    }


def test_two_rows_about_one_rule_are_refused(desk: Desk, forno: Cast) -> None:
    old = forno.rule("Ten", value="10.00")
    words = "Line 2 is about the same rule. Leave one of them."
    twice = sheet(rule_row("New"), rule_row("New", value="1"))
    assert problems(look_at(desk, twice)) == [(3, "title", words)]
    in_capitals = sheet(rule_row("New"), rule_row("NEW", value="1"))
    assert problems(look_at(desk, in_capitals)) == [(3, "title", words)]
    both = sheet(rule_row("Ten", rule_id=""), rule_row("Other", rule_id=str(old.series)))
    assert problems(look_at(desk, both, reason="x")) == [(3, "rule_id", words)]


def test_a_title_that_several_rules_have_names_none(desk: Desk, forno: Cast) -> None:
    forno.rule("Ten", value="10.00")
    forno.rule("Ten", value="11.00")
    [(line, column, words)] = problems(look_at(desk, sheet(rule_row("Ten")), reason="x"))
    assert (line, column) == (2, "title")
    assert words.startswith("Several rules are called so.")
    assert what_happens(look_at(desk, take_out(desk, "csv"))) == [(2, "same"), (3, "same")]
