"""Each filter of each export does what it says, alone and together."""

from decimal import Decimal
from typing import Any

import pytest

from budgets.models import Budget, LedgerEntry
from employees.models import Employee, Role
from reports.api.filters import filters_of
from reports.exports.tables import TABLES
from resolutions.models import AuthorityGap, Case, Resolution
from tests.closing import closed
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FORNO, SCM = ("two", "october", "queens", "owed"), ("sydney", "perth", "storm")
# What is asked, and the receipts whose remedies are found.
RESOLUTIONS: list[tuple[dict[str, str], tuple[str, ...]]] = [
    ({}, (*FORNO, *SCM)),
    ({"division": "forno"}, FORNO),
    ({"division": "scm"}, SCM),
    ({"currency": "AUD"}, SCM),
    ({"team": "Queens"}, ("queens",)),
    ({"team": "Brooklyn"}, ("two", "october", "owed")),
    ({"tier": "Shift lead"}, ("october",)),
    ({"tier": "Driver"}, ("two", "queens", "owed")),
    ({"cost_centre": "4712"}, ("queens",)),
    ({"cost_centre": "SYD"}, ("sydney", "storm")),
    ({"remedy": "reorder"}, ("queens",)),
    ({"reason_code": "late-fee"}, ("sydney", "perth")),
    ({"channel": "phone"}, ("october",)),
    ({"channel": "chat"}, ()),
    # 20:00 UTC on 31 October is October in New York; 14:00 UTC is November in Sydney.
    ({"month": "2026-10"}, ("october", "queens", "perth")),
    ({"month": "2026-11"}, ("two", "owed", "sydney", "storm")),
    ({"month": "2026-09"}, ()),
    ({"month_from": "2026-11"}, ("two", "owed", "sydney", "storm")),
    ({"month_to": "2026-10"}, ("october", "queens", "perth")),
    ({"month_from": "2026-10", "month_to": "2026-11"}, (*FORNO, *SCM)),
    ({"month_from": "2026-11", "month_to": "2026-10"}, ()),
    ({"at_from": "2026-11-01"}, ("two", "owed", "storm")),
    ({"at_to": "2026-11-01"}, ("october", "queens", "sydney", "perth")),
    ({"at_from": "2026-10-31T14:00:00Z", "at_to": "2026-10-31T14:00:01Z"}, ("sydney", "perth")),
    ({"at_from": "2026-10-31T14:00:01Z", "at_to": "2026-10-31T20:00:00Z"}, ()),
    ({"at_to": "2026-11-01T00:00:00+10:00"}, ("october",)),
    ({"amount_min": "18", "amount_max": "25.00"}, ("owed", "storm")),
    ({"amount_min": "25.0001"}, ()),
    ({"amount_max": "4.00"}, ("queens",)),
    ({"amount_max": "3.9999"}, ()),
    ({"amount_min": "-0.5", "amount_max": "0"}, ()),
    ({"division": "forno", "team": "Sydney"}, ()),
    ({"month": "2026-10", "currency": "USD", "channel": "doorstep"}, ("queens",)),
    ({"month": "2026-10", "currency": "AUD", "amount_min": "10"}, ("perth",)),
    ({"team": "Brooklyn", "reason_code": "cold", "remedy": "money-off"}, ("owed",)),
]
# Every case: those without a remedy, too.
CASES: list[tuple[dict[str, str], tuple[str, ...]]] = [
    ({"division": "forno"}, (*FORNO, "closed", "handed over")),
    ({"remedy": "money-off"}, ("two", "owed")),
    ({"remedy": "free-pizza"}, ("two",)),
    ({"remedy": "plan-upgrade"}, ()),
    ({"reason_code": "missing-item"}, ("handed over",)),
    ({"tier": "Shift lead"}, ("october",)),
    ({"month": "2026-10"}, ("october", "queens", "perth")),
    ({"amount_min": "12.50", "amount_max": "18"}, ("queens", "owed")),
    ({"team": "Queens"}, ("queens",)),
    ({"cost_centre": "SYD", "month": "2026-11"}, ("sydney", "storm")),
    ({"currency": "AUD", "channel": "doorstep"}, SCM),
    ({"at_from": "2026-11-01", "reason_code": "outage"}, ("storm",)),
    (
        {"ended_from": "2026-10-31T14:00:00Z", "ended_to": "2026-10-31T14:00:01Z"},
        ("sydney", "perth"),
    ),
]
GAPS: list[tuple[dict[str, str], tuple[str, ...]]] = [
    ({}, ("answered", "queens", "sydney")),
    ({"division": "scm"}, ("sydney",)),
    ({"currency": "USD"}, ("answered", "queens")),
    ({"team": "Queens"}, ("queens",)),
    ({"tier": "Rep"}, ("sydney",)),
    ({"cost_centre": "4711"}, ("answered",)),
    ({"remedy": "voucher"}, ("answered",)),
    ({"reason_code": "late"}, ("answered", "queens")),
    ({"channel": "chat"}, ("answered",)),
    ({"channel": "doorstep", "division": "forno"}, ("queens",)),
    ({"month": "2026-10"}, ("answered",)),
    ({"month_from": "2026-11"}, ("queens", "sydney")),
    ({"at_to": "2026-11-01"}, ("answered",)),
    ({"amount_min": "54.00", "amount_max": "54.00"}, ("answered",)),  # three fifths of 90.00
]


