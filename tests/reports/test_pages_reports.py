"""The page of reports: what it tells, to whom, of which days, and the way behind each figure."""

import csv
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client

from budgets.models import Budget
from employees.models import Division, Employee, Team
from policies.models import ReasonCode, Remedy
from reports import figures
from reports.figures import Scope
from reports.measures import Costs
from reports.models import DailyCases, DailyCosts, RollupState
from tests.cast import Cast
from tests.closing import finance_of
from tests.pages import client_of, words
from tests.queries import assert_queries
from tests.raw_sql import guards_down
from tests.rolled_up import cost_on, ended_on, refused_on

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
PAGE = "/reports/"
LAST_MONTH = {"period": "last-month"}
OCTOBER, SEPTEMBER, A_YEAR_AGO = date(2026, 10, 14), date(2026, 9, 9), date(2025, 10, 2)


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def counted(forno: Cast) -> Cast:
    """Forno with an October, the September before it, and the October a year before."""
    cost_on(forno, OCTOBER, "88.00", remedy="voucher", given=8)
    cost_on(forno, OCTOBER, "12.00", remedy="free-pizza", team="Queens", tier="Shift lead")
    ended_on(forno, OCTOBER, 40, remedy="voucher", scores="55544", seconds=40 * 720, came_again=5)
    ended_on(forno, OCTOBER, 10, team="Queens", tier="Shift lead", scores="15", handed_over=1)
    cost_on(forno, SEPTEMBER, "80.00", remedy="voucher", given=8)
    ended_on(forno, SEPTEMBER, 25, scores="33333", seconds=25 * 600)
    cost_on(forno, A_YEAR_AGO, "200.00", remedy="voucher", given=20)
    RollupState.objects.create(pk=1, followed_at=NOW)
    return forno


def used(company: Cast, person: Employee, spent: str, *, month: date = OCTOBER) -> None:
    """So much of 120.00 in a month, without the entries that it comes from."""
    with guards_down("budgets_budget"):
        Budget.objects.create(
            kind="month",
            division=company.division,
            employee=person,
            month=month.replace(day=1),
            allotted=120,
            spent=Decimal(spent),
            grace=24,
        )


def page(person: Employee, **asked: str) -> Any:
    answer = client_of(person).get(PAGE, asked)
    assert answer.status_code == 200, words(answer)
    return answer


def said(person: Employee, **asked: str) -> str:
    return re.sub(r" (?=[.:])", "", words(page(person, **asked)))


def table(person: Employee, key: str, **asked: str) -> list[dict[str, str]]:
    answer = client_of(person).get(f"/reports/tables/{key}.csv", asked)
    assert answer.status_code == 200, key
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def ways(answer: Any, path: str) -> list[dict[str, str]]:
    """What each link of the page to this path asks for."""
    links = re.findall(r'href="([^"]+)"', answer.content.decode().replace("&amp;", "&"))
    found = [urlsplit(link) for link in links]
    return [dict(parse_qsl(link.query)) for link in found if link.path == path]


def test_the_headline_stands_beside_the_month_before_and_the_year_before(counted: Cast) -> None:
    told = said(counted.manager, **LAST_MONTH)

    assert "Forno: October 2026 Counted up to today 10:00." in told
    assert (
        "Cost $100.00: what it counts of Cost 50 cases put right · $2.00 each 25 % more than in "
        "September 50 % less than in October 2025"
    ) in told
    assert "4.1 of 5: what it counts of Satisfaction 7 of 50 answered 1.1 more than in" in told
    assert "90 %: what it counts of Solved" in told
    assert "within 7 days · up to 31 October 10 points less than in September" in told
    assert "they would have cost" in told
    assert "1 of 50 cases" in told
    assert "10 min: what it counts of Time until it was put right on average" in told


@pytest.mark.once
def test_one_case_is_told_as_one(forno: Cast) -> None:
    ended_on(forno, OCTOBER, 1, scores="5")
    told = said(forno.manager, **LAST_MONTH)
    assert "1 case put right" in told
    assert "0 of 1 case " in told
    assert "1 cases" not in told


