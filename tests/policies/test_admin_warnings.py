"""What there is to know about a rule is shown once before it is published, and keeps nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from policies.models import Policy
from tests.admin.desk import Desk, address, errors
from tests.cast import Cast, draft_rule

TEN: dict[str, Any] = {
    "title": "Ten at most",
    "effect": "restrict",
    "measure": "amount",
    "value": "10.00",
    "per": "case",
    "rationale": "Ten is fair.",
    "customer_wording": "I can take ten off.",
}
HIDDEN = "“Five at most” allows no more than this already."


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def shown(answer: Any) -> list[str]:
    """What the page says is worth knowing."""
    return [one.words for one in answer.context.get("warned", [])]


def once_more(answer: Any) -> dict[str, Any]:
    """What the page sends along once it was looked at."""
    return {"looked_at": answer.context["looked_at"], "_publish": "1"}


def test_a_rule_that_another_hides_is_published_on_the_second_look(desk: Desk, forno: Cast) -> None:
    five = forno.rule("Five at most", value="5.00")

    first = desk.add(Policy, **TEN, _publish="1")
    assert shown(first) == [HIDDEN]
    assert errors(first)["__all__"] == ["Look at this once more. It is not published yet."]
    assert address(Policy, "change", five.pk) in first.content.decode()
    assert "Publish all the same" in first.content.decode()
    assert "Please correct" not in first.content.decode(), "nothing is wrong with it"
    assert Policy.objects.get() == five

    assert desk.add(Policy, **TEN, **once_more(first)).status_code == 302
    assert Policy.objects.in_force(timezone.now()).count() == 2


@pytest.mark.once
def test_what_was_not_shown_yet_is_shown_first(desk: Desk, forno: Cast) -> None:
    forno.rule("Five at most", value="5.00")
    first = desk.add(Policy, **TEN, _publish="1")
    forno.rule("Nothing", effect="forbid")

    second = desk.add(Policy, **TEN, **once_more(first))
    assert len(shown(second)) == 2
    assert Policy.objects.filter(title="Ten at most").count() == 0


@pytest.mark.once
def test_a_start_that_is_past_is_said_and_means_now(desk: Desk, forno: Cast) -> None:
    past = {**TEN, "starts_at": "2026-01-01T00:00"}
    first = desk.add(Policy, **past, _publish="1")
    assert shown(first) == ["Its start, 1 January 2026, 00:00, is past: it would hold from now on."]
    desk.add(Policy, **past, **once_more(first))
    starts_at = Policy.objects.get().starts_at
    assert starts_at is not None
    assert timezone.now() - starts_at < timedelta(minutes=1)


@pytest.mark.once
def test_a_draft_says_it_before_anyone_publishes_it(desk: Desk, forno: Cast) -> None:
    forno.rule("Five at most", value="5.00")
    draft = draft_rule(forno, value="10.00")
    assert shown(desk.page(draft)) == [HIDDEN]


@pytest.mark.once
def test_a_rule_in_force_says_what_has_hidden_it_since(desk: Desk, forno: Cast) -> None:
    ten = forno.rule("Ten at most", value="10.00")
    assert shown(desk.page(ten)) == []
    forno.rule("Five at most", value="5.00")
    assert shown(desk.page(ten)) == [HIDDEN]


def test_a_change_is_not_hidden_by_the_version_that_it_replaces(desk: Desk, forno: Cast) -> None:
    five = forno.rule("Five at most", value="5.00")
    answer = desk.change(five, value="10.00", change_reason="More.", _publish="1")
    assert answer.status_code == 302


@pytest.mark.once
def test_a_rule_that_says_too_little_hears_of_that_first(desk: Desk, forno: Cast) -> None:
    forno.rule("Five at most", value="5.00")
    answer = desk.add(Policy, **{**TEN, "measure": "quantity"}, _publish="1")
    assert "Name the remedies" in errors(answer)["remedies"][0]