def test_resolutions_are_narrowed(world: World, finance: Pulls) -> None:
    for asked, names in RESOLUTIONS:
        assert finance.ids("resolutions", **asked) == world.given(*names), asked


def test_cases_are_narrowed(world: World, finance: Pulls) -> None:
    for asked, names in CASES:
        assert finance.ids("cases", **asked) == world.cases(*names), asked


def test_gaps_are_narrowed(world: World, finance: Pulls) -> None:
    for asked, names in GAPS:
        wanted = sorted(world.gaps[name].pk for name in names)
        assert finance.ids("gaps", **asked) == wanted, asked


def test_one_remedy_of_two_in_a_case_is_found_by_its_own_amount(
    world: World, finance: Pulls
) -> None:
    money_off, pizzas = world.given("two")
    assert finance.ids("resolutions", remedy="money-off", reason_code="late") == [money_off]
    assert finance.ids("resolutions", remedy="free-pizza") == [pizzas]
    assert finance.ids("resolutions", amount_min="5", amount_max="5.0000") == [money_off]


def test_the_ledger_follows_the_resolution_of_each_entry(world: World, finance: Pulls) -> None:
    """A give-back is found where the spend is that it takes back."""
    money_off, pizzas = (Resolution.objects.get(pk=pk).entry_id for pk in world.given("two"))
    back = LedgerEntry.objects.get(kind="give-back")
    assert back.concerns_id == pizzas
    of_team = set(finance.ids("ledger", team="Brooklyn"))
    assert {money_off, pizzas, back.pk} <= of_team
    for asked in ({"remedy": "free-pizza"}, {"remedy": "free-pizza", "tier": "Driver"}):
        assert finance.ids("ledger", **asked) == [pizzas, back.pk]
    assert finance.ids("ledger", amount_min="0.01", remedy="free-pizza") == [back.pk]
    assert finance.ids("ledger", amount_max="-10", remedy="free-pizza") == [pizzas]
    late = finance.ids("ledger", reason_code="late", cost_centre="4711", channel="doorstep")
    assert late == [money_off, pizzas, back.pk]


def test_the_ledger_by_month_team_by_team(world: World, finance: Pulls) -> None:
    entry = {
        name: Resolution.objects.get(pk=world.given(name)[0]).entry_id
        for name in ("sydney", "perth", "queens", "storm")
    }
    october = set(finance.ids("ledger", month="2026-10"))
    assert {name for name, pk in entry.items() if pk in october} == {"perth", "queens"}
    november = set(finance.ids("ledger", month_from="2026-11"))
    assert {name for name, pk in entry.items() if pk in november} == {"sydney", "storm"}
    assert october | november == set(LedgerEntry.objects.values_list("pk", flat=True))
    # The fund that the storm is paid from belongs to no team: its allotment is told in UTC.
    allotted = LedgerEntry.objects.get(kind="allotment", budget__kind="fund")
    assert allotted.pk in november


