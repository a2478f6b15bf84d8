"""Behind each figure of a report are the cases, decisions, budgets or gaps that it counts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine

from employees.models import Employee
from resolutions.models import AuthorityGap, Case
from tests.cast import Cast
from tests.closing import finance_of, gave
from tests.gaps import refuse
from tests.pages import client_of
from tests.putting_right import so_much

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
OCTOBER = {"days_from": "2026-10-01", "days_to": "2026-10-31"}
WHATS = [
    *("cost", "satisfaction", "first-contact", "approvals", "over-budget", "handed-over", "time"),
    *("second-failures", "cases", "gaps"),
]


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def narrowed(company: Cast) -> dict[str, Any]:
    """As far as a report can be."""
    return {
        "team": company.teams["Brooklyn"].pk,
        "tier": company.tiers["Driver"].pk,
        "remedy": company.remedies["voucher"].pk,
        "reason_code": company.reasons["late"].pk,
        "channel": "phone",
    }


def behind(
    person: Employee, what: str, *, period: str = "last-month", **asked: Any
) -> tuple[str, dict[str, str]]:
    """Where it leads, and what is asked there."""
    answer = client_of(person).get(f"/reports/behind/{what}/", {"period": period, **asked})
    assert answer.status_code == 302, what
    where = urlsplit(answer["Location"])
    return where.path, dict(parse_qsl(where.query))


@pytest.mark.parametrize(
    ("what", "path", "asked"),
    [
        ("cost", "resolution", {}),
        ("cases", "case", {}),
        ("satisfaction", "case", {"score": "any"}),
        ("handed-over", "case", {"escalated": "yes"}),
        ("second-failures", "case", {"second_failure__exact": "1"}),
        ("first-contact", "case", {"state__exact": "put-right"}),
        ("approvals", "case", {"state__exact": "put-right", "escalated": "no"}),
        ("gaps", "authoritygap", {}),
    ],
)
def test_for_a_manager_it_is_a_list_of_the_admin(
    forno: Cast, what: str, path: str, asked: dict[str, str]
) -> None:
    assert behind(forno.manager, what) == (f"/admin/resolutions/{path}/", {**OCTOBER, **asked})


def test_budgets_that_went_over_are_those_of_the_months(forno: Cast) -> None:
    path, asked = behind(forno.manager, "over-budget", **narrowed(forno))
    assert path == "/admin/budgets/budget/"
    assert asked == {
        "use": "over",
        "month": "2026-10",
        "employee__team__id__exact": str(forno.teams["Brooklyn"].pk),
        "employee__tier__id__exact": str(forno.tiers["Driver"].pk),
    }
    several = behind(forno.manager, "over-budget", period="3-months")[1]
    assert several == {
        "use": "over",
        "month": "all",
        "month__gte": "2026-08-01",
        "month__lte": "2026-10-01",
    }


@pytest.mark.parametrize("what", WHATS)
def test_every_list_takes_what_it_is_narrowed_to(forno: Cast, what: str) -> None:
    for asked in ({"period": "3-months"}, {"period": "last-month", **narrowed(forno)}):
        answer = client_of(forno.manager).get(f"/reports/behind/{what}/", asked, follow=True)
        # Django leads away from what a list can't be narrowed by.
        assert [status for _, status in answer.redirect_chain] == [302], what


def test_the_list_holds_what_the_report_counts(forno: Cast) -> None:
    at = datetime(2026, 10, 31, 23, tzinfo=UTC)
    counted = gave(forno.agent, "5.00", at)["id"]
    gave(forno.people["forno.driver3"], "5.00", at)
    gave(forno.agent, "5.00", datetime(2026, 11, 1, 12, tzinfo=UTC))
    asked = {"period": "last-month", "team": str(forno.agent.team_id), "channel": "phone"}
    answer = client_of(forno.manager).get("/reports/behind/cases/", asked, follow=True)
    assert list(answer.context["cl"].result_list) == [Case.objects.get(pk=counted)]


def test_gaps_are_found_by_their_rule_or_bound(forno: Cast) -> None:
    rule = forno.rule("Never so much", value="5.00", remedies=["money-off"])
    refuse(forno.agent, so_much("voucher", "200.00"))
    by_rule = refuse(forno.agent, so_much("money-off", "20.00"))
    asked = {"period": "days", "day_from": "2026-01-01", "day_to": "2026-11-21"}
    where = "/reports/behind/gaps/"
    assert AuthorityGap.objects.count() == 2
    answer = client_of(forno.manager).get(where, {**asked, "rule": str(rule.series)}, follow=True)
    assert list(answer.context["cl"].result_list) == [by_rule]


@pytest.mark.parametrize(
    ("what", "path", "asked"),
    [
        ("cost", "ledger", {"month_from": "2026-10", "month_to": "2026-10"}),
        ("gaps", "gaps", {"month_from": "2026-10", "month_to": "2026-10"}),
        (
            *("handed-over", "cases"),
            {"ended_from": "2026-10-01T00:00:00-04:00", "ended_to": "2026-11-01T00:00:00-04:00"},
        ),
    ],
)
def test_for_finance_it_is_an_export(
    forno: Cast, what: str, path: str, asked: dict[str, str]
) -> None:
    of = {"team": "Brooklyn", "tier": "Driver", "remedy": "voucher", "reason_code": "late"}
    shared = {"division": "forno", "format": "csv", "channel": "phone", **of}
    assert behind(finance_of(forno), what, **narrowed(forno)) == (
        f"/finance/exports/{path}/",
        {**shared, **asked},
    )


def test_days_of_money_are_those_of_the_division(scm: Cast) -> None:
    asked = behind(finance_of(scm), "cost", period="", day_from="2026-10-03", day_to="2026-10-04")[
        1
    ]
    # Between the two, clocks in Sydney go forward.
    assert (asked["at_from"], asked["at_to"]) == (
        "2026-10-03T00:00:00+10:00",
        "2026-10-05T00:00:00+11:00",
    )


@pytest.mark.parametrize("what", WHATS)
def test_every_export_takes_what_it_is_narrowed_to(forno: Cast, what: str) -> None:
    client = client_of(finance_of(forno))
    for asked in ({"period": "this-month"}, {"period": "last-month", **narrowed(forno)}):
        where = client.get(f"/reports/behind/{what}/", asked)["Location"]
        assert client.head(where).status_code == 200, where


@pytest.mark.once
def test_what_is_no_figure_or_not_theirs_is_not_there(forno: Cast, scm: Cast) -> None:
    for person in (forno.manager, finance_of(forno)):
        for address in ("people/", "cost/?division=scm", "cost/?period=soon", "cost/?team=x"):
            assert client_of(person).get(f"/reports/behind/{address}").status_code == 404, address
    assert client_of(finance_of()).get("/reports/behind/cost/").status_code == 404, "of which?"
    assert client_of(forno.agent).get("/reports/behind/cost/").status_code == 403
