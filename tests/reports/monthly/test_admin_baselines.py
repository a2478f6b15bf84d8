"""How it was before Leeway is entered once a division by its manager, and changed with a reason."""

from decimal import Decimal
from typing import Any

import pytest

from employees.models import Employee
from reports.models import Baseline, ReportPreference
from reports.monthly.wishes import wants_it
from tests.admin.desk import Desk, errors
from tests.cast import Cast
from tests.pages import words
from tests.raw_sql import execute, refused

pytestmark = pytest.mark.once
ENTERED = {
    "period": "January to June 2025",
    "months": "6",
    "cost_a_month": "1,250.50",
    "satisfaction": "3.4",
    "first_contact_percent": "61.5",
}


def entered(forno: Cast, **told: Any) -> Any:
    return Desk(forno.manager).add(Baseline, **(ENTERED | told))


def test_it_is_entered_for_ones_own_division(forno: Cast) -> None:
    assert entered(forno).status_code == 302
    baseline = Baseline.objects.get()
    assert (baseline.division, baseline.cost_a_month) == (forno.division, Decimal("1250.50"))
    assert (baseline.satisfaction, baseline.cost_per_case) == (Decimal("3.4"), None)


def test_there_is_one_a_division(forno: Cast) -> None:
    entered(forno)
    answer = entered(forno)
    assert answer.status_code == 200
    assert "already" in words(answer)
    assert Baseline.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"satisfaction": "5.1"}, "satisfaction"),
        ({"satisfaction": "0.9"}, "satisfaction"),
        ({"first_contact_percent": "101"}, "first_contact_percent"),
        ({"handed_over_percent": "-1"}, "handed_over_percent"),
        ({"cost_a_month": "1.005"}, "cost_a_month"),
        ({"cost_a_month": "-5"}, "cost_a_month"),
        ({"cost_per_case": "much"}, "cost_per_case"),
        ({"months": "0"}, "months"),
        ({"months": "1000"}, "months"),
        ({"period": "  "}, "period"),
        ({"minutes_to_resolution": "-4"}, "minutes_to_resolution"),
        ({"minutes_to_resolution": "9" * 30}, "minutes_to_resolution"),
        ({"cases_a_month": "9" * 12}, "cases_a_month"),
        (dict.fromkeys(["cost_a_month", "satisfaction", "first_contact_percent"], ""), "__all__"),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(
    forno: Cast, told: dict[str, str], field: str
) -> None:
    answer = entered(forno, **told)
    assert list(errors(answer)) == [field]
    assert not Baseline.objects.exists()


def test_a_change_says_why_and_stays_in_the_history(forno: Cast) -> None:
    entered(forno)
    desk, baseline = Desk(forno.manager), Baseline.objects.get()
    answer = desk.change(baseline, cost_a_month="1,300.00")
    assert "change_reason" in errors(answer)
    answer = desk.change(baseline, cost_a_month="1,300.00", change_reason="June was missing.")
    assert answer.status_code == 302
    told = words(desk.client.get(f"/admin/reports/baseline/{baseline.pk}/history/"))
    assert "$1,250.50" in told
    assert "$1,300.00" in told
    assert "June was missing." in told


def test_the_database_keeps_figures_within_their_bounds(forno: Cast) -> None:
    entered(forno)
    for column, value in [("satisfaction", 6), ("first_contact_percent", 101), ("months", 0)]:
        with refused("baseline_"):
            execute(f"UPDATE reports_baseline SET {column} = %s", value)


def test_administrators_look_after_who_gets_reports(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    desk = Desk(head_office["admin"])
    answer = desk.add(ReportPreference, employee=forno.agent.pk)
    assert "employee" in errors(answer)
    answer = desk.add(ReportPreference, employee=forno.manager.pk, by_mail=None)
    assert answer.status_code == 302
    assert not wants_it(forno.manager)
    desk.change(ReportPreference.objects.get(), by_mail="on")
    assert wants_it(forno.manager)
