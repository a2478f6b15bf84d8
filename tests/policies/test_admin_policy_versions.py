"""Rules in the admin: changed by a next version, withdrawn, read in the past."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from policies.models import Policy
from policies.publish import publish
from tests.admin.desk import Desk, address, errors, said
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


def test_a_change_of_a_published_rule_is_its_next_version(desk: Desk, forno: Cast) -> None:
    first = forno.rule(
        "Vouchers",
        value="15",
        remedies=["voucher"],
        reasons=["late"],
        conditions=[("minutes_late", "ge", "30")],
        channels=["phone"],
    )
    before = Policy.objects.filter(pk=first.pk).values().get()
    page = desk.page(first).content.decode()
    assert "Publish the change" in page
    assert 'value="15.00"' in page

    answer = desk.change(first, value="20", change_reason="Prices rose.")
    assert answer.status_code == 302
    assert Policy.objects.filter(pk=first.pk).values().get() == before
    second = the("Vouchers", version=2)
    assert (second.series, second.value) == (first.series, Decimal(20))
    assert second.change_reason == "Prices rose."
    assert second.channels == ["phone"]
    assert list(second.remedies.all()) == [forno.remedies["voucher"]]
    assert [str(c) for c in second.conditions.all()] == ["minutes_late is at least 30"]
    assert list(Policy.objects.in_force(timezone.now())) == [second]


@pytest.mark.once
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_change_without_a_reason_is_refused_and_nothing_is_written(
    desk: Desk, forno: Cast, reason: str
) -> None:
    how = {"reasons": ["late"], "conditions": [("minutes_late", "ge", "30")]}
    first = forno.rule("Vouchers", value="15", **how)
    answer = desk.change(first, value="20", change_reason=reason, _publish="1")
    assert "Say why" in errors(answer)["change_reason"][0]
    assert list(Policy.objects.all()) == [first]
    # What was typed is still in the form, conditions too.
    page = answer.content.decode()
    assert 'value="20"' in page
    assert 'name="conditions-0-value" value="30"' in page


def test_a_change_can_wait_as_a_draft_and_be_published_later(desk: Desk, forno: Cast) -> None:
    first = forno.rule("Vouchers", value="15")
    desk.change(first, value="20", _save="1")
    draft = the("Vouchers", status="draft")
    assert draft.series == first.series
    answer = desk.change(draft, _publish="1")
    assert "Say why" in errors(answer)["change_reason"][0]
    desk.change(draft, change_reason="Prices rose.", _publish="1")
    draft.refresh_from_db()
    assert draft.version == 2


def test_a_rule_is_withdrawn_with_a_reason(desk: Desk, forno: Cast) -> None:
    rule = forno.rule("Vouchers", value="15")
    where = address(Policy, "withdraw", rule.pk)
    assert b"but at most $15.00 per case." in desk.client.get(where).content
    answer = desk.client.post(where, {"change_reason": " "})
    assert answer.status_code == 200
    assert list(Policy.objects.in_force(timezone.now())) == [rule]

    answer = desk.client.post(where, {"change_reason": "Nobody used it."}, follow=True)
    assert said(answer) == ["“Vouchers” is withdrawn."]
    assert not Policy.objects.in_force(timezone.now()).exists()
    last = the("Vouchers", version=2)
    assert (last.withdrawn, last.change_reason) == (True, "Nobody used it.")
    assert desk.client.get(address(Policy, "withdraw", last.pk)).status_code == 404


@pytest.mark.once
def test_a_rule_that_is_to_end_later_is_said_to_end_then(desk: Desk, forno: Cast) -> None:
    where = address(Policy, "withdraw", forno.rule("Vouchers", value="15").pk)
    later = {"change_reason": "Nobody used it.", "starts_at": "2090-01-01T09:00"}
    answer = desk.client.post(where, later, follow=True)
    assert said(answer) == ["“Vouchers” ends on 1 January 2090, 09:00."]


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"starts_at": "2026-01-01T09:00"}, "A rule ends now or later, never in the past."),
        ({"starts_at": "9999-12-31T23:30"}, "Write a day within the calendar's years."),
        ({"starts_at": "soon"}, "Write a day and a time, such as 2027-01-31 09:00."),
        ({"change_reason": ""}, "Say why; the people who work by it will read it."),
        ({"change_reason": "x" * 501}, "Write at most 500 characters: these are 501."),
    ],
)
def test_a_withdrawal_that_can_not_be_is_told_at_its_field(
    desk: Desk, forno: Cast, fields: dict[str, str], told: str
) -> None:
    rule = forno.rule("Vouchers", value="15")
    where = address(Policy, "withdraw", rule.pk)
    answer = desk.client.post(where, {"change_reason": "Nobody used it.", **fields})
    assert answer.context["form"].errors == {next(iter(fields)): [told]}
    assert Policy.objects.get() == rule


@pytest.mark.once
def test_a_rule_in_the_past_is_read_and_not_changed(desk: Desk, forno: Cast) -> None:
    first = forno.rule("Vouchers", value="15")
    desk.change(first, value="20", change_reason="Prices rose.")
    page = desk.page(first).content.decode()
    assert "This version is past" in page
    assert "Prices rose." in page
    assert "$15.00 per case" in page
    assert "$20.00 per case" in page
    for name in ("_save", "_publish"):
        assert name not in page
    before = Policy.objects.count()
    answer = desk.client.post(address(Policy, "change", first.pk), {**NO_CASH, "_publish": "1"})
    assert answer.status_code == 403
    answer = desk.client.post(address(Policy, "withdraw", first.pk), {"change_reason": "x"})
    assert answer.status_code == 403
    assert Policy.objects.count() == before


def test_only_drafts_are_deleted(desk: Desk, forno: Cast) -> None:
    rule, draft = forno.rule("Vouchers", value="15"), draft_rule(forno, "Draft", value="1")
    desk.client.post(address(Policy, "delete", draft.pk), {"post": "yes"})
    answer = desk.client.post(address(Policy, "delete", rule.pk), {"post": "yes"})
    assert answer.status_code == 403
    assert list(Policy.objects.all()) == [rule]


def test_a_draft_that_someone_else_published_meanwhile_becomes_a_change(
    desk: Desk, forno: Cast
) -> None:
    how: dict[str, Any] = {"reasons": ["late"], "conditions": [("minutes_late", "ge", "30")]}
    draft = draft_rule(forno, "Vouchers", value="15", **how)
    where = address(Policy, "change", draft.pk)
    opened = desk.client.get(where)
    publish(draft, published_by=forno.manager)

    answer = desk.send(where, opened, value="20", _publish="1")
    assert "Say why" in errors(answer)["change_reason"][0]
    assert Policy.objects.count() == 1
    answer = desk.send(where, opened, value="20", change_reason="Dearer.", _publish="1")
    assert answer.status_code == 302
    assert [str(c) for c in the("Vouchers", version=2).conditions.all()] == [
        "minutes_late is at least 30"
    ]
