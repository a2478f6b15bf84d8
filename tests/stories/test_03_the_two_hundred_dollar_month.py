"""Story 3, the money: on the first, at midnight where one works, every budget is full again.

A year of it, through a real worker, a real beat and a real Redis, while people spend.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from budgets.models import Budget
from employees.models import Employee, Team
from resolutions.models import Resolution
from tests.cast import Cast
from tests.jobs.programs import Program, Programs, told_opened
from tests.pages import client_of, send_case, ticks, words
from tests.servers import Redis

BRANCHES = {
    "Kiritimati": "Pacific/Kiritimati",  # +14, the first of all
    "Apia": "Pacific/Apia",
    "Lord Howe": "Australia/Lord_Howe",  # its summer time is half an hour
    "Sydney": "Australia/Sydney",
    "Perth": "Australia/Perth",
    "Kathmandu": "Asia/Kathmandu",  # +05:45
    "Havana": "America/Havana",  # midnight of the first of November 2026 comes twice
    "Pago Pago": "Pacific/Pago_Pago",  # -11, the last
}
BEFORE = datetime(2026, 10, 20, tzinfo=UTC)
YEAR = [date(2026, 11, 1), date(2026, 12, 1), *(date(2027, m, 1) for m in range(1, 11))]
GOES_OVER, QUEUE_IS_DOWN = date(2027, 1, 1), date(2027, 3, 1)

SECOND = timedelta(seconds=1)
QUARTER = timedelta(minutes=15)


def midnight(branch: str, month: date) -> datetime:
    zone = ZoneInfo(BRANCHES[branch])
    return datetime(month.year, month.month, 1, tzinfo=zone).astimezone(UTC)


def midnights(month: date) -> list[tuple[datetime, list[str]]]:
    """Each moment at which the month begins somewhere, with the branches there, in order."""
    begins = defaultdict(list)
    for branch in BRANCHES:
        begins[midnight(branch, month)].append(branch)
    return sorted(begins.items())


def credits_at_once(rep: Employee, amount: str, *, at: datetime) -> str:
    """The rep credits it by the case form; what their month's page says then."""
    with time_machine.travel(at, tick=False):
        browser = client_of(rep)
        told = {"reason_code": "billing-dispute", "channel": "phone"}
        answer = send_case(browser, **told, **ticks(bill_credit=amount))
        assert answer.status_code == 302, words(answer)
        return words(browser.get("/month/"))


class Clockwork:
    """Worker, beat and Redis, as the year passes for them."""

    def __init__(self, programs: Programs, redis: Redis) -> None:
        self._programs = programs
        self._redis = redis
        self.worker: Program = programs.worker()
        self.beat: Program = programs.beat()

    def let_it_be(self, at: datetime) -> None:
        """Move the time, and wait until beat has woken up the job and the job has come to an end.

        Beat does so at once, because a quarter of an hour has struck meanwhile.
        """
        runs = len(told_opened(self.worker.said))
        self._programs.move(at)
        self._programs.wait_until(lambda: len(told_opened(self.worker.said)) > runs)

    def let_it_be_without_redis(self, at: datetime) -> None:
        """Take the task queue away and move the time: beat can't wake up anyone."""
        failures = self.beat.said.count("Message Error")
        self._redis.crash()
        self._programs.move(at)
        self._programs.wait_until(lambda: self.beat.said.count("Message Error") > failures)

    def bring_redis_back(self) -> None:
        """Start it again, and wait until the worker has found it."""
        connected = self.worker.said.count("Connected to")
        self._redis.begin()
        self._programs.wait_until(lambda: self.worker.said.count("Connected to") > connected)


@pytest.fixture
def clockwork(scm: Cast, tmp_path: Path) -> Iterator[Clockwork]:
    redis = Redis()
    try:
        with Programs(tmp_path, redis, at=BEFORE) as programs:
            yield Clockwork(programs, redis)
    finally:
        redis.stop()


