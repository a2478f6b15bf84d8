"""The list of rules: by where they stand, and in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from policies.models import Policy
from policies.publish import publish
from tests.admin.desk import Desk, address
from tests.cast import Cast, draft_rule

NO_CASH = {
    "title": "No cash for gift cards",
    "effect": "forbid",
    "per": "case",
    "rationale": "Stolen cards are emptied that way.",
    "customer_wording": "I can put it on a new card for you right now.",
}


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def the(title: str, **of: Any) -> Policy:
    return Policy.objects.get(title=title, **of)


def test_the_list_shows_what_is_in_force_scheduled_past_and_a_draft(
    desk: Desk, forno: Cast
) -> None:
    now = forno.rule("Now", value="15")
    over = draft_rule(forno, "Over", value="9", ends_at=datetime(2026, 2, 1, tzinfo=UTC))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    publish(over, published_by=forno.manager, starts_at=start, at=start)
    soon = draft_rule(forno, "Soon", value="12")
    publish(soon, published_by=forno.manager, starts_at=timezone.now() + timedelta(days=3))
    draft = draft_rule(forno, "Draft", value="1")
    listed = {
        standing: desk.list(Policy, standing=standing)
        for standing in ("in-force", "scheduled", "past", "draft")
    }
    assert listed == {"in-force": [now], "scheduled": [soon], "past": [over], "draft": [draft]}
    assert desk.list(Policy) == [now]
    assert set(desk.list(Policy, standing="all")) == {now, over, soon, draft}
    assert desk.list(Policy, standing="nonsense") != []


def test_a_scheduled_change_that_is_overtaken_is_past_and_not_to_come(
    desk: Desk, forno: Cast
) -> None:
    first = forno.rule("Vouchers", value="15")
    soon = (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")
    desk.change(first, value="18", change_reason="Later.", starts_at=soon)
    assert "replaces that one too" in desk.page(first).content.decode()
    desk.change(first, value="20", change_reason="Now.")
    assert desk.list(Policy, standing="scheduled") == []
    assert {row.version for row in desk.list(Policy, standing="past")} == {1, 2}
    assert [row.version for row in desk.list(Policy)] == [3]


def test_rules_are_found_by_their_words_and_by_what_they_cover(desk: Desk, forno: Cast) -> None:
    forno.rule("Vouchers", value="15", remedies=["voucher"])
    forno.rule("Leads", value="70", tiers=["Shift lead"])
    assert [r.title for r in desk.list(Policy, q="Shift lead")] == ["Leads"]
    assert [r.title for r in desk.list(Policy, q="voucher")] == ["Vouchers"]
    assert desk.list(Policy, effect__exact="grant") == []
    asked = {"remedies__id__exact": forno.remedies["voucher"].pk}
    assert [r.title for r in desk.list(Policy, **asked)] == ["Vouchers"]


def test_the_list_says_each_rule_in_words(desk: Desk, forno: Cast) -> None:
    how = {"reasons": ["late"], "conditions": [("minutes_late", "ge", "30")]}
    forno.rule("Vouchers", value="15", remedies=["voucher"], **how)
    page = desk.client.get(address(Policy, "changelist")).content.decode()
    for words in (
        "At most",
        "$15.00 per case",
        "Voucher, after Late",
        "minutes late is at least 30",
        "1 · in force",
    ):
        assert words in page
