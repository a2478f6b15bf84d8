"""A matrix that was brought in as drafts is brought in again: the same drafts, not others."""

from typing import Any

import pytest
from django.utils import timezone

from policies.models import Policy
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

NEW = rule_row("New", remedies="voucher", conditions="order_value > 5")


def drafts() -> list[Any]:
    return list(Policy.objects.drafts().order_by("pk").values())


@pytest.fixture
def draft(desk: Desk) -> Policy:
    bring_in(desk, sheet(NEW), published=False)
    return Policy.objects.drafts().get()


def test_the_same_row_again_makes_no_second_draft(desk: Desk, draft: Policy) -> None:
    before = drafts()
    answer = look_at(desk, sheet(NEW), published=False)
    assert what_happens(answer) == [(2, "same")]
    desk.confirm(Policy, answer)
    assert drafts() == before


def test_another_figure_changes_the_draft_and_is_shown_so(desk: Desk, draft: Policy) -> None:
    more = {**NEW, "value": "30", "remedies": "money-off", "conditions": "order_value > 6"}
    answer = look_at(desk, sheet(more), published=False)
    assert what_happens(answer) == [(2, "changed")]
    assert changes(answer) == [
        ("How much", "25.00", "30.00"),
        ("Remedies", "voucher", "money-off"),
        ("Only if", "order_value > 5.00", "order_value > 6.00"),
    ]
    assert notes(answer) == ["This title is that of a draft, which is changed."]
    desk.confirm(Policy, answer)
    changed = Policy.objects.drafts().get()
    assert (changed.pk, changed.series, changed.value) == (draft.pk, draft.series, 30)
    assert [remedy.code for remedy in changed.remedies.all()] == ["money-off"]
    assert [condition.value for condition in changed.conditions.all()] == ["6.00"]


@pytest.mark.once
def test_published_it_is_that_draft_and_needs_no_reason(desk: Desk, draft: Policy) -> None:
    answer = look_at(desk, sheet(NEW))
    assert what_happens(answer) == [(2, "changed")]
    assert notes(answer) == ["This title is that of a draft, which is published as this row says."]
    desk.confirm(Policy, answer)
    rule = Policy.objects.get()
    assert (rule.pk, rule.status, rule.version) == (draft.pk, "published", 1)
    assert Policy.objects.in_force(timezone.now()).get() == rule


def test_a_draft_that_someone_edits_meanwhile_is_not_overwritten(desk: Desk, draft: Policy) -> None:
    looked_at = look_at(desk, sheet({**NEW, "value": "30"}), published=False)
    Policy.objects.filter(pk=draft.pk).update(rationale="A better reason.")
    before = drafts()
    answer = desk.confirm(Policy, looked_at)
    assert said(answer) == ["Something changed meanwhile. Nothing was saved: look again."]
    assert drafts() == before


@pytest.mark.once
def test_a_published_rule_goes_before_a_draft_of_its_title(desk: Desk, forno: Cast) -> None:
    rule, draft = forno.rule("Ten", value="10.00"), draft_rule(forno, "Ten", value="9.00")
    row = sheet({"title": "Ten", "value": "12"})
    assert changes(look_at(desk, row, reason="x")) == [("How much", "10.00", "12.00")]
    assert what_happens(look_at(desk, take_out(desk, "csv"))) == [(2, "same")]
    bring_in(desk, row, reason="x")
    assert Policy.objects.get(version=2).series == rule.series
    draft.refresh_from_db()
    assert (draft.value, draft.status) == (9, "draft")


@pytest.mark.once
def test_the_next_version_of_a_published_rule_is_no_draft_by_itself(
    desk: Desk, forno: Cast
) -> None:
    rule = forno.rule("Ten", value="10.00")
    bring_in(desk, sheet({"title": "Ten", "value": "12"}), published=False)
    answer = look_at(desk, sheet({"title": "Ten", "value": "12"}), reason="x")
    assert changes(answer) == [("How much", "10.00", "12.00")]
    desk.confirm(Policy, answer)
    assert Policy.objects.get(version=2).series == rule.series
    assert Policy.objects.drafts().get().series == rule.series


@pytest.mark.once
def test_a_title_that_several_drafts_have_names_none(desk: Desk, forno: Cast) -> None:
    for value in ("1", "2"):
        draft_rule(forno, "Ten", value=value)
    words = "Several drafts are called so. Delete all but one, or rename them."
    assert problems(look_at(desk, sheet(rule_row("Ten")))) == [(2, "title", words)]


def test_the_versions_of_a_rule_from_elsewhere_are_found_by_their_dates(desk: Desk) -> None:
    foreign = {"rule_id": "6a6f7c1e-1f64-4a35-8a5e-2f1f0f1d0c11"}
    rows = [
        rule_row("Ten", **foreign, value="10", starts_at="2020-01-01"),
        rule_row("Ten", **foreign, value="12", starts_at="2031-01-01"),
    ]
    bring_in(desk, sheet(*rows), published=False)
    assert what_happens(look_at(desk, sheet(*rows), published=False)) == [(2, "same"), (3, "same")]
    assert len({draft.series for draft in Policy.objects.drafts()}) == 1
    [(line, _, words)] = problems(look_at(desk, sheet(*rows)))
    assert (line, words[:28]) == (None, "Say why the rules change, in")
    bring_in(desk, sheet(*rows), reason="x")
    assert [(rule.version, rule.value) for rule in Policy.objects.order_by("version")] == [
        (1, 10),
        (2, 12),
    ]


def test_a_start_that_has_passed_since_is_now(desk: Desk, draft: Policy) -> None:
    Policy.objects.update(starts_at="2026-01-01T05:00Z")
    bring_in(desk, sheet({"title": "New"}))
    rule = Policy.objects.get()
    assert rule.starts_at == rule.published_at