@pytest.mark.once
def test_first_contact_says_up_to_when_it_is_known(counted: Cast) -> None:
    assert "within 7 days · up to 13 November" in said(counted.manager)
    told = said(counted.manager, day_from="2026-11-20", day_to="2026-11-21")
    assert "— within 7 days · known 7 days later" in told


def test_a_score_never_stands_without_who_answered(counted: Cast) -> None:
    DailyCases.objects.update(**{f"score_{score}": 0 for score in range(1, 6)})
    assert "Satisfaction —" in said(counted.manager, **LAST_MONTH)
    assert "0 of 50 answered" in said(counted.manager, **LAST_MONTH)


def test_people_are_never_ranked_and_few_answers_tell_nothing_of_them(counted: Cast) -> None:
    rows = table(counted.manager, "by-team", **LAST_MONTH)
    assert [row["Team"] for row in rows] == ["Brooklyn", "Queens"]
    assert [(row["Score"], row["Answers"], row["Asked"]) for row in rows] == [
        ("4.60", "5", "40"),
        ("", "2", "10"),
    ]
    assert "too few" in said(counted.manager, **LAST_MONTH)
    Team.objects.filter(name="Brooklyn").update(name="Zoo")
    rows = table(counted.manager, "by-team", **LAST_MONTH)
    assert [row["Team"] for row in rows] == ["Queens", "Zoo"], "by name, whatever the figures"


@pytest.mark.parametrize("narrower", ["team", "tier"])
def test_narrowed_to_what_may_be_one_person_few_answers_tell_no_score(
    counted: Cast, narrower: str
) -> None:
    cost_on(counted, OCTOBER, "1.00", remedy="reorder", team="Queens", tier="Shift lead")
    ended_on(counted, OCTOBER, 3, remedy="reorder", team="Queens", tier="Shift lead", scores="2")
    of = {"team": counted.teams["Queens"].pk, "tier": counted.tiers["Shift lead"].pk}
    asked = {**LAST_MONTH, narrower: str(of[narrower])}
    answer = page(counted.manager, **asked, by="reason_code")
    assert "Satisfaction — too few answered" in words(answer)
    assert "Expedited reorder $1.00 too few answered" in words(answer)
    assert " of 5" not in words(answer)
    assert ways(answer, "behind/satisfaction/") == []
    rows = table(counted.manager, "by-reason-code", **asked)
    assert [(row["Score"], row["Answers"], row["Asked"]) for row in rows] == [("", "3", "13")]
    rows = table(counted.manager, "satisfaction-by-month", **asked)
    assert (rows[-1]["Score"], rows[-1]["Answers"], rows[-1]["Asked"]) == ("", "3", "13")
    ended_on(counted, OCTOBER, 2, team="Queens", tier="Shift lead", scores="44")
    assert "3.2 of 5" in said(counted.manager, **asked)


def test_of_what_may_be_one_person_few_cases_tell_no_share_nor_time(counted: Cast) -> None:
    of = {"team": "Queens", "tier": "Shift lead"}
    ended_on(counted, SEPTEMBER, 4, **of, handed_over=1, came_again=1, seconds=400)
    september = {"period": "2026-09"}
    rows = {row["Team"]: row for row in table(counted.manager, "by-team", **september)}
    assert (rows["Queens"]["First contact"], rows["Queens"]["Handed over"]) == ("", "")
    assert rows["Brooklyn"]["Handed over"] == "0.0000"
    queens = {**september, "team": str(counted.teams["Queens"].pk)}
    told = said(counted.manager, **queens)
    assert told.count("— too few cases") == 4, "first contact, handed over, time, second failures"
    assert "1 of 4 cases" not in told
    ended_on(counted, SEPTEMBER, 1, **of, seconds=100)
    assert "1 of 5 cases" in said(counted.manager, **queens)


