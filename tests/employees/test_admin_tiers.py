"""Tiers in the admin: limits edited in place, with a reason, beside the rules that hold."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from employees.models import AuthorityTier, Employee
from policies.publish import publish
from tests.admin.desk import Desk, address, errors
from tests.cast import Cast, draft_rule


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("limit_per_case", "40.00"),
        ("monthly_budget", "150.00"),
        ("grace_percent", "10"),
        ("over_budget_percent", "25"),
    ],
)
def test_every_change_of_a_limit_says_why(desk: Desk, forno: Cast, field: str, value: str) -> None:
    tier = forno.tiers["Driver"]
    before = getattr(tier, field)
    answer = desk.change(tier, **{field: value})
    assert "Say why" in errors(answer)["change_reason"][0]
    answer = desk.change(tier, **{field: value}, change_reason="   ")
    assert "change_reason" in errors(answer)
    tier.refresh_from_db()
    assert getattr(tier, field) == before

    assert desk.change(tier, **{field: value}, change_reason="Prices rose.").status_code == 302
    tier.refresh_from_db()
    assert getattr(tier, field) == Decimal(value)
    record = tier.history.first()
    assert record is not None
    assert record.history_change_reason == "Prices rose."
    assert record.history_user == forno.manager


def test_the_same_limit_written_otherwise_is_no_change(desk: Desk, forno: Cast) -> None:
    assert desk.change(forno.tiers["Driver"], limit_per_case="25").status_code == 302
    assert forno.tiers["Driver"].history.count() == 1


def test_a_long_reason_is_kept_whole(desk: Desk, forno: Cast) -> None:
    reason = "because " * 60
    desk.change(forno.tiers["Driver"], limit_per_case="30", change_reason=reason)
    record = forno.tiers["Driver"].history.first()
    assert record is not None
    assert record.history_change_reason == reason.strip()


def test_the_rules_that_hold_for_a_tier_stand_beside_it(desk: Desk, forno: Cast) -> None:
    forno.rule("For all tiers", value="20")
    forno.rule("For drivers", value="15", tiers=["Driver"])
    forno.rule("For leads", value="70", tiers=["Shift lead"])
    soon = timezone.now() + timedelta(days=3)
    later = draft_rule(forno, "Soon for drivers", value="12", tiers=["Driver"])
    publish(later, published_by=forno.manager, starts_at=soon)
    over = draft_rule(forno, "Over by now", value="9", ends_at=datetime(2026, 2, 1, tzinfo=UTC))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    publish(over, published_by=forno.manager, starts_at=start, at=start)
    draft_rule(forno, "Only a draft", value="1", tiers=["Driver"])

    page = desk.page(forno.tiers["Driver"]).content.decode()
    for title in ("For all tiers", "For drivers", "Soon for drivers"):
        assert title in page
    for title in ("For leads", "Over by now", "Only a draft"):
        assert title not in page
    assert "Any Driver may give anything, but at most $15.00 per case." in page


@pytest.mark.once
def test_nobody_changes_the_tier_they_have(desk: Desk, forno: Cast) -> None:
    tier = forno.tiers["Shift lead"]
    Employee.objects.filter(pk=forno.manager.pk).update(tier=tier)
    assert "This is your own tier." in desk.page(tier).content.decode()
    data = {"name": tier.name, "limit_per_case": "900", "change_reason": "because"}
    assert desk.client.post(address(AuthorityTier, "change", tier.pk), data).status_code == 403
    tier.refresh_from_db()
    assert tier.limit_per_case == Decimal(80)


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("limit_per_case", "-1"),
        ("limit_per_case", "25.001"),
        ("limit_per_case", "NaN"),
        ("grace_percent", "101"),
        ("grace_percent", "1.5"),
        ("rationale", "  "),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(
    desk: Desk, forno: Cast, field: str, wrong: str
) -> None:
    answer = desk.change(forno.tiers["Driver"], **{field: wrong}, change_reason="because")
    assert field in errors(answer)
    assert forno.tiers["Driver"].history.count() == 1


def test_amounts_stand_in_the_form_as_people_write_them(desk: Desk, forno: Cast) -> None:
    page = desk.page(forno.tiers["Driver"]).content.decode()
    assert 'value="25.00"' in page
    assert "25.0000" not in page


@pytest.mark.once
def test_no_tier_is_deleted(desk: Desk, forno: Cast) -> None:
    where = address(AuthorityTier, "delete", forno.tiers["Driver"].pk)
    assert desk.client.post(where, {"post": "yes"}).status_code == 403