@pytest.fixture
def reps(scm: Cast) -> dict[str, Employee]:
    """A rep in each branch. Sydney and Perth are there; the others are new."""
    reps = {"Sydney": scm.people["scm.rep1"], "Perth": scm.people["scm.rep3"]}
    for branch, zone in BRANCHES.items():
        if branch not in reps:
            reps[branch] = Employee.objects.create_user(
                f"scm.{branch.lower().replace(' ', '-')}",
                role="agent",
                division=scm.division,
                team=Team.objects.create(division=scm.division, name=branch, time_zone=zone),
                tier=scm.tiers["Rep"],
            )
    return reps


def assert_full(branches: Sequence[str], month: date, *, besides: Employee | None = None) -> None:
    """Everyone who works there has that month, and nothing of it is spent."""
    there = Employee.objects.filter(team__name__in=branches, tier__isnull=False)
    if besides:
        there = there.exclude(pk=besides.pk)
    opened = Budget.objects.filter(month=month, employee__in=there, spent=0)
    full = {"Rep": 200, "Team lead": 800}
    assert sorted(opened.values_list("employee", "allotted")) == sorted(
        (number, full[tier]) for number, tier in there.values_list("pk", "tier__name")
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_two_hundred_dollar_month(clockwork: Clockwork, reps: dict[str, Employee]) -> None:
    sydney = reps["Sydney"]
    clockwork.let_it_be(BEFORE + QUARTER)
    assert_full(list(BRANCHES), date(2026, 10, 1))

    for month in YEAR:
        for begins, branches in midnights(month):
            clockwork.let_it_be(begins - 10 * SECOND)
            begun_there = Budget.objects.filter(month=month, employee__team__name__in=branches)
            assert not begun_there.exists(), "nobody's month begins early"

            if month == QUEUE_IS_DOWN and "Sydney" in branches:
                # The task queue is down at midnight in Sydney and on Lord Howe. Nobody notices: who
                # gives something opens their own month; the others' open when it is back.
                clockwork.let_it_be_without_redis(begins + SECOND)
                said = credits_at_once(sydney, "35.00", at=begins + 5 * 60 * SECOND)
                assert "A$165.00 left of A$200.00" in said
                clockwork.bring_redis_back()
                clockwork.let_it_be(begins + QUARTER)
                assert_full(branches, month, besides=sydney)
                continue

            clockwork.let_it_be(begins + SECOND)
            assert_full(branches, month)

        # A customer disputes an invoice; the rep credits 35.00 at once.
        mid_month = datetime(month.year, month.month, 15, 9, tzinfo=UTC)
        for rep in reps.values():
            said = credits_at_once(rep, "35.00", at=mid_month)
            before = month == QUEUE_IS_DOWN and rep == sydney
            assert f"A${130 if before else 165}.00 left of A$200.00" in said

        if month == GOES_OVER:
            # The month is used up, and the rep can still help: that is read afterwards.
            assert "A$15.00 left" in credits_at_once(sydney, "150.00", at=mid_month)
            said = credits_at_once(sydney, "40.00", at=mid_month)
            assert "-A$25.00 left of A$200.00" in said
            over = Resolution.objects.latest("pk")
            assert (over.given_by, over.cost, over.review_afterwards) == (sydney, 40, True)

    assert_the_year_adds_up(reps)
    assert clockwork.beat.said.count("Sending due task open-months") >= len(
        told_opened(clockwork.worker.said)
    )


def assert_the_year_adds_up(reps: dict[str, Employee]) -> None:
    """Each month was opened once, in time, by itself; and all that was given is accounted for."""
    late = []
    for branch, rep in reps.items():
        months = {b.month: b for b in Budget.objects.filter(employee=rep).order_by("month")}
        assert list(months) == [date(2026, 10, 1), *YEAR]
        assert {b.allotted for b in months.values()} == {200}
        for month in YEAR:
            after = months[month].opened_at - midnight(branch, month)
            assert after >= timedelta(0)
            if after > QUARTER:
                late.append((branch, month))
            extra = {GOES_OVER: 190, QUEUE_IS_DOWN: 35}.get(month, 0) if branch == "Sydney" else 0
            assert months[month].spent == 35 + extra
    assert late == [("Lord Howe", QUEUE_IS_DOWN)], "where nobody gave anything before it was back"
    call_command("check_ledger")
