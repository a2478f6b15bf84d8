"""What a report tells is what the rollups hold, compared with the times that are known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from policies.publish import new_version, publish
from reports.models import Baseline, DailyGaps
from reports.monthly.lessons import lessons_of
from reports.monthly.report import reckon
from reports.monthly.told import Line, Told
from resolutions.models import Case, Review
from tests import putting_right
from tests.cast import Cast
from tests.putting_right import NOW, so_much
from tests.queries import assert_queries
from tests.reports.monthly.months import (
    LAST_OCTOBER,
    OCTOBER,
    SECOND_OF_NOVEMBER,
    SEPTEMBER,
    put_right,
    spent,
    stopped,
    used,
)

QUERIES = [
    *("dailycosts", "dailycases"),  # since when there is anything
    *("dailycosts", "dailycases", "budgets_budget"),  # thirteen months
    "baseline",
    *("employees_team", "employees_authoritytier", "policies_remedy", "policies_reasoncode"),
    *("dailycosts", "dailycosts", "dailycases", "dailycases") * 3,  # by team, remedy and reason
    *("dailygaps", "policies_policy"),
    "review",
]


def told_of(company: Cast) -> Told:
    return reckon(company.division, OCTOBER, at=SECOND_OF_NOVEMBER)


def line(told: Told, label: str) -> Line:
    (found,) = [line for line in told.lines if line.label == label]
    return found


def plain(texts: tuple[str, ...]) -> list[str]:
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in texts]


def test_each_measure_is_told_with_what_it_was_before(forno: Cast) -> None:
    spent(forno, OCTOBER, "300.00", given=30)
    spent(forno, SEPTEMBER, "250.00", given=20)
    spent(forno, LAST_OCTOBER, "400.00", given=40)
    put_right(forno, OCTOBER, 20, scores=(0, 0, 5, 5, 0), came_again=2)
    put_right(forno, SEPTEMBER, 25, scores=(0, 0, 0, 10, 0))
    put_right(forno, LAST_OCTOBER, 3)
    used(forno, OCTOBER, "100.00", "102.00")
    Baseline.objects.create(
        division=forno.division,
        period="January to June 2025",
        months=6,
        cost_a_month=Decimal("600.00"),
        satisfaction=Decimal("3.10"),
    )
    told = told_of(forno)

    cost = line(told, "Cost")
    assert (cost.value, cost.note) == ("$300.00", "20 cases put right · $15.00 each")
    assert plain(cost.compared) == [
        "20 % more than in September ($250.00)",
        "25 % less than in October 2025 ($400.00)",
        "50 % less than before Leeway ($600.00)",
    ]
    content = line(told, "Satisfaction")
    assert (content.value, content.note) == ("3.5 of 5", "10 of 20 answered")
    assert plain(content.compared) == [
        "0.5 less than in September (4.0 of 5)",
        "0.4 more than before Leeway (3.1 of 5)",
    ]
    case = line(told, "Cost per case")
    assert plain(case.compared) == [
        "50 % more than in September ($10.00)",
        "$133.33 in October 2025: too few to compare",
    ]
    first = line(told, "Solved at first contact")
    assert plain((first.value, first.note)) == [
        "90 %",
        "within 7 days · up to 25 October",
    ]
    over = line(told, "Over budget")
    assert plain((over.value, over.note)) == [
        "50 %",
        "1 of 2 people’s months",
    ]
    avoided = line(told, "Approvals avoided")
    assert (avoided.value, avoided.note) == ("20", "they would have cost $140.00 · $7.00 each")


@pytest.mark.once
@pytest.mark.parametrize(
    ("entered", "compared"),
    [
        ({"cost_per_case": Decimal("7.50")}, "33 % more than before Leeway ($7.50)"),
        ({"cases_a_month": 60}, "the same as before Leeway ($10.00)"),
        ({}, None),
    ],
)
def test_what_a_case_cost_before_is_reckoned_where_it_was_not_entered(
    forno: Cast, entered: dict[str, Any], compared: str | None
) -> None:
    spent(forno, OCTOBER, "300.00")
    put_right(forno, OCTOBER, 30)
    Baseline.objects.create(
        division=forno.division, period="2025", months=6, cost_a_month=600, **entered
    )
    said = plain(line(told_of(forno), "Cost per case").compared)
    assert said == ([] if compared is None else [compared])


def test_what_was_not_known_is_not_compared_with(forno: Cast) -> None:
    spent(forno, OCTOBER, "300.00")
    told = told_of(forno)
    assert all(line.compared == () for line in told.lines)
    assert line(told, "Satisfaction") == Line("Satisfaction", "—", "nobody was asked", ())


def test_the_month_in_which_a_division_began_is_not_compared_with(forno: Cast) -> None:
    spent(forno, OCTOBER, "300.00")
    spent(forno, SEPTEMBER.replace(day=2), "20.00")
    assert line(told_of(forno), "Cost").compared == ()
    spent(forno, SEPTEMBER, "20.00")
    assert "in September ($40.00)" in line(told_of(forno), "Cost").compared[0]


@pytest.mark.once
def test_a_month_in_which_nothing_happened_can_be_told(forno: Cast) -> None:
    told = told_of(forno)
    assert told.sentences == ("Nothing was given in October.",)
    assert line(told, "Cost").value == "$0.00"
    assert Told.of_json(told.as_json()) == told


def test_what_was_told_comes_back_from_the_database_as_it_was(forno: Cast) -> None:
    from reports.monthly.make import make_report

    spent(forno, OCTOBER, "300.10", remedy="money-off", lent=Decimal("1.05"))
    put_right(forno, OCTOBER, 20, scores=(1, 2, 3, 4, 5), remedy="money-off")
    stopped(forno, OCTOBER, 4)
    used(forno, OCTOBER, "10.00")
    told = told_of(forno)
    report = make_report(forno.division, OCTOBER, at=SECOND_OF_NOVEMBER)
    assert report is not None
    report.refresh_from_db()
    assert Told.of_json(report.told) == told
    assert told.remedies[0].costs.spent == Decimal("300.10")


def test_remedies_and_rules_are_told_by_name_and_versions_of_a_rule_as_one(forno: Cast) -> None:
    spent(forno, OCTOBER, "80.00", remedy="money-off")
    spent(forno, SEPTEMBER, "20.00", remedy="reorder")
    first = forno.rule("Gift cards", value="5")
    draft = new_version(first)
    draft.title, draft.change_reason = "Cards", "Shorter."
    draft.save()
    second = publish(draft, published_by=forno.manager, starts_at=NOW, at=NOW)
    stopped(forno, OCTOBER, 3, rule=first)
    stopped(forno, OCTOBER, 4, rule=second)
    stopped(forno, OCTOBER, 5)
    told = told_of(forno)
    assert [remedy.name for remedy in told.remedies] == ["Money off the bill"]
    assert [(rule.name, rule.gaps, rule.cost) for rule in told.gaps] == [
        ("Cards", 7, Decimal(70)),
        ("The tier's limit for the case", 5, Decimal(50)),
    ]


def test_what_was_only_said_was_not_stopped_by_anything(forno: Cast) -> None:
    for bound, gaps in (("", 9), ("tier", 5)):
        DailyGaps.objects.create(division=forno.division, day=OCTOBER, bound=bound, gaps=gaps)
    told = told_of(forno)
    assert [gap.gaps for gap in told.gaps] == [9, 5]
    assert "stopped by “The tier's limit for the case”: 5 times" in told.sentences[-1]


def test_other_divisions_are_not_in_it(forno: Cast, orchard: Cast) -> None:
    for company in (forno, orchard):
        spent(company, OCTOBER, "80.00", reason="late")
        put_right(company, OCTOBER, 9)
        stopped(company, OCTOBER, 5)
        used(company, OCTOBER, "5.00")
    told = told_of(forno)
    assert told.costs[OCTOBER].spent == Decimal(80)
    assert (told.cases[OCTOBER].cases, told.use.months, told.gaps[0].gaps) == (9, 1, 5)
    assert told.currency == "USD"


@pytest.mark.parametrize("months", [1, 3])
def test_it_takes_the_same_queries_however_much_happened(forno: Cast, months: int) -> None:
    for month in (OCTOBER, SEPTEMBER, LAST_OCTOBER)[:months]:
        for number in range(months):
            spent(forno, month, "10.00", remedy=list(forno.remedies)[number], reason="late")
            put_right(forno, month, 5, team=next(iter(forno.teams)))
        stopped(forno, month, 5, rule=forno.rule(f"Rule of {month}", value="5"))
    with assert_queries(QUERIES):
        told_of(forno)


def review(company: Cast, note: str, *, at: datetime, **reviewed: object) -> Review:
    receipt = putting_right.put_right(company.agent, so_much("money-off", "1.00"), customer="42")
    return Review.objects.create(
        case=Case.objects.get(pk=receipt["id"]),
        employee=company.agent,
        team=company.agent.team,
        why="sample",
        outcome="with-a-note",
        note=note,
        reviewed_by=company.lead,
        reviewed_at=at,
        **reviewed,
    )


def test_lessons_are_the_newest_notes_of_the_month_and_name_nobody(
    forno: Cast, orchard: Cast
) -> None:
    noon = datetime(2026, 10, 15, 16, tzinfo=UTC)
    agent = forno.agent
    agent.first_name, agent.last_name = "Maya", "Lindqvist-Osei"
    agent.save()
    for day, note in enumerate(
        [
            "The oldest of four: not told.",
            "Offer the reorder\n first.",
            "Maya's free pizza was right.",
            "As lindqvist-osei knows, ask for the order.",
            "Say when it comes.",
            "Look at the last visit.",
        ]
    ):
        review(forno, note, at=noon + timedelta(days=day))
    review(forno, "November’s", at=datetime(2026, 11, 1, 4, tzinfo=UTC))  # 00:00 in New York
    review(forno, "September’s", at=datetime(2026, 10, 1, 3, 59, tzinfo=UTC))
    assert lessons_of(forno.division, OCTOBER) == (
        "Look at the last visit.",
        "Say when it comes.",
        "Offer the reorder first.",
    )
    assert lessons_of(orchard.division, OCTOBER) == ()


def test_a_short_name_is_a_name_too_but_not_each_word_like_it(forno: Cast) -> None:
    forno.agent.first_name, forno.agent.last_name = "An", "Bo"
    forno.agent.save()
    noon = datetime(2026, 10, 15, 16, tzinfo=UTC)
    for note in ("Well done, Bo.", "An’s reorder was right.", "Offer an extra pizza."):
        review(forno, note, at=noon)
    assert lessons_of(forno.division, OCTOBER) == ("Offer an extra pizza.",)


def test_a_note_with_what_may_be_an_address_or_a_number_of_somebody_is_not_told(
    forno: Cast,
) -> None:
    noon = datetime(2026, 10, 15, 16, tzinfo=UTC)
    harmless = "Of order 4711 give 2 of 15 pizzas, up to $25.00."
    for note in (
        "Write to kim@example.com first.",
        "They ask for (718) 555-0142.",
        "Call 0041 44 – 668 first.",
        "ORD-18817 came late, too.",
        harmless,
    ):
        review(forno, note, at=noon)
    assert lessons_of(forno.division, OCTOBER) == (harmless,)


def test_a_long_note_is_cut_and_the_same_note_told_once(forno: Cast) -> None:
    noon = datetime(2026, 10, 15, 16, tzinfo=UTC)
    for _ in range(2):
        review(forno, "word " * 400, at=noon)
    (lesson,) = lessons_of(forno.division, date(2026, 10, 1))
    assert len(lesson) <= 280
    assert lesson.endswith("…")
