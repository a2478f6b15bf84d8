"""The demo of one day is the same wherever and whenever it is loaded."""

import os
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum

from budgets.check import problems
from budgets.models import Budget
from config.demo import load
from config.demo.days import Calendar
from config.demo.load import load_demo
from employees.models import AuthorityTier, Division, Employee
from policies.models import Policy
from reports.models import DailyCases, DailyCosts, DailyGaps, PeriodClose
from resolutions.models import (
    AuthorityGap,
    Case,
    Conclusion,
    Contact,
    Customer,
    FollowUp,
    Resolution,
    Review,
    SurveyOptOut,
    SurveyResponse,
)
from tests.raw_sql import settle

FIRST_OF_A_MONTH = date(2027, 3, 1)


def everything() -> list[Any]:
    """All that a person could notice, without the numbers that the database gives by itself."""
    whose = F("employee__username").asc(nulls_first=True)
    month = F("month").asc(nulls_first=True)
    months = Budget.objects.order_by(whose, "division", month)
    return [
        list(Employee.objects.values_list("username", "last_name", "tier__name", "date_joined")),
        list(Customer.objects.values_list("reference", "name", "email", "customer_since")),
        list(Policy.objects.order_by("pk").values_list("series", "title", "version", "starts_at")),
        list(Case.objects.order_by("pk").values_list("opened_at", "note", "state", "ended_at")),
        list(
            Resolution.objects.order_by("pk").values_list(
                "at", "remedy__code", "cost", "verdict", "request_id", "entry__balance_after"
            )
        ),
        list(AuthorityGap.objects.order_by("pk").values_list("at", "bound", "words", "cost")),
        list(Contact.objects.order_by("pk").values_list("at", "note", "employee__username")),
        list(Conclusion.objects.order_by("pk").values_list("at", "words", "employee__username")),
        sorted(Review.objects.values_list("at", "employee__username", "why", "note")),
        list(FollowUp.objects.order_by("pk").values_list("due_at", "sent_at", "not_asked")),
        list(SurveyResponse.objects.order_by("pk").values_list("at", "score", "comment")),
        list(SurveyOptOut.objects.order_by("pk").values_list("at", "email")),
        list(months.values_list("employee__username", "month", "allotted", "spent", "opened_at")),
        list(PeriodClose.objects.order_by("pk").values_list("month", "spent", "closed_at")),
        list(AuthorityTier.history.values_list("name", "limit_per_case", "history_date")),
        [
            list(rows.values_list("division__code", "day").annotate(*(Sum(n) for n in names)))
            for rows, *names in (
                (DailyCosts.objects.order_by("division", "day"), "given", "spent", "face_value"),
                (DailyCases.objects.order_by("division", "day"), "cases", "came_again", "seconds"),
                (DailyGaps.objects.order_by("division", "day"), "gaps", "cost"),
            )
        ],
    ]


def loaded() -> list[Any]:
    """Load the demo, and take it away again."""
    with transaction.atomic():
        load_demo(today=FIRST_OF_A_MONTH)
        settle()
        assert list(problems()) == []
        seen = everything()
        transaction.set_rollback(True)
    return seen


@pytest.mark.django_db
def test_the_same_day_gives_the_same_data() -> None:
    """Twice on one database; with `--db both` once on each, and the later looks at the other's."""
    seen = loaded()
    if "LEEWAY_TEST_MEETING" not in os.environ:
        assert loaded() == seen
        return
    folder = Path(os.environ["LEEWAY_TEST_MEETING"])
    (folder / f"half.{connection.vendor}").write_bytes(pickle.dumps(seen))
    (folder / f"half.{connection.vendor}").rename(folder / f"demo.{connection.vendor}")
    for demo in folder.glob("demo.*"):
        assert pickle.loads(demo.read_bytes()) == seen, demo.name


@pytest.mark.once
@pytest.mark.django_db
def test_one_that_is_broken_off_before_its_months_are_told_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that it can be loaded again: it goes into an empty database only."""

    def killed(_: Calendar) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(load, "_load", lambda _: Division.objects.create(name="Forno"))
    monkeypatch.setattr(load, "tell_months", killed)
    with pytest.raises(KeyboardInterrupt):
        load_demo(today=FIRST_OF_A_MONTH)
    assert not Division.objects.exists()
