"""Each figure leads to what it counts, one by one, however the report is narrowed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reports import figures, measures
from reports.figures import Scope
from reports.measured.behind import Behind, behind
from reports.measured.names import names_of
from reports.measures import Cases
from reports.rollups.follow import follow
from tests.cast import Cast
from tests.gaps import refuse
from tests.putting_right import so_much
from tests.reports.rollups.agreed import every_scope, whole
from tests.reports.rollups.happenings import Happenings

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,  # in a test's one transaction nothing is settled on PostgreSQL
]
TODAY = date(2026, 11, 27)
COUNTED = {
    "cases": "cases",
    "approvals": "unescalated",
    "first-contact": "watched",
    "came-again": "came_again",
    "time": "put_right",
    "handed-over": "handed_over",
    "second-failures": "second_failures",
}


@pytest.fixture
def happened(scm: Cast) -> Happenings:
    """Something of everything that is counted, in two zones, and lately."""
    happens = Happenings(scm)
    of_two = happens.gave("20.00", "1.50")
    happens.lent(happens.gave("12.00", reason_code="roaming"))
    happens.handed_over(happens.told(None))
    happens.refused()
    happens.later(days=2)
    happens.gave_back(of_two, 1)
    happens.came_back(of_two)
    happens.later(hours=1)
    happens.gave_more(of_two)
    happens.asked(of_two)
    happens.said(of_two, 2)
    happens.gave("3.00", by=scm.people["scm.rep3"], customer=None, channel="chat")
    happens.gave("4.00")  # a second failure
    happens.later(days=20)
    happens.gave("5.00")
    follow(at=happens.at)
    return happens


def found(what: str, scope: Scope, **told: str) -> Behind:
    names = names_of(scope.division)
    behind_it = behind(what, scope, names, today=TODAY, told=told)
    assert behind_it is not None, what
    return behind_it


def test_there_are_as_many_cases_as_the_figure_counts(happened: Happenings) -> None:
    seen = Cases()
    for scope in every_scope(happened.company.division):
        counted = figures.cases(scope, today=TODAY)
        seen += counted
        for what, counter in COUNTED.items():
            rows = found(what, scope).rows(0, 100)
            assert len(rows) == getattr(counted, counter), (what, scope)
    for counter in COUNTED.values():
        assert getattr(seen, counter), f"no case shows that {counter} is told rightly"


def test_entries_come_to_the_cost(happened: Happenings) -> None:
    for scope in every_scope(happened.company.division):
        amounts = [-entry["amount"] for entry in found("cost", scope).found]
        assert sum(amounts, Decimal(0)) == measures.cost(figures.costs(scope)), scope
    kinds = [row.told[0] for row in found("cost", whole(happened.company.division)).rows(0, 100)]
    assert set(kinds) == {"Spend", "Lent", "Give-back"}


def test_gaps_are_those_of_the_rule_or_bound(happened: Happenings) -> None:
    company = happened.company
    rule = company.rule("No credit", effect="forbid", remedies=["bill-credit"])
    refuse(happened.agent, so_much("bill-credit", "7.00"), at=happened.at, reason_code="roaming")
    every = whole(company.division)
    by_rule = found("gaps", every, rule=str(rule.series)).rows(0, 100)
    assert [(row.name, row.told[0]) for row in by_rule] == [("Bill credit", "No credit")]
    by_bound = found("gaps", every, bound="tier").rows(0, 100)
    assert [row.told[0] for row in by_bound] == ["The tier's limit for the case"]
    assert len(found("gaps", every).rows(0, 100)) == 2
    assert len(found("gaps", replace(every, channel="chat")).rows(0, 100)) == 0


def test_of_one_person_few_scores_are_not_shown(happened: Happenings) -> None:
    every = whole(happened.company.division)
    assert [row.figure for row in found("satisfaction", every).rows(0, 9)] == ["2 of 5"]
    team = replace(every, team=happened.agent.team_id)
    names = names_of(every.division)
    assert behind("satisfaction", team, names, today=TODAY, told={}) is None
