"""The list of cases is narrowed by remedy, and by what their customers said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from resolutions.models import Case
from tests.admin.desk import Desk
from tests.cast import Cast
from tests.putting_right import KIM_LEE, put_right, so_many, so_much
from tests.surveys import said

NEW_YEAR_IN_SYDNEY = datetime(2026, 12, 31, 13, 30, tzinfo=UTC)  # half past midnight there


@pytest.fixture
def desk(scm: Cast) -> Desk:
    return Desk(scm.manager)


def gave(scm: Cast, at: datetime, **told: Any) -> Case:
    credit = so_much("bill-credit", "5.00")
    return Case.objects.get(
        pk=put_right(scm.agent, credit, at=at, reason_code="outage", **told)["id"]
    )


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