def test_what_has_no_team_here_is_one_row(counted: Cast, scm: Cast) -> None:
    of_others = DailyCosts.objects.filter(day=OCTOBER, team=counted.teams["Queens"])
    of_others.update(team=scm.teams["Perth"])
    cost_on(counted, OCTOBER, "3.00")
    DailyCosts.objects.filter(spent=3).update(team=None)
    rows = table(counted.manager, "by-team", **LAST_MONTH)
    assert [row["Cost"] for row in rows if row["Team"] == "Without a team"] == ["15.00"]


def test_of_a_part_it_says_whose_months_went_over(counted: Cast) -> None:
    now = "of those who are there now"
    assert now in said(counted.manager, team=str(counted.teams["Queens"].pk))
    assert now not in said(counted.manager)


@pytest.mark.django_db(transaction=True)
def test_all_of_a_report_is_of_one_moment(counted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is read, the rollups go on."""
    counts = figures.costs

    def and_more_is_counted(scope: Scope) -> Costs:
        told = counts(scope)
        with ThreadPoolExecutor(1) as other:
            other.submit(goes_on).result()
        return told

    def goes_on() -> None:
        cost_on(counted, OCTOBER, "5.00")
        connection.close()

    monkeypatch.setattr(figures, "costs", and_more_is_counted)
    told = said(counted.manager, **LAST_MONTH)
    assert DailyCosts.objects.filter(spent=5).exists()
    assert "Brooklyn $88.00" in told
    monkeypatch.undo()
    assert "Brooklyn $103.00" in said(counted.manager, **LAST_MONTH), "it was read three times"


def test_each_table_comes_as_a_file_with_safe_cells(counted: Cast) -> None:
    Remedy.objects.filter(code="voucher").update(name="=HYPERLINK(1)")
    voucher, pizza = table(counted.manager, "by-remedy", **LAST_MONTH)
    assert (voucher["Remedy"], voucher["Cost"], voucher["Currency"]) == (
        "'=HYPERLINK(1)",
        "88.00",
        "USD",
    )
    assert (pizza["Remedy"], pizza["Cost each time"], pizza["Cases"]) == (
        "Free pizza",
        "12.00",
        "0",
    )
    months = table(counted.manager, "cost-by-month", **LAST_MONTH)
    assert [row["Cost"] for row in months] == ["200.00", *["0.00"] * 10, "80.00", "100.00"]
    for bad in ({"table": "people"}, {"period": "x"}, {"division": "scm"}):
        where = f"/reports/tables/{bad.pop('table', 'by-team')}.csv"
        assert client_of(counted.manager).get(where, bad).status_code == 404


def test_charts_say_the_same_in_a_sentence_and_in_a_table(counted: Cast) -> None:
    answer = page(counted.manager, **LAST_MONTH)
    told = words(answer)
    assert (
        "$100.00 in October 2026; before that between $0.00 in November 2025 and $200.00 in "
        "October 2025."
    ) in told
    assert "Budgets" not in told
    assert answer.content.decode().count('<svg class="chart"') == 3, "no gaps, and no budgets yet"


def test_what_could_not_be_done_is_told_by_rule_in_all_its_versions(counted: Cast) -> None:
    rule = counted.rule("No cash", effect="forbid", remedies=["voucher"])
    refused_on(counted, OCTOBER, 5, policy=rule)
    refused_on(counted, OCTOBER, 2, bound="tier")
    answer = page(counted.manager, **LAST_MONTH)
    assert "7 times in all; most often, 5 times, because of “No cash”." in words(answer)
    assert ways(answer, "behind/gaps/") == [
        {**LAST_MONTH, "rule": str(rule.series)},
        {**LAST_MONTH, "bound": "tier"},
    ]
    assert "Answer them in groups" in words(answer)
    assert "Answer them" not in said(finance_of(counted), **LAST_MONTH), "that is a manager's"


def test_every_figure_leads_behind_itself(counted: Cast) -> None:
    used(counted, counted.people["forno.driver3"], "130.00")
    ended_on(counted, OCTOBER, 3, team="Queens", scores="543")
    queens = {**LAST_MONTH, "team": str(counted.teams["Queens"].pk)}
    answer = page(counted.manager, **queens)
    for what in ("over-budget", "approvals", "second-failures", "first-contact", "satisfaction"):
        assert queens in ways(answer, f"/reports/behind/{what}/"), what
    answer = page(counted.manager, **queens, by="reason_code")
    late = {"reason_code": str(counted.reasons["late"].pk)}
    for what in ("cost", "cases", "handed-over"):
        assert {**queens, **late} in ways(answer, f"behind/{what}/"), what
    pizza = {"remedy": str(counted.remedies["free-pizza"].pk)}
    assert {**queens, **pizza} in ways(page(counted.manager, **queens, by="remedy"), "behind/cost/")


@pytest.mark.once
@pytest.mark.parametrize(
    ("by", "words_of_table"),
    [
        ("tier", "By tier Tier Cost Cost per case Cases"),
        ("remedy", "By remedy Remedy Cost Cost each time Cases"),
        ("reason_code", "By what went wrong What went wrong Cost Cost per case Cases"),
        ("channel", "By channel Channel Cost Cost per case Cases"),
        ("day", "By team Team Cost Cost per case Cases"),  # nothing that it is told by
    ],
)
def test_figures_are_told_by_what_is_asked_for(counted: Cast, by: str, words_of_table: str) -> None:
    assert words_of_table in said(counted.manager, **LAST_MONTH, by=by)


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ({}, "1 to 21 November 2026"),
        ({"period": "3-months"}, "August to October 2026"),
        ({"period": "12-months"}, "November 2025 to October 2026"),
        ({"period": "2026-02"}, "February 2026"),
        ({"period": "2019-12"}, "December 2019"),
        ({"day_from": "2026-10-03", "day_to": "2026-10-05"}, "3 to 5 October 2026"),
        (
            {"period": "last-month", "day_from": "2026-10-03", "day_to": "2026-10-05"},
            "October 2026",
        ),
    ],
)
def test_days_are_asked_for_in_the_address(
    counted: Cast, asked: dict[str, str], heading: str
) -> None:
    assert f"Forno: {heading} Counted" in said(counted.manager, **asked)


@pytest.mark.once
def test_a_day_is_that_of_where_the_report_is_read(scm: Cast) -> None:
    assert "1 to 22 November 2026" in said(scm.manager), "it is two in the morning in Sydney"


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"period": "soon"}, "Choose among what is offered."),
        ({"period": "2027-01"}, "Choose among what is offered."),
        ({"period": "1999-01"}, "Choose among what is offered."),
        ({"period": "days"}, "Write a day, such as 2026-10-31."),
        ({"day_from": "yesterday", "day_to": "2026-10-01"}, "Write a day, such as 2027-01-31."),
        ({"day_from": "0001-01-01", "day_to": "2026-10-01"}, "Choose a day from 2000 on"),
        ({"day_from": "2026-10-01", "day_to": "2027-10-01"}, "up to today."),
        (
            {"day_from": "2026-10-05", "day_to": "2026-10-01"},
            "Choose 5 October 2026 or a later day.",
        ),
        ({"team": "9" * 40}, "Choose among what is offered."),
        ({"tier": "x\x00"}, "Choose among what is offered."),
        ({"channel": "pigeon"}, "Choose among what is offered."),
        ({"remedy": "voucher"}, "Choose among what is offered."),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(
    counted: Cast, asked: dict[str, str], refusal: str
) -> None:
    answer = client_of(counted.manager).get(PAGE, asked)
    assert answer.status_code == 400
    assert refusal in words(answer)
    assert "At a glance" not in words(answer)


@pytest.mark.once
def test_narrowed_it_says_to_what_and_how_to_see_all(counted: Cast) -> None:
    asked = {**LAST_MONTH, "team": str(counted.teams["Queens"].pk), "channel": "phone"}
    answer = page(counted.manager, **asked)
    assert "Only Queens · Phone. All of it" in words(answer)
    assert LAST_MONTH in ways(answer, "")
    assert "Cost $12.00" in words(answer)
    assert {**asked, "period": "3-months"} in ways(answer, "")


@pytest.mark.once
def test_others_names_are_not_offered_nor_taken(counted: Cast, scm: Cast) -> None:
    answer = client_of(counted.manager).get(PAGE, {"team": scm.teams["Perth"].pk})
    assert answer.status_code == 400
    assert "Perth" not in words(answer)


@pytest.mark.once
@pytest.mark.parametrize("who", ["forno.driver1", "forno.lead1", "admin"])
def test_reports_are_for_managers_and_finance(
    counted: Cast, head_office: dict[str, Employee], who: str
) -> None:
    client = client_of((counted.people | head_office)[who])
    for path in (PAGE, "/reports/tables/by-team.csv"):
        assert client.get(path).status_code == 403
    assert Client().get(PAGE)["Location"] == f"/sign-in/?next={PAGE}"


def test_one_sees_ones_own_division_and_no_other(counted: Cast, scm: Cast) -> None:
    for person in (scm.manager, finance_of(scm)):
        assert "Southern Cross Mobile:" in said(person, **LAST_MONTH)
        answer = client_of(person).get(PAGE, {"division": "forno"})
        assert answer.status_code == 400
        assert "There is no such division among those you see." in words(answer)
        assert "$" not in words(answer)


def test_finance_of_the_group_sees_a_line_for_each_and_no_sum(counted: Cast, scm: Cast) -> None:
    cost_on(scm, OCTOBER, "900.00")
    ended_on(scm, OCTOBER, 3, scores="5")
    group = finance_of()
    told = said(group, **LAST_MONTH)
    assert (
        "Forno $100.00 50 cases put right · 4.1 of 5, 7 of 50 answered · 90 % solved at first "
        "contact Cost: 25 % more than in September"
    ) in told
    assert "Southern Cross Mobile A$900.00 3 cases put right · 5.0 of 5, 1 of 3 answered" in told
    assert "1,000" not in told
    assert {**LAST_MONTH, "division": "scm"} in ways(page(group, **LAST_MONTH), "")
    assert "Southern Cross Mobile: October 2026" in said(group, **LAST_MONTH, division="scm")
    answer = client_of(group).get(PAGE, {"division": "nowhere"})
    assert (answer.status_code, "no such division" in words(answer)) == (400, True)
    assert client_of(group).get(PAGE, {"period": "soon"}).status_code == 400


def test_of_several_divisions_each_has_its_own_day(counted: Cast, scm: Cast) -> None:
    """It is the first of December in Sydney, and in New York the last of November still runs."""
    for company in (counted, scm):
        cost_on(company, date(2026, 11, 30), "40.00")
        ended_on(company, date(2026, 11, 23), 4, came_again=1)
    with time_machine.travel(datetime(2026, 11, 30, 20, tzinfo=UTC), tick=False):
        told = said(finance_of())
        assert "Reports: 1 December 2026" in told
        assert "Forno $40.00" in told
        assert "Of November 2026, as it is there." in told
        assert "Southern Cross Mobile A$0.00" in told
        assert "Of 1 December 2026, as" not in said(finance_of(), period="2026-12")
        of_days = said(finance_of(), day_from="2026-11-22", day_to="2026-12-01")
    assert "Southern Cross Mobile A$40.00 4 cases put right · —, 0 of 4 answered · 75 %" in of_days
    assert "Forno $40.00 4 cases put right · —, 0 of 4 answered · — solved" in of_days


@pytest.mark.once
def test_amounts_are_in_the_currencys_own_form(counted: Cast) -> None:
    Division.objects.update(currency="JPY")
    assert "Cost ¥100" in said(counted.manager, **LAST_MONTH)


@pytest.mark.once
def test_with_nothing_counted_it_is_kind(forno: Cast) -> None:
    told = said(forno.manager)
    assert "Nothing is counted yet: that begins with the first case." in told
    assert told.count("Nothing yet.") == 6, "five charts and a table"
    assert "<svg" not in page(forno.manager).content.decode()


def test_a_large_division_has_a_light_page(counted: Cast) -> None:
    for number in range(20):
        name, of = f"Team number {number}", {"division": counted.division}
        counted.teams[name] = Team.objects.create(name=name, **of)
        counted.reasons[name] = ReasonCode.objects.create(code=f"reason-{number}", name=name, **of)
    for number in range(40):
        name, code = f"Remedy number {number}", f"remedy-{number}"
        counted.remedies[code] = Remedy.objects.create(
            division=counted.division, code=code, name=name, rationale="Why", customer_wording="So"
        )
        where: dict[str, Any] = dict.fromkeys(("team", "reason"), f"Team number {number % 20}")
        cost_on(counted, OCTOBER, "5.00", remedy=code, **where)
        ended_on(counted, OCTOBER, 9, remedy=code, scores="55431", handed_over=1, **where)
    heaviest = page(counted.manager, **LAST_MONTH, by="remedy")
    assert len(heaviest.content) < 73_000, "100 kB with its styles"


def test_budgets_are_told_as_a_distribution(counted: Cast) -> None:
    used(counted, counted.agent, "130.00")
    used(counted, counted.colleague, "30.00")
    told = said(counted.manager, **LAST_MONTH)
    assert "1 of 2 people’s months" in told
    assert "Of 2 people’s months 1 went over the budget; all together used 67 %." in told
    assert counted.agent.called not in told.replace(counted.manager.called, "")


def test_months_that_went_over_are_compared_where_they_are_whole(counted: Cast) -> None:
    """A month's budget is used up to its end: days are not compared with whole months."""
    used(counted, counted.agent, "130.00")
    used(counted, counted.colleague, "30.00")
    used(counted, counted.agent, "130.00", month=SEPTEMBER)
    over = "1 of 2 people’s months"
    assert f"{over} 50 points less than in September" in said(counted.manager, **LAST_MONTH)
    few_days = {"day_from": "2026-10-01", "day_to": "2026-10-20"}
    assert f"{over} Handed over after all" in said(counted.manager, **few_days)


FRAME = ["session", "select employee", "select division", "select rollupstate"]
NAMES = ["select team", "select tier", "select remedy", "select reasoncode"]
SUMS = ["select dailycosts", "select dailycases", "select budgets_budget"]
BOTH = ["select dailycosts", "select dailycases"]
MEASURED = [
    *SUMS * 3,  # now, before, and a year before
    *BOTH * 2,  # by remedy for the chart, and by team
    *BOTH,  # by month
    "select dailygaps",
    "select policy",
]


@pytest.mark.parametrize("more", [0, 20])
def test_as_many_queries_for_much_as_for_little(counted: Cast, more: int) -> None:
    rule = counted.rule("No cash", effect="forbid", remedies=["voucher"])
    for number in range(more):
        team = Team.objects.create(division=counted.division, name=f"Team {number}")
        counted.teams[team.name] = team
        cost_on(counted, OCTOBER, "5.00", team=team.name, remedy="voucher")
        refused_on(counted, OCTOBER, 1, policy=rule, team=team.name)
    refused_on(counted, OCTOBER, 1, policy=rule)
    for person in (counted.manager, finance_of(counted)):
        client = client_of(person)
        with assert_queries([*FRAME, *NAMES, *MEASURED]):
            client.get(PAGE, {"period": "12-months"})


def test_a_line_for_each_costs_no_query_each(counted: Cast, scm: Cast, orchard: Cast) -> None:
    client = client_of(finance_of())
    with assert_queries([*FRAME, "select dailycosts", "select dailycosts", "select dailycases"]):
        client.get(PAGE, LAST_MONTH)


@pytest.mark.once
def test_managers_find_it_on_the_admins_first_page(counted: Cast) -> None:
    answer = client_of(counted.manager).get("/admin/")
    assert f'href="{PAGE}"' in answer.content.decode()
    assert "What it cost and what it brought" in words(answer)


@pytest.mark.once
def test_finance_finds_it_first(counted: Cast) -> None:
    assert "Leeway Reports Exports Months Tokens" in words(client_of(finance_of()).get("/finance/"))
    assert "Leeway Reports Admin" in said(counted.manager)
