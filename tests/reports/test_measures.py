"""Each measure is what a plain reckoning of every raw row says it is, however it is narrowed."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from reports import figures, measures
from reports.figures import By
from reports.measures import BudgetUse, Cases, Costs, Satisfaction
from reports.rollups.follow import follow
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.closing import closed, entry_of, finance_of, gave, lent, noon, returned
from tests.reports.rollups.agreed import assert_agreed, every_scope, whole
from tests.reports.rollups.happenings import Happenings, Receipt

AHEAD = date(2026, 12, 31)


@pytest.fixture
def busy(scm: Cast) -> Happenings:
    """A fortnight in which a little of everything happens, in both teams, and two months."""
    h = Happenings(scm)
    perth = scm.people["scm.rep3"]
    scm.rule("Roaming", value="8.00", reasons=["roaming"])
    h.later(days=-5)
    for n, score in enumerate((1, 3, 4, 5, 5, 2, 4)):
        known = CustomerDetails(f"555-010{n}", "", f"{n}@example.com")
        h.later(hours=17)
        person = perth if n % 2 else scm.lead
        receipt = h.gave(f"{20 + n}.00", by=person, customer=known, channel="chat")
        if n % 3:
            h.asked(receipt)
            h.later(days=1)
            h.said(receipt, score)
        if n == 4:
            h.later(days=2)
            h.came_back(receipt)
            h.gave_more(receipt)
    h.lent(h.gave("5.00", "1.25", reason_code="roaming", customer=None))
    h.gave_back(h.gave("7.00", "2.00"), 1)
    h.gave_back(h.gave("3.00"))
    for ended in (h.closed, h.handed_over):
        opened = h.told()
        h.later(hours=5)
        ended(opened)
    h.came_back(opened)
    h.gave_more(opened)
    h.gave("170.00", reason_code="outage", channel="email")
    h.refused()
    h.refused(reason_code="roaming", channel="web")
    return h


def test_each_measure_is_what_a_plain_reckoning_says(busy: Happenings) -> None:
    follow(at=busy.at)
    scopes = every_scope(busy.company.division)
    assert_agreed(*scopes, today=AHEAD)
    assert_agreed(*scopes, today=date(2026, 11, 14))


def test_parts_come_to_the_whole(busy: Happenings) -> None:
    """But for remedies: a case is in each that was given in it."""
    follow(at=busy.at)
    scope = whole(busy.company.division)
    cases, costs = figures.cases(scope, today=AHEAD), figures.costs(scope)
    for by in By:
        assert sum(figures.costs_by(scope, by).values(), Costs()) == costs
        if by != By.REMEDY:
            parts = figures.cases_by(scope, by, today=AHEAD).values()
            assert sum(parts, Cases()) == cases
    uses = figures.budget_use_by_month(scope).values()
    assert sum(uses, BudgetUse()) == figures.budget_use(scope)


def test_a_months_cost_is_that_of_finances_close(scm: Cast) -> None:
    """Of the same entries: each in the month that it was where the team works."""
    sydney, perth = scm.agent, scm.people["scm.rep3"]
    between, midnight = noon(31) - timedelta(hours=3.5), noon(31) - timedelta(hours=1)
    gave(sydney, "10.00", noon(2))
    gave(sydney, "40.00", between)  # it is November there, and not in Perth
    early = gave(perth, "3.00", noon(30))
    returned(early, scm.manager, between)
    late = gave(perth, "20.00", midnight)
    lent(scm.colleague, "5.00", entry_of(late), midnight)
    follow(at=noon(3, 11))
    by_month = figures.costs_by(whole(scm.division), By.MONTH)
    finance = finance_of()
    for month in ("2026-10", "2026-11"):
        close = closed(scm, month, by=finance)
        costs = by_month[close.month]
        assert (costs.spent + costs.lent, costs.given_back) == (close.spent, close.given_back)
        assert measures.cost(costs) == close.spent - close.given_back
    assert [measures.cost(costs) for costs in by_month.values()] == [10, 65]


# --- Solved at first contact ---


def again_after(**by: float) -> Callable[[Happenings, Receipt], None]:
    def tell(h: Happenings, _: Receipt) -> None:
        h.later(**by)
        h.told()

    return tell


def of_another_thing(h: Happenings, _: Receipt) -> None:
    h.later(days=1)
    h.told(reason="roaming")


def by_another(h: Happenings, _: Receipt) -> None:
    h.later(days=1)
    h.told(customer=CustomerDetails("555-0199"))


def back_after(days: int) -> Callable[[Happenings, Receipt], None]:
    """The customer comes back, and it is put right once more."""

    def come(h: Happenings, receipt: Receipt) -> None:
        h.later(days=days)
        h.came_back(receipt)
        h.later(days=20)
        h.gave_more(receipt)

    return come


@pytest.mark.parametrize(
    ("happens", "solved"),
    [
        (lambda *_: None, 1),
        (again_after(days=7), 0),
        (again_after(days=7, seconds=1), 1),
        (of_another_thing, 1),
        (by_another, 1),
        (back_after(6), 0),
        (back_after(8), 1),
    ],
)
def test_a_case_is_solved_at_first_contact_if_nobody_comes_again_in_seven_days(
    scm: Cast, happens: Callable[[Happenings, Receipt], None], solved: int
) -> None:
    h = Happenings(scm)
    happens(h, h.gave("20.00"))
    follow(at=h.at)
    cases = figures.cases(whole(scm.division), today=AHEAD)
    assert (cases.watched, measures.first_contact_resolution(cases)) == (1, solved)


# --- What a measure says of nothing, and of little ---


def test_of_nothing_there_is_nothing_to_measure() -> None:
    costs, cases, use = Costs(), Cases(), BudgetUse()
    assert measures.cost(costs) == 0
    for nothing in (
        measures.cost_per_case(costs, cases, "USD"),
        measures.cost_per_remedy(costs, "USD"),
        measures.budget_used(use),
        measures.share_over_budget(use),
        measures.first_contact_resolution(cases),
        measures.escalation_rate(cases),
        measures.time_to_resolution(cases),
        measures.satisfaction(cases),
        measures.share_of_second_failures(cases),
    ):
        assert nothing is None
    assert measures.cost_of_approvals_avoided(cases, Decimal("8.40")) == 0


def test_a_score_never_stands_without_its_response_rate() -> None:
    said = measures.satisfaction(Cases(asked=8, score_2=1, score_5=2))
    assert said == Satisfaction(Decimal("4.00"), 3, 8, Decimal("0.375"))


def test_amounts_have_the_places_of_their_currency() -> None:
    costs, cases = Costs(given=3, spent=Decimal(100)), Cases(put_right=3)
    assert measures.cost_per_case(costs, cases, "JPY") == Decimal(33)
    assert measures.cost_per_remedy(costs, "KWD") == Decimal("33.333")


def test_a_change_is_told_against_what_was() -> None:
    assert measures.change(Decimal(88), Decimal(100)) == Decimal("-0.12")
    assert measures.change(Decimal(88), Decimal(0)) is None
    assert measures.change(None, Decimal(100)) is None


def test_little_is_not_shown_of_one_person() -> None:
    assert [measures.shown_of_a_person(count) for count in (0, 4, 5)] == [False, False, True]
