"""Rules in the admin: written, published, refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from employees.models import Employee
from policies.models import Policy
from tests.admin.desk import Desk, address, errors
from tests.cast import Cast

NO_CASH = {
    "title": "No cash for gift cards",
    "effect": "forbid",
    "per": "case",
    "rationale": "Stolen cards are emptied that way.",
    "customer_wording": "I can put it on a new card for you right now.",
}

LATER = "2090-01-02T00:00"


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def the(title: str, **of: Any) -> Policy:
    return Policy.objects.get(title=title, **of)


def test_a_hard_rule_is_published_and_holds_at_once(desk: Desk, forno: Cast) -> None:
    answer = desk.add(Policy, **NO_CASH, remedies=[forno.remedies["voucher"].pk], _publish="1")
    assert answer.status_code == 302
    rule = the(NO_CASH["title"])
    assert (rule.status, rule.version, rule.published_by) == ("published", 1, forno.manager)
    assert rule.division == forno.division
    assert rule in Policy.objects.in_force(timezone.now())
    assert list(rule.remedies.all()) == [forno.remedies["voucher"]]


@pytest.mark.once
@pytest.mark.parametrize("missing", ["rationale", "customer_wording"])
@pytest.mark.parametrize("button", ["_publish", "_save"])
def test_no_rule_without_its_why_and_the_words_to_say(
    desk: Desk, missing: str, button: str
) -> None:
    for nothing in ("", "   "):
        answer = desk.add(Policy, **{**NO_CASH, missing: nothing, button: "1"})
        assert missing in errors(answer)
    assert not Policy.objects.exists()


def test_a_draft_decides_nothing_until_it_is_published(desk: Desk, forno: Cast) -> None:
    before = forno.division.rulebook_version
    desk.add(Policy, **NO_CASH, _save="1")
    rule = the(NO_CASH["title"])
    assert rule.status == "draft"
    forno.refresh()
    assert forno.division.rulebook_version == before

    vouchers = [forno.remedies["voucher"].pk]
    desk.change(rule, title="No cash", remedies=vouchers, _publish="1")
    rule.refresh_from_db()
    assert (rule.title, rule.status) == ("No cash", "published")


def test_conditions_are_written_with_the_rule(desk: Desk, forno: Cast) -> None:
    desk.add(
        Policy,
        **{**NO_CASH, "effect": "restrict", "measure": "amount", "value": "15.00"},
        reason_codes=[forno.reasons["late"].pk],
        **{
            "conditions-TOTAL_FORMS": "2",
            "conditions-0-fact": "minutes_late",
            "conditions-0-operator": "ge",
            "conditions-0-value": "30",
            "conditions-1-fact": "earlier_resolutions",
            "conditions-1-operator": "lt",
            "conditions-1-value": "2",
            "conditions-1-window_days": "90",
        },
        _publish="1",
    )
    conditions = the(NO_CASH["title"]).conditions.values_list(
        "fact", "operator", "value", "window_days"
    )
    assert list(conditions) == [
        ("minutes_late", "ge", "30", None),
        ("earlier_resolutions", "lt", "2", 90),
    ]


@pytest.mark.once
@pytest.mark.parametrize(
    "condition",
    [
        ("minutes_late", "ge", "very", ""),
        ("minutes_late", "ge", "-1", ""),
        ("minutes_late", "ge", "1", "30"),
        ("earlier_resolutions", "ge", "1", "0"),
        ("second_failure", "gt", "yes", ""),
        ("nobody_asks", "eq", "1", ""),
        ("channel", "eq", "fax", ""),
        ("channel", "in", "phone, fax", ""),
        ("seal_broken", "eq", "yes", ""),  # Orchard asks it, Forno does not
    ],
)
def test_a_condition_that_can_not_be_meant_is_refused_at_its_row(
    desk: Desk, orchard: Cast, condition: tuple[str, str, str, str]
) -> None:
    fact, operator, value, days = condition
    answer = desk.add(
        Policy,
        **NO_CASH,
        **{
            "conditions-TOTAL_FORMS": "1",
            "conditions-0-fact": fact,
            "conditions-0-operator": operator,
            "conditions-0-value": value,
            "conditions-0-window_days": days,
        },
        _publish="1",
    )
    formset = answer.context["inline_admin_formsets"][0].formset
    assert formset.errors[0]
    assert not Policy.objects.exists()


def test_a_rule_starts_on_its_day_in_the_managers_time_zone(desk: Desk, forno: Cast) -> None:
    vouchers = [forno.remedies["voucher"].pk]
    desk.add(Policy, **NO_CASH, remedies=vouchers, starts_at="2090-01-01T09:00", _publish="1")
    rule = the(NO_CASH["title"])
    assert rule.starts_at == datetime(2090, 1, 1, 14, tzinfo=UTC)  # 9:00 in New York
    assert rule in Policy.objects.scheduled(timezone.now())


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"effect": "grant", "measure": "", "value": ""}, "measure"),
        ({"effect": "grant", "measure": "amount", "value": ""}, "value"),
        ({"effect": "restrict", "measure": "amount", "value": "-1"}, "value"),
        ({"effect": "restrict", "measure": "amount", "value": "1.005"}, "__all__"),
        ({"effect": "restrict", "measure": "amount", "value": "NaN"}, "value"),
        ({"effect": "restrict", "measure": "quantity", "value": "2"}, "remedies"),
        ({"effect": "forbid", "entitlement": "on"}, "entitlement"),
        ({"effect": "forbid", "window_days": "3"}, "window_days"),
        ({"effect": "forbid", "channels": ["moon"]}, "channels"),
        ({"effect": "forbid", "starts_at": LATER, "ends_at": "2090-01-01T00:00"}, "ends_at"),
        ({"effect": "forbid", "starts_at": "tomorrow"}, "starts_at"),
        ({"effect": "sometimes"}, "effect"),
        ({"effect": "forbid", "rationale": "x" * 4_001}, "rationale"),
        ({"effect": "forbid", "customer_wording": "x" * 4_001}, "customer_wording"),
    ],
)  # fmt: skip
def test_a_rule_that_can_not_be_meant_is_refused_at_its_field(
    desk: Desk, fields: dict[str, Any], field: str
) -> None:
    answer = desk.add(Policy, **{**NO_CASH, **fields}, _publish="1")
    assert field in errors(answer)
    assert not Policy.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"value": "a lot"}, "value", "Write a number, such as 25.00."),
        ({"value": "-1"}, "value", "Write 0 or more."),
        ({"value": "99999999999999"}, "value", "That has too many digits: write fewer."),
        ({"value": "1.00001"}, "value", "Write at most 4 places after the point."),
        ({"value": ""}, "value", "Say how much."),
        ({"title": ""}, "title", "Fill this in."),
        ({"title": "x" * 121}, "title", "Write at most 120 characters: these are 121."),
        ({"rationale": ""}, "rationale", "Fill this in."),
        ({"effect": "sometimes"}, "effect", "Choose among what is offered."),
        ({"remedies": ["999999"]}, "remedies", "Choose among what is offered."),
        ({"per": "customer", "window_days": "1.5"}, "window_days", "Write a whole number."),
        ({"starts_at": "soon"}, "starts_at", "Write a day and a time, such as 2027-01-31 09:00."),
    ],
)
def test_each_field_has_one_error_in_our_own_words(
    desk: Desk, fields: dict[str, Any], field: str, told: str
) -> None:
    fine = {**NO_CASH, "effect": "restrict", "measure": "amount", "value": "5.00"}
    assert errors(desk.add(Policy, **{**fine, **fields}, _publish="1")) == {field: [told]}


@pytest.mark.once
def test_an_administrator_reads_rules_and_writes_none(
    head_office: dict[str, Employee], forno: Cast
) -> None:
    rule, desk = forno.rule("Vouchers", value="15"), Desk(head_office["admin"])
    page = desk.page(rule).content.decode()
    assert "but at most $15.00 per case, because " in page
    assert "Rules are written by the division&#x27;s managers." in page
    assert desk.client.post(address(Policy, "change", rule.pk), NO_CASH).status_code == 403
    assert desk.client.post(address(Policy, "add"), NO_CASH).status_code == 403
    assert desk.client.post(address(Policy, "withdraw", rule.pk), {}).status_code == 403


def test_odd_text_is_kept_or_refused_and_never_breaks_the_page(desk: Desk, forno: Cast) -> None:
    vouchers = [forno.remedies["voucher"].pk]
    odd = {**NO_CASH, "title": "🍕 <script>alert(1)</script> שלום", "remedies": vouchers}
    desk.add(Policy, **odd, _publish="1")
    page = desk.client.get(address(Policy, "changelist")).content.decode()
    assert "<script>alert(1)" not in page
    assert "🍕" in page
    answer = desk.add(Policy, **{**NO_CASH, "title": "a\x00b"}, _publish="1")
    assert "title" in errors(answer)
    answer = desk.add(Policy, **{**NO_CASH, "title": "x" * 121}, _publish="1")
    assert "title" in errors(answer)
