"""The lists that reports lead to: by days where the team works, by remedy, and by what was said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from resolutions.models import AuthorityGap, Case, Resolution
from tests.admin.desk import Desk, address
from tests.cast import Cast
from tests.gaps import refuse
from tests.putting_right import KIM_LEE, put_right, so_many, so_much
from tests.surveys import said

NEW_YEAR_IN_SYDNEY = datetime(2026, 12, 31, 13, 30, tzinfo=UTC)  # half past midnight there
OCTOBER = {"days_from": "2026-10-01", "days_to": "2026-10-31"}


@pytest.fixture
def desk(scm: Cast) -> Desk:
    return Desk(scm.manager)


def gave(scm: Cast, at: datetime, **told: Any) -> Case:
    credit = so_much("bill-credit", "5.00")
    return Case.objects.get(
        pk=put_right(scm.agent, credit, at=at, reason_code="outage", **told)["id"]
    )


@pytest.mark.parametrize("model", [Case, Resolution])
def test_a_day_is_that_of_where_the_team_works(desk: Desk, scm: Cast, model: type[Any]) -> None:
    gave(scm, NEW_YEAR_IN_SYDNEY)
    rows = model.objects.all()
    days = {"days_from": "2027-01-01", "days_to": "2027-01-01"}
    assert desk.list(model, **days) == list(rows)
    assert desk.list(model, **{**days, "days_from": "2026-12-31", "days_to": "2026-12-31"}) == []
    if model is Case:
        rows.update(team=None)  # as one that was brought in: of the days of UTC
        assert desk.list(model, **days) == []


def test_gaps_of_some_days(desk: Desk, scm: Cast) -> None:
    gap = refuse(scm.agent, so_much("bill-credit", "900.00"), reason_code="outage")
    day = f"{gap.at.astimezone(scm.agent.zone):%Y-%m-%d}"
    assert desk.list(AuthorityGap, days_from=day, days_to=day) == [gap]
    assert desk.list(AuthorityGap, **OCTOBER) == []


def test_the_days_are_said_once_they_are_asked_for(desk: Desk) -> None:
    where = address(Case, "changelist")
    assert "1 October 2026 to 31 October 2026" in desk.client.get(where, OCTOBER).content.decode()
    assert "Ended" not in desk.client.get(where).content.decode()


@pytest.mark.parametrize(
    "odd", ["", "2026-13-01", "yesterday", "0001-01-01", "9999-12-31", "2026-10-01T00:00\x00"]
)
def test_what_is_no_day_narrows_nothing(desk: Desk, scm: Cast, odd: str) -> None:
    case = gave(scm, NEW_YEAR_IN_SYDNEY)
    assert desk.list(Case, days_from=odd, days_to="2026-10-31") == [case]


def test_cases_by_what_was_given_in_them(desk: Desk, scm: Cast) -> None:
    twice = put_right(
        scm.agent,
        so_much("bill-credit", "5.00"),
        so_many("extra-data"),
        reason_code="outage",
    )
    other = gave(scm, NEW_YEAR_IN_SYDNEY)
    credit, data = scm.remedies["bill-credit"], scm.remedies["extra-data"]
    assert {case.pk for case in desk.list(Case, given=credit.pk)} == {twice["id"], other.pk}
    assert [case.pk for case in desk.list(Case, given=data.pk)] == [twice["id"]]
    assert len(desk.list(Case, given="x")) == 2


def test_cases_by_what_their_customers_said(desk: Desk, scm: Cast) -> None:
    case, unanswered = (gave(scm, NEW_YEAR_IN_SYDNEY, customer=KIM_LEE) for _ in "12")
    said(case.pk, 2, at=NEW_YEAR_IN_SYDNEY)
    assert desk.list(Case, score="any") == desk.list(Case, score="2") == [case]
    assert desk.list(Case, score="5") == []
    assert set(desk.list(Case, score="x")) == {case, unanswered}
