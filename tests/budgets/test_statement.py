"""The statement of one's own month: what is left, where it went, and every entry of it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db.models import Sum

from budgets.models import Budget
from budgets.statement import statement_of
from employees.models import Employee
from tests.budgets.month_of_everything import (
    day,
    everything_happens,
    give_back,
    lend,
    spend,
    top_up,
)
from tests.cast import Cast
from tests.pages import client_of, without_tier, words
from tests.putting_right import NOW, put_right, rows_written, so_many, so_much
from tests.queries import assert_queries

LONG = ("It never came, and nobody there knows where it went. " * 4)[:200].strip()


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def statement(person: Employee, path: str = "/month/") -> str:
    answer = client_of(person).get(path)
    assert answer.status_code == 200, path
    return words(answer)


def test_a_month_in_which_nothing_was_given_is_all_theirs(scm: Cast) -> None:
    before = rows_written()
    said = statement(scm.agent)
    assert "A$200.00 left of A$200.00. You may go over by A$50.00; that is read afterwards." in said
    assert "Full again on 1 December. Allotted A$200.00 Left A$200.00" in said
    assert "Nothing was given yet this month: all of it is yours to use." in said
    assert statement(scm.agent, "/month/2026-11/").count("A$200.00") == said.count("A$200.00")
    assert rows_written() == before, "looking opens no month"


def test_every_movement_is_listed_with_the_balance_after_it(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))
    put_right(forno.agent, so_much("voucher", "10.00"), at=NOW.replace(hour=14))
    said = statement(forno.agent)
    assert "$105.00 left of $120.00." in said
    assert "Allotted $120.00 Used -$15.00 Left $105.00" in said
    assert (
        "Voucher 21 Nov, 09:00 -$6.00 $105.00 "
        "Expedited reorder 21 Nov, 10:00 -$4.00 $111.00 "
        "Free pizza 21 Nov, 10:00 -$5.00 $115.00 "
        "Allotted for November 2026 21 Nov, 10:00 $120.00 $120.00"
    ) in said


def test_it_adds_up_with_all_that_can_happen_and_says_why_and_by_whom(forno: Cast) -> None:
    everything_happens(forno)
    said = statement(forno.agent)
    assert "$93.00 left of $150.00." in said
    assert (
        "Allotted $120.00 Topped up $30.00 Used -$54.00 Lent to colleagues -$12.00 "
        "Given back $9.00 Left $93.00"
    ) in said
    back = "Given back by Lead1: Never came It takes back “Voucher” of 3 November"
    for line in (
        f"{back} 6 Nov, 12:00 $9.00 $93.00",
        "Lent to Driver2 Towards “Expedited reorder” 5 Nov, 12:00 -$12.00 $84.00",
        "Topped up by Manager: Storm week 4 Nov, 12:00 $30.00 $96.00",
    ):
        assert line in said


def test_the_sums_are_the_ledgers_own(forno: Cast) -> None:
    budget = everything_happens(forno).budget
    told = statement_of(forno.agent, None, at=NOW)
    assert told is not None
    (part,) = told.parts
    of_ledger = budget.entries.aggregate(total=Sum("amount"))["total"]
    assert sum((amount for _, amount in part.sums), Decimal(0)) == of_ledger == budget.left
    assert part.entries == budget.entries.count()
    for kind, total in part.moved.items():
        assert total == sum(e.amount for e in budget.entries.filter(kind=kind))
    used = -(part.moved["spend"] + part.moved["lent"] + part.moved["give-back"])
    assert used == budget.spent


def test_what_was_lent_comes_back_to_who_lent_it_and_says_so(forno: Cast) -> None:
    given = spend(forno.agent, "18.00", day(2))
    lend(forno.colleague, "12.00", given, day(2))
    give_back(given, forno.manager, day(3))
    said = statement(forno.colleague)
    assert "Lent to colleagues -$12.00 Given back $12.00 Left $120.00" in said
    assert (
        "Given back by Manager: Never came It takes back what was lent to Driver1 on 2 November"
    ) in said


@pytest.mark.once
def test_going_over_is_said_by_how_much(scm: Cast) -> None:
    spend(scm.agent, "225.00", day(5))
    said = statement(scm.agent)
    assert "-A$25.00 left of A$200.00. A$25.00 over: that is read afterwards." in said
    assert "Used -A$225.00 Over -A$25.00" in said
    assert "You may go over" not in said


def test_an_earlier_month_can_be_read_and_leads_to_its_neighbours(forno: Cast) -> None:
    for month in (8, 10):
        spend(forno.agent, "7.00", day(20, month=month), f"In month {month}")
    october = client_of(forno.agent).get("/month/2026-10/")
    said = words(october)
    assert "$113.00 left of $120.00. This month ended on 31 October." in said
    assert "In month 10" in said
    assert "In month 8" not in said
    assert "Full again" not in said
    html = october.content.decode()
    assert '<a class="button quiet" rel="prev" href="/month/2026-08/">' in html
    assert '<a class="button quiet" rel="next" href="/month/2026-11/">' in html
    assert html.count('href="/month/2026-') == 5, "each of three months to choose, and two beside"

    newest, oldest = (statement(forno.agent, p) for p in ("/month/", "/month/2026-08/"))
    assert "← October 2026 All your months November 2026 October 2026 August 2026" in newest
    assert "October 2026 → All your months" in oldest


def test_money_given_back_to_an_earlier_month_is_in_its_statement(forno: Cast) -> None:
    lost = spend(forno.agent, "7.00", day(20, month=10))
    spend(forno.agent, "1.00", day(2))
    give_back(lost, forno.lead, NOW + timedelta(days=60))
    assert "Given back" not in statement(forno.agent)
    said = statement(forno.agent, "/month/2026-10/")
    assert "$120.00 left of $120.00." in said
    assert "It takes back “Voucher” of 20 October 20 Jan 2027, 10:00" in said


@pytest.mark.once
@pytest.mark.parametrize(
    "month",
    [
        *("2026-12", "2026-09", "1999-01", "9999-12"),  # there is no such month of theirs
        *(
            "2026-13",
            "2026-00",
            "0000-01",
            "2026-1",
            "26-11",
            "2026-11-01",
            "november",
            "2026-１１",
        ),
    ],
)
def test_a_month_that_is_not_there_says_so_kindly(forno: Cast, month: str) -> None:
    spend(forno.agent, "7.00", day(2))
    answer = client_of(forno.agent).get(f"/month/{month}/")
    assert answer.status_code == 404
    assert "There is nothing here for you" in words(answer)


def test_nobody_elses_month_is_in_it(forno: Cast) -> None:
    Employee.objects.filter(pk=forno.manager.pk).update(tier=forno.tiers["Shift lead"])
    for month in (10, 11):
        spend(forno.colleague, "5.00", day(9, month=month), "Free pizza")
    for reader in (forno.agent, forno.lead, forno.manager):
        assert "Free pizza" not in statement(reader)
        assert client_of(reader).get("/month/2026-10/").status_code == 404


@pytest.mark.once
def test_without_a_tier_there_is_a_kind_page(forno: Cast) -> None:
    client = client_of(without_tier(forno))
    for path in ("/month/", "/month/2026-10/"):
        assert "You have no authority tier yet" in words(client.get(path))


@pytest.fixture
def moved(forno: Cast, orchard: Cast) -> Employee:
    """A driver who spent 20.00 dollars, then moved to the grocer in London."""
    person = forno.agent
    spend(person, "20.00", day(2), "Free pizza")
    person.division, person.team = orchard.division, orchard.agent.team
    person.tier = orchard.agent.tier
    person.save()
    return person


def test_whoever_moved_to_another_division_sees_both_and_no_sum_of_them(moved: Employee) -> None:
    said = statement(moved)
    assert "£100.00 left of £100.00." in said
    assert "Nothing was given yet this month: all of it is yours to use." in said
    assert "$100.00 left of $120.00. You work elsewhere now: this stays as it is." in said
    assert "Free pizza" in said
    assert not Budget.objects.filter(division=moved.division).exists()

    spend(moved, "1.50", day(10), "Keep it")
    said = statement(moved)
    assert "£98.50 left of £100.00." in said
    assert "$100.00 left of $120.00." in said
    assert said.index("Orchard") < said.index("Keep it") < said.index("Free pizza")


def many(person: Employee, count: int) -> None:
    """Spend 0.01, as often as told."""
    for number in range(count):
        spend(person, "0.01", day(2), f"Gift {number}")


def test_a_hundred_entries_are_on_a_page_and_all_of_them_to_print(forno: Cast) -> None:
    many(forno.agent, 249)
    seen = [statement(forno.agent, f"/month/?page={page}") for page in (1, 2, 3)]
    assert [said.count("Gift ") for said in seen] == [100, 100, 49]
    assert "1 of 3" in seen[0]
    assert "Show all 250, to print" in seen[0]
    assert "These are entries 101 to 200 of 250." in seen[1], "so that paper hides nothing"

    said = statement(forno.agent, "/month/?all")
    assert said.count("Gift ") == 249
    assert "of 3" not in said
    assert "These are all 250." in said
    assert "Allotted $120.00 Used -$2.49 Left $117.51" in said


def test_entries_of_two_divisions_are_in_pages_too(moved: Employee) -> None:
    many(moved, 100)
    first, second = (statement(moved, f"/month/?page={page}") for page in (1, 2))
    assert "Its 2 entries are on another page." in first
    assert "Free pizza" not in first
    assert "Free pizza" in second
    assert "$100.00 left of $120.00." in first
    assert "£99.00 left of £100.00." in second


@pytest.mark.once
def test_a_reason_of_two_hundred_signs_is_told_whole_and_as_text(forno: Cast) -> None:
    budget = everything_happens(forno).budget
    top_up(budget, "1.00", forno.manager, day(7), reason=LONG)
    top_up(budget, "1.00", forno.manager, day(7), reason="<b>bold</b>")
    said = statement(forno.agent)
    assert f"Topped up by Manager: {LONG}" in said
    assert "<b>bold</b>" in said, "as it was written"


@pytest.mark.once
def test_a_spend_that_says_nothing_and_a_reader_far_away_are_no_trouble(scm: Cast) -> None:
    spend(scm.agent, "5.00", datetime.fromisoformat("2026-11-01T00:30:00+11:00"), "")
    assert "Given 1 Nov, 00:30 -A$5.00" in statement(scm.agent)


@pytest.mark.parametrize("path", ["/month/", "/month/2026-11/?all", "/month/2026-10/?page=2"])
@pytest.mark.parametrize("entries", [1, 130])
def test_it_reads_as_much_for_few_entries_as_for_many(forno: Cast, path: str, entries: int) -> None:
    spend(forno.agent, "7.00", day(20, month=10))
    lent = everything_happens(forno).lent
    assert lent.concerns
    give_back(lent.concerns, forno.lead, day(7))
    many(forno.agent, entries)
    client = client_of(forno.agent)
    with assert_queries(
        [
            *("select session", "select employee"),
            "select budget",  # all of their months
            "select ledgerentry",  # what each kind moved
            "select ledgerentry",  # the entries of the page, with who and what they concern
        ]
    ):
        assert client.get(path).status_code == 200


def test_a_month_that_is_not_opened_yet_is_looked_for_once(forno: Cast) -> None:
    client = client_of(forno.agent)
    with assert_queries(["select session", "select employee", "select budget", "select budget"]):
        client.get("/month/")


def test_entries_of_an_opening_that_was_not_written_are_none(forno: Cast) -> None:
    Budget.objects.create(
        kind="month", division=forno.division, employee=forno.agent, month=date(2026, 10, 1)
    )
    said = statement(forno.agent, "/month/2026-10/")
    assert "Nothing moved in this month." in said