def test_the_ledger_by_the_month_that_was_closed(world: World, finance: Pulls) -> None:
    close = closed(world.forno, "2026-10")
    held = sorted(close.closed_entries.values_list("entry_id", flat=True))
    assert held
    assert finance.ids("ledger", closed_in="2026-10") == held
    assert finance.ids("ledger", closed_in="2026-11") == []
    assert finance.ids("ledger", closed_in="2026-10", division="scm") == []


def test_budgets_are_narrowed(world: World, finance: Pulls) -> None:
    def found(**asked: str) -> set[str]:
        rows = finance.rows("budgets", **asked)
        return {row["employee"] or row["name"] or row["kind"] for row in rows}

    assert found(team="Queens") == {"forno.driver3"}
    assert found(tier="Shift lead") == {"forno.lead1"}
    assert found(cost_centre="SYD") == {"scm.rep1"}
    assert found(currency="AUD") == {"scm.rep1", "scm.rep3", "Storm in Perth"}
    october = {"forno.driver1", "forno.driver3", "forno.lead1", "scm.rep3"}
    assert found(month="2026-10") == found(month_to="2026-10") == october
    assert found(month_from="2026-11", division="forno") == {
        "forno.driver1", "forno.driver3", "entitlements",
    }  # fmt: skip
    assert found(month_to="2026-10", division="scm") == {"scm.rep3"}
    assert found(month="2026-11", amount_min="18", amount_max="18") == {"entitlements"}
    assert found(amount_min="25", amount_max="25.00") == {"Storm in Perth"}
    assert found(at_to="2026-10-21") == {"forno.driver1", "forno.lead1"}
    assert found() == {
        "forno.driver1", "forno.driver3", "forno.lead1", "entitlements",
        "scm.rep1", "scm.rep3", "Storm in Perth",
    }  # fmt: skip


def test_every_filter_is_tried_here() -> None:
    tried: dict[str, set[str]] = {
        "resolutions": {name for asked, _ in RESOLUTIONS for name in asked},
        "cases": {name for asked, _ in CASES for name in asked},
        "gaps": {name for asked, _ in GAPS for name in asked},
    }
    shared = {"month_from", "month_to", "at_to", "at_from", "amount_max"}  # one code for all
    for name, names in tried.items():
        assert set(filters_of(name).base_filters) - names - shared == set()
    assert set(filters_of("ledger").base_filters) == tried["resolutions"] | {"closed_in"}
    months = {"month", "month_from", "month_to", "at_from", "at_to"}
    of_budgets = {"division", "currency", "team", "tier", "cost_centre", "amount_min", "amount_max"}
    assert set(filters_of("budgets").base_filters) == months | of_budgets


def test_amounts_add_up_to_what_stands_in_the_rows(world: World, finance: Pulls) -> None:
    rows = finance.rows("resolutions", division="forno")
    given = Resolution.objects.filter(case__division=world.forno.division)
    assert sum(Decimal(row["cost"]) for row in rows) == sum(r.cost for r in given)
    entries = finance.rows("ledger", division="forno")
    for budget in finance.rows("budgets", division="forno"):
        moved = [Decimal(e["amount"]) for e in entries if e["budget_id"] == budget["id"]]
        left = budget["left"] or f"-{budget['spent']}"
        assert sum(moved) == Decimal(left), budget


def test_what_finance_of_a_division_pulls_is_of_that_division(world: World) -> None:
    one = Pulls(
        Employee.objects.create_user(
            "forno.finance", role=Role.FINANCE, division=world.forno.division
        )
    )
    models: dict[str, Any] = {
        "resolutions": Resolution.objects.filter(case__division=world.forno.division),
        "ledger": LedgerEntry.objects.filter(budget__division=world.forno.division),
        "budgets": Budget.objects.filter(division=world.forno.division),
        "cases": Case.objects.filter(division=world.forno.division),
        "gaps": AuthorityGap.objects.filter(division=world.forno.division),
    }
    for name in TABLES:
        assert one.ids(name) == sorted(models[name].values_list("pk", flat=True))
