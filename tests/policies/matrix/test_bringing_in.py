"""Bringing in a matrix: looked at first, then all of it or nothing, as drafts or published."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from policies.models import Policy
from policies.publish import withdraw
from tests.admin.desk import Desk, problems, said
from tests.cast import Cast, draft_rule
from tests.policies.matrix.sheets import (
    bring_in,
    changes,
    look_at,
    notes,
    rule_row,
    sheet,
    take_out,
    what_happens,
)

NEXT_YEAR = datetime(2031, 1, 1, 5, 0, tzinfo=UTC)  # midnight in New York


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_brought_in_again_changes_nothing(desk: Desk, forno: Cast, kind: str) -> None:
    forno.rule("One", value="25.00", remedies=["money-off", "voucher"], reasons=["late"])
    forno.rule("Two", effect="forbid", channels=["email"], tiers=["Driver"])
    forno.rule("Three", value="5", starts_at=NEXT_YEAR)
    draft_rule(forno, "A draft", value="7")
    before = list(Policy.objects.order_by("pk").values())
    answer = look_at(desk, take_out(desk, kind))
    assert what_happens(answer) == [(2, "same"), (3, "same"), (4, "same")]
    assert "There is nothing to import." in answer.content.decode()
    desk.confirm(Policy, answer)
    assert list(Policy.objects.order_by("pk").values()) == before


def test_a_new_rule_is_published_and_decides(desk: Desk, forno: Cast) -> None:
    answer = look_at(desk, sheet(rule_row("Never over ten", value="$10", remedies="money-off")))
    assert what_happens(answer) == [(2, "new")]
    assert "$10.00 per case" in answer.content.decode()
    assert not Policy.objects.exists()
    assert said(desk.confirm(Policy, answer)) == ["1 new, 0 changed, 0 as they were."]
    rule = Policy.objects.get()
    assert (rule.title, rule.value, rule.status) == ("Never over ten", Decimal(10), "published")
    assert rule.published_by == forno.manager


def test_a_title_that_a_rule_has_changes_that_rule(desk: Desk, forno: Cast) -> None:
    old = forno.rule("Ten", value="10.00", remedies=["money-off"])
    forno.rule("Not in the file", value="9.00")
    data = sheet({"title": "Ten", "value": "12", "remedies": "Voucher"})
    answer = look_at(desk, data, reason="Prices rose.")
    assert changes(answer) == [("How much", "10.00", "12.00"), ("Remedies", "money-off", "voucher")]
    desk.confirm(Policy, answer)
    new = Policy.objects.get(version=2)
    assert (new.series, new.value, new.change_reason) == (old.series, 12, "Prices rose.")
    assert [r.code for r in new.remedies.all()] == ["voucher"]
    old.refresh_from_db()
    assert old.value == 10
    assert Policy.objects.count() == 3


def test_a_title_is_found_however_it_is_capitalised(desk: Desk, forno: Cast) -> None:
    old = forno.rule("Never more than the order", value="10.00")
    answer = look_at(desk, sheet({"title": "never more than the ORDER", "value": "12"}), reason="x")
    assert changes(answer) == [
        ("Title", "Never more than the order", "never more than the ORDER"),
        ("How much", "10.00", "12.00"),
    ]
    other = forno.rule("NEVER more than the order", value="11.00")
    exactly = sheet({"title": "NEVER more than the order", "value": "13"})
    desk.confirm(Policy, look_at(desk, exactly, reason="x"))
    assert Policy.objects.get(value=13).series == other.series != old.series
    either = sheet(rule_row("never more than the order"))
    [(_, column, words)] = problems(look_at(desk, either, reason="x"))
    assert (column, words[:29]) == ("title", "Several rules are called so. ")


def test_a_rule_id_names_the_rule_whatever_it_is_called_now(desk: Desk, forno: Cast) -> None:
    old = forno.rule("Ten", value="10.00")
    row = {"rule_id": str(old.series), "title": "At most ten", "value": "10"}
    answer = look_at(desk, sheet(row), reason="Clearer.")
    assert changes(answer) == [("Title", "Ten", "At most ten")]
    desk.confirm(Policy, answer)
    assert Policy.objects.get(version=2).series == old.series


def test_as_drafts_nothing_decides_yet(desk: Desk, forno: Cast) -> None:
    old = forno.rule("Ten", value="10.00", conditions=[("order_value", "gt", "5")])
    rows = sheet(rule_row("Ten", value="12"), rule_row("New", starts_at="2026-01-01"),
                 columns=[*rule_row(), "starts_at"])  # fmt: skip
    answer = bring_in(desk, rows, published=False)
    assert said(answer) == [
        "1 new, 1 changed, 0 as they were.",
        "They are kept as drafts, and decide nothing until you publish them.",
    ]
    listed = answer.context["cl"].result_list  # one lands where they are
    assert {row.title for row in listed if row.status == "draft"} == {"New", "Ten"}
    drafts = Policy.objects.drafts().order_by("title")
    assert [(d.title, d.value, d.starts_at) for d in drafts] == [
        ("New", 25, None),
        ("Ten", 12, None),
    ]
    assert drafts[1].series == old.series
    assert drafts[1].conditions.get().value == "5"
    assert Policy.objects.in_force(timezone.now()).get() == old


@pytest.mark.once
def test_a_change_of_rules_says_why(desk: Desk, forno: Cast) -> None:
    forno.rule("Ten", value="10.00")
    data = sheet({"title": "Ten", "value": "12"})
    answer = look_at(desk, data)
    [(line, column, words)] = problems(answer)
    assert (line, column) == (None, "")
    assert words.startswith("Say why the rules change")
    assert what_happens(look_at(desk, data, published=False)) == [(2, "changed")]


def test_a_start_that_is_past_means_from_now_on(desk: Desk) -> None:
    answer = look_at(desk, sheet(rule_row("Old", starts_at="2020-01-01")))
    assert notes(answer) == ["Its start is past: it holds from the moment it is published."]
    before = timezone.now()
    desk.confirm(Policy, answer)
    starts = Policy.objects.get().starts_at
    assert starts is not None
    assert before <= starts <= timezone.now()


def test_a_start_to_come_is_kept(desk: Desk, forno: Cast) -> None:
    old = forno.rule("Ten", value="10.00")
    data = sheet({"title": "Ten", "value": "12", "starts_at": "2031-01-01"})
    bring_in(desk, data, reason="From next year on.")
    assert Policy.objects.get(version=2).starts_at == NEXT_YEAR
    assert Policy.objects.in_force(timezone.now()).get() == old


def test_a_rule_with_a_version_to_come_has_two_rows(desk: Desk, forno: Cast) -> None:
    forno.rule("Ten", value="10.00")
    bring_in(desk, sheet({"title": "Ten", "value": "12", "starts_at": "2031-01-01"}), reason="x")
    data = take_out(desk, "csv")
    assert what_happens(look_at(desk, data)) == [(2, "same"), (3, "same")]

    changed = data.replace(b"10.00", b"11.00")
    answer = look_at(desk, changed, reason="y")
    assert what_happens(answer) == [(2, "changed"), (3, "changed")]
    assert notes(answer)[-1].startswith("Published again")
    desk.confirm(Policy, answer)
    assert [r.value for r in Policy.objects.in_force(timezone.now())] == [11]
    assert [r.value for r in Policy.objects.scheduled(timezone.now())] == [12]
    assert [r.value for r in Policy.objects.in_force(NEXT_YEAR)] == [12]

    [(line, column, words)] = problems(
        look_at(desk, sheet({"title": "Ten", "value": "13"}), reason="z")
    )
    assert (line, column) == (2, "title")
    assert words.startswith("From 2031-01-01 on another version of this rule is to hold")


def test_a_rule_that_is_to_be_withdrawn_comes_out_with_its_end(desk: Desk, forno: Cast) -> None:
    rule = forno.rule("Ten", value="10.00")
    withdraw(rule, withdrawn_by=forno.manager, change_reason="Enough.", starts_at=NEXT_YEAR)
    data = take_out(desk, "csv")
    assert b",2031-01-01\r\n" in data
    assert what_happens(look_at(desk, data)) == [(2, "same")]


@pytest.mark.once
def test_what_holds_already_though_it_could_not_be_written_now_stays(
    desk: Desk, forno: Cast
) -> None:
    conditions = [("minutes_late", "ge", "30"), ("customer_segment", "eq", "a; b")]
    forno.rule("Late", effect="grant", value="5", reasons=["late"], conditions=conditions)
    forno.reasons["late"].asked_facts.all().delete()
    for kind in ("csv", "xlsx"):
        assert what_happens(look_at(desk, take_out(desk, kind))) == [(2, "same")]
    answer = look_at(desk, take_out(desk, "csv").replace(b"minutes_late", b"days_late"), reason="x")
    assert problems(answer)[0][:2] == (2, "conditions")
    answer = look_at(desk, take_out(desk, "csv").replace(b",5.00,", b",6.00,"), reason="x")
    words = "Nothing asks for a fact called “minutes_late”."
    assert problems(answer) == [(2, "conditions", words)]


@pytest.mark.once
def test_an_end_and_a_start_in_ones_own_time_zone(desk: Desk) -> None:
    row = rule_row("Soon", starts_at="2031-01-01", ends_at="2031-01-02 12:00")
    bring_in(desk, sheet(row))
    rule = Policy.objects.get()
    assert (rule.starts_at, rule.ends_at) == (NEXT_YEAR, NEXT_YEAR + timedelta(hours=36))


@pytest.mark.once
def test_a_new_row_is_shown_with_its_words_and_its_dates(desk: Desk) -> None:
    row = rule_row("Soon", starts_at="2031-01-01 02:30", ends_at="2031-01-02 12:00")
    now = rule_row("Now", starts_at="", ends_at="")
    page = " ".join(look_at(desk, sheet(row, now)).content.decode().split())
    assert page.count("To the customer: “Here is what I can do.”") == 2
    assert "From 1 January 2031, 02:30 until 2 January 2031, 12:00 </p>" in page
    assert "From the moment it is published </p>" in page


@pytest.mark.once
def test_what_is_worth_knowing_is_said_beside_the_row(desk: Desk, forno: Cast) -> None:
    forno.rule("Ten", value="10.00", remedies=["money-off"])
    less = rule_row("Twelve", value="12", remedies="money-off")
    [words] = notes(look_at(desk, sheet(less)))
    assert "Ten" in words
    assert notes(look_at(desk, sheet(less), published=False)) == []
    # The file itself takes that rule away, and brings another one.
    both = sheet({**less, "title": "Ten", "value": "14"}, {**less, "value": "15"})
    of_file = notes(look_at(desk, both, reason="x"))
    assert len(of_file) == 1
    assert "“Ten”" in of_file[0]
