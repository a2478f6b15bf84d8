"""The limit advisor: which limits refuse what costs less to give than to refuse."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from employees.models import Division, Employee
from policies.models import Remedy
from resolutions.advisor import sensible
from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap
from resolutions.problem import Give
from tests.admin.desk import Desk
from tests.cast import Cast
from tests.pages import client_of, words
from tests.policies.builders import by_unit, remedy
from tests.putting_right import NOW, put_right, so_many, so_much
from tests.queries import assert_queries

PAGE = "/admin/resolutions/authoritygap/advice/"
LAST_MONTH = datetime(2026, 10, 12, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def desk(orchard: Cast) -> Desk:
    return Desk(orchard.manager)


def is_refused(employee: Employee, give: Give, at: datetime = LAST_MONTH, **told: Any) -> None:
    """Somebody wants to give this, and may not."""
    with pytest.raises(OutsideAuthority):
        put_right(employee, give, at=at, **told)


def advised(desk: Desk) -> list[tuple[Any, ...]]:
    """Tier, remedy, limit, better, refused, more spent and saved, row by row."""
    page = desk.client.get(PAGE)
    assert page.status_code == 200
    return [
        (
            a.cell.tier.name,
            a.row.remedy.code,
            [reason.code for reason in a.row.reasons],
            a.cell.limit,
            a.suggested,
            a.expected.count,
            a.expected.cost_of_giving,
            a.expected.saving,
        )
        for a in page.context["advisor"].advice
    ]


def test_a_rule_below_what_refusing_costs_is_found_with_what_it_cost(
    desk: Desk, orchard: Cast
) -> None:
    orchard.rule("Three at most", value="3.00", remedies=["money-off"], reasons=["substituted"])
    for amount in ("5.00", "5.00", "8.40", "8.41"):
        is_refused(orchard.agent, so_much("money-off", amount), reason_code="substituted")
    substituted = [
        ("Driver", "money-off", ["substituted"], 3, Decimal("8.40"), 3, Decimal("18.40"),
         Decimal("6.80")),
        ("Care agent", "money-off", ["substituted"], 3, Decimal("8.40"), 0, 0, 0),
    ]  # fmt: skip
    assert advised(desk) == substituted
    page = words(desk.client.get(PAGE))
    assert "Every refusal under £8.40 costs more than it saves" in page
    assert (
        "2 refusals were under that. Giving would have cost £10.00; refusing cost £16.80." in page
    )


def test_a_tiers_own_limit_that_lies_below_is_named(desk: Desk, orchard: Cast) -> None:
    orchard.tiers["Driver"].limit_per_case = Decimal("5.00")
    orchard.tiers["Driver"].save()
    orchard.agent.refresh_from_db()
    is_refused(orchard.agent, so_much("money-off", "7.00"), reason_code="late")
    is_refused(orchard.agent, so_much("voucher", "10.00"), reason_code="late")

    rows = advised(desk)
    assert {row[0] for row in rows} == {"Driver"}
    assert [row[1:] for row in rows] == [
        ("money-off", [], 5, Decimal("8.40"), 1, Decimal("7.00"), Decimal("1.40")),
        ("voucher", [], Decimal("7.14"), 12, 1, Decimal("7.00"), Decimal("1.40")),
        ("redeliver", [], 0, 1, 0, 0, 0),  # one costs 6.50, and nobody wanted one
    ]


def test_a_limit_is_credited_only_with_what_it_refused_itself(desk: Desk, orchard: Cast) -> None:
    after_late = orchard.rule(
        "Two at most after late", value="2.00", remedies=["money-off"], reasons=["late"]
    )
    orchard.rule(
        "Three in a month", value="3.00", remedies=["money-off"], per="customer", window_days=30
    )
    told: dict[str, Any] = {"customer": "K-1", "reason_code": "late"}
    is_refused(orchard.agent, so_much("money-off", "2.50"), **told)
    put_right(orchard.agent, so_much("money-off", "2.00"), at=LAST_MONTH, **told)
    is_refused(orchard.agent, so_much("money-off", "1.50"), **told)

    refused = {(row[0], *row[2]): row[5] for row in advised(desk)}
    assert refused["Driver", "late"] == 1
    assert AuthorityGap.objects.get(policy=after_late).face_value == Decimal("2.50")


def test_the_figure_to_try_is_in_the_measure_of_the_rule(forno: Cast) -> None:
    forno.rule("Half a pizza", value="7.50", remedies=["free-pizza"])
    forno.rule("No reorders", measure="quantity", value="0", remedies=["reorder"])
    answer = Desk(forno.manager).client.get(PAGE)
    figures = {a.row.remedy.code: a.figure for a in answer.context["advisor"].advice}
    assert figures == {"free-pizza": 15, "reorder": 1}
    page = answer.content.decode()
    assert page.count("figure=15.00") == page.count('figure=1"') == 2  # for each tier


def test_where_giving_saves_a_return_refusing_costs_more(desk: Desk, orchard: Cast) -> None:
    deliveries = Remedy.objects.filter(pk=orchard.remedies["redeliver"].pk)
    deliveries.update(avoids_return=True, max_quantity=3)
    orchard.refresh()
    limit = orchard.rule("One delivery", measure="quantity", value="1", remedies=["redeliver"])
    is_refused(orchard.agent, so_many("redeliver", 2), reason_code="late")
    (driver, agent) = advised(desk)
    assert driver == (
        ("Driver", "redeliver", [], 1, 2, 1, Decimal("13.00"), Decimal("6.40"))
    )  # 8.40 + 11.00 - 13.00
    assert agent[0] == "Care agent"
    assert limit.title in words(desk.client.get(PAGE))


def test_what_a_rule_forbids_and_what_a_used_up_month_refused_is_no_matter_of_a_limit(
    desk: Desk, orchard: Cast
) -> None:
    orchard.rule("No vouchers", effect="forbid", remedies=["voucher"])
    is_refused(orchard.agent, so_much("voucher", "5.00"), reason_code="late")
    assert advised(desk) == []
    page = words(desk.client.get(PAGE))
    assert "No limit lies below what refusing costs." in page
    assert "Last month no limit refused anything under that." in page


def test_only_last_month_counts_and_only_ones_own_division(
    desk: Desk, orchard: Cast, forno: Cast
) -> None:
    for company in (orchard, forno):
        company.rule("One at most", value="1.00", remedies=["money-off"])
    for at in (NOW - timedelta(days=3), LAST_MONTH - timedelta(days=30)):
        is_refused(orchard.agent, so_much("money-off", "5.00"), at=at, reason_code="late")
    is_refused(forno.agent, so_much("money-off", "5.00"), reason_code="late")
    assert [row[5] for row in advised(desk)] == [0, 0]
    assert "Last month no limit refused anything under that." in words(desk.client.get(PAGE))


def test_without_figures_the_page_asks_for_them(desk: Desk, orchard: Cast) -> None:
    Division.objects.filter(pk=orchard.division.pk).update(approval_hourly_cost=0)
    page = words(desk.client.get(PAGE))
    assert "What does it cost when somebody has to ask?" in page
    assert "costs more than it saves" not in page


def test_only_the_divisions_manager_comes_in(
    orchard: Cast, head_office: dict[str, Employee]
) -> None:
    for other in (orchard.agent, orchard.lead, head_office["admin"], head_office["finance"]):
        assert client_of(other).get(PAGE).status_code in (302, 403)


QUERIES = [
    "select django_session",
    "select employees_employee",
    "select auth_permission",
    "select policies_remedy",  # which of them save a return
    "select resolutions_authoritygap",
    "select employees_authoritytier",
    "select policies_policy",  # of which rules these are versions
]


def test_a_thousand_refusals_cost_no_more_queries_than_one(desk: Desk, orchard: Cast) -> None:
    orchard.rule("One at most", value="1.00", remedies=["money-off"])
    is_refused(orchard.agent, so_much("money-off", "5.00"), reason_code="late")
    desk.client.get(PAGE)  # reads the rulebook
    for _ in range(2):
        with assert_queries(QUERIES):
            assert desk.client.get(PAGE).status_code == 200
        gap = AuthorityGap.objects.latest("pk")
        for _ in range(50):
            gap.pk = None
            gap.save()
    assert advised(desk)[0][5] == 101


@pytest.mark.parametrize(
    ("currency", "measure", "better"),
    [("USD", "8.40", "8.40"), ("USD", "8.41", "8.50"), ("USD", "12.01", "13.00"),
     ("JPY", "467", "470"), ("USD", "1940.00", "2000.00"), ("USD", "0.40", "0.40")],
)  # fmt: skip
def test_a_better_limit_has_two_figures(currency: str, measure: str, better: str) -> None:
    found = sensible(Decimal(measure), remedy(currency=currency))
    assert found == Decimal(better) >= Decimal(measure)


def test_a_better_limit_of_units_is_a_whole_number_of_them() -> None:
    assert sensible(Decimal(141), by_unit("extension", "0.40")) == 141
