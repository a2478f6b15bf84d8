"""Finance closes a month: what it holds, line by line, and what lands in the next one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from budgets import ledger, months, top_ups
from budgets.models import LedgerEntry
from employees.models import Employee, Team
from policies.models import Remedy
from reports.models import PeriodClose
from tests.cast import Cast
from tests.closing import (
    closed,
    entry_of,
    finance_of,
    gave,
    held,
    lent,
    lines,
    noon,
    on_the_third,
    returned,
    with_codes,
)
from tests.incidents import storm
from tests.putting_right import NOW, put_right, so_many, so_much


@pytest.fixture
def books(forno: Cast) -> Cast:
    """Forno, with the codes that finance books on."""
    return with_codes(forno)


def test_a_close_tells_what_each_remedy_cost_each_cost_centre(books: Cast) -> None:
    driver, other = books.agent, books.people["forno.driver3"]
    put_right(driver, so_many("free-pizza"), so_much("money-off", "7.50"), at=noon(2))
    put_right(driver, so_much("money-off", "2.25"), at=noon(30))
    put_right(other, so_many("free-pizza"), so_much("voucher", "10.00"), at=noon(12))

    close = closed(books, "2026-10")

    assert lines(close) == [
        ("spent", "6110", "F-110", "money-off", Decimal("9.75")),
        ("spent", "6120", "F-120", "voucher", Decimal("6.00")),
        ("spent", "6130", "F-110", "free-pizza", Decimal("5.00")),
        ("spent", "6130", "F-120", "free-pizza", Decimal("5.00")),
    ]
    assert [line.entries for line in close.lines.all()] == [2, 1, 1, 1]
    assert (close.spent, close.given_back, close.entries) == (Decimal("25.75"), 0, 5)
    assert (close.currency, close.budget_account) == ("USD", "2190")
    assert held(close) == set(LedgerEntry.objects.filter(kind="spend").values_list("pk", flat=True))


def test_a_close_says_who_closed_it_and_when(books: Cast) -> None:
    gave(books.agent, "5.00", noon(2))
    finance = finance_of(books)
    at = on_the_third(date(2026, 10, 1))

    close = closed(books, "2026-10", by=finance, at=at)

    close.refresh_from_db()
    assert (close.closed_by, close.closed_at, close.month) == (finance, at, date(2026, 10, 1))
    assert str(close) == "Forno · October 2026"


def test_what_is_set_aside_or_topped_up_costs_nothing_yet(books: Cast) -> None:
    month = months.open_month(books.agent, at=noon(1))
    top_ups.top_up(
        month,
        amount=Decimal("30.00"),
        actor=books.manager,
        reason="Storm week",
        request_id=uuid4(),
        at=noon(2),
    )
    spent = entry_of(gave(books.agent, "5.00", noon(3)))

    close = closed(books, "2026-10")

    assert held(close) == {spent.pk}
    assert close.spent == Decimal("5.00")


def test_what_was_owed_and_what_a_fund_paid_is_booked_like_everything_else(scm: Cast) -> None:
    with_codes(scm)
    scm.rule(effect="grant", value="50", reasons=["slow-data"], entitlement=True)
    storm(scm)
    at = NOW + timedelta(minutes=1)
    entries = [
        entry_of(gave(scm.agent, "20.00", at)),
        entry_of(gave(scm.people["scm.rep3"], "35.00", at, reason_code="outage")),
    ]
    assert [entry.budget.kind for entry in entries] == ["entitlements", "fund"]

    close = closed(scm, "2026-11")

    assert lines(close) == [
        ("spent", "6150", "S-1", "bill-credit", Decimal("20.00")),
        ("spent", "6150", "S-2", "bill-credit", Decimal("35.00")),
    ]


def test_what_is_given_back_in_the_same_month_goes_the_other_way_on_the_same_codes(
    books: Cast,
) -> None:
    receipt = gave(books.agent, "5.00", noon(2))
    gave(books.agent, "3.00", noon(2))
    returned(receipt, books.lead, noon(20))

    close = closed(books, "2026-10")

    assert lines(close) == [
        ("spent", "6110", "F-110", "money-off", Decimal("8.00")),
        ("given-back", "6110", "F-110", "money-off", Decimal("5.00")),
    ]
    assert (close.spent, close.given_back, close.entries) == (Decimal("8.00"), Decimal("5.00"), 3)
    assert not close.lines.filter(original__isnull=False).exists()


def test_what_is_given_back_later_is_in_the_open_month_and_names_the_original(books: Cast) -> None:
    lost, other = gave(books.agent, "5.00", noon(2)), gave(books.agent, "3.00", noon(2))
    october = closed(books, "2026-10")
    for receipt in (lost, other):
        returned(receipt, books.lead, noon(10, month=11))
    same = gave(books.agent, "4.00", noon(11, month=11))
    returned(same, books.lead, noon(12, month=11))

    november = closed(books, "2026-11")

    told = november.lines.values_list("kind", "amount", "original", "original_month", "entries")
    october_first = date(2026, 10, 1)
    assert list(told) == [
        ("spent", Decimal("4.00"), None, None, 1),
        ("given-back", Decimal("4.00"), None, None, 1),
        ("given-back", Decimal("5.00"), entry_of(lost).pk, october_first, 1),
        ("given-back", Decimal("3.00"), entry_of(other).pk, october_first, 1),
    ]
    assert (november.spent, november.given_back) == (Decimal("4.00"), Decimal("12.00"))
    october.refresh_from_db()
    assert (october.spent, october.given_back) == (Decimal("8.00"), 0)


def test_what_was_given_before_the_first_close_stays_out_and_its_return_names_its_month(
    books: Cast,
) -> None:
    earlier = gave(books.agent, "5.00", noon(15, month=8))
    gave(books.agent, "3.00", noon(2))
    returned(earlier, books.lead, noon(3))

    close = closed(books, "2026-10")

    told = close.lines.values_list("kind", "amount", "original", "original_month")
    assert list(told) == [
        ("spent", Decimal("3.00"), None, None),
        ("given-back", Decimal("5.00"), entry_of(earlier).pk, date(2026, 8, 1)),
    ]


def test_what_a_colleague_lent_is_booked_on_the_colleagues_cost_centre(books: Cast) -> None:
    lender = books.people["forno.driver3"]
    receipt = gave(books.agent, "5.00", noon(2))
    lent(lender, "4.00", entry_of(receipt), noon(2))

    october = closed(books, "2026-10")
    returned(receipt, books.lead, noon(3, month=11))
    november = closed(books, "2026-11")

    assert lines(october) == [
        ("spent", "6110", "F-110", "money-off", Decimal("5.00")),
        ("spent", "6110", "F-120", "money-off", Decimal("4.00")),
    ]
    assert lines(november) == [
        ("given-back", "6110", "F-110", "money-off", Decimal("5.00")),
        ("given-back", "6110", "F-120", "money-off", Decimal("4.00")),
    ]
    originals = november.lines.values_list("original__kind", "original_month")
    assert set(originals) == {("spend", date(2026, 10, 1)), ("lent", date(2026, 10, 1))}


def test_what_arrives_late_is_in_the_next_close(books: Cast) -> None:
    gave(books.agent, "5.00", noon(2))
    october = closed(books, "2026-10")
    late = entry_of(gave(books.agent, "3.00", noon(31)))
    of_november = entry_of(gave(books.agent, "2.00", noon(1, month=11)))

    november = closed(books, "2026-11")

    assert held(november) == {late.pk, of_november.pk}
    assert (october.spent, november.spent) == (Decimal("5.00"), Decimal("5.00"))


def test_what_came_late_is_named_by_the_month_in_whose_close_it_is(books: Cast) -> None:
    gave(books.agent, "5.00", noon(2))
    closed(books, "2026-10")
    late = gave(books.agent, "3.00", noon(31))
    closed(books, "2026-11")
    returned(late, books.lead, noon(5, month=12))

    (line,) = closed(books, "2026-12").lines.all()
    assert (line.original, line.original_month) == (entry_of(late), date(2026, 11, 1))


def test_a_return_that_is_dated_before_what_it_returns_names_it_too(books: Cast) -> None:
    """Clocks differ: what a close holds must not rest on them."""
    gave(books.agent, "5.00", noon(2))
    receipt = gave(books.agent, "3.00", noon(1, month=11))
    returned(receipt, books.lead, noon(31))

    october = closed(books, "2026-10")
    november = closed(books, "2026-11")

    (line,) = october.lines.filter(kind="given-back")
    assert (line.original, line.original_month) == (entry_of(receipt), date(2026, 11, 1))
    assert held(november) == {entry_of(receipt).pk}


def test_everything_leaves_exactly_once(books: Cast) -> None:
    """However it is spread over months, all closes together are the ledger."""
    for month in (8, 9, 10, 11):
        receipt = gave(books.agent, "5.00", noon(2, month=month))
        gave(books.lead, "7.00", noon(28, month=month))
        if month != 8:
            returned(receipt, books.lead, noon(3, month=month))
        if month > 8:
            closed(books, f"2026-{month:02}")
    closes = PeriodClose.objects.order_by("month")
    holds = [held(close) for close in closes]
    costs = LedgerEntry.objects.filter(
        kind__in=["spend", "lent", "give-back"], at__gte=datetime(2026, 9, 1, 4, tzinfo=UTC)
    )

    assert len(set().union(*holds)) == sum(len(entries) for entries in holds) == costs.count()
    net = sum((close.spent - close.given_back for close in closes), Decimal(0))
    assert net == -sum((entry.amount for entry in costs), Decimal(0)) == Decimal("21.00")


def test_a_month_ends_where_the_team_works(scm: Cast) -> None:
    """Midnight in Sydney is 13:00 in UTC, in Perth 16:00."""
    with_codes(scm)
    sydney, perth = scm.agent, scm.people["scm.rep3"]
    times = {
        "before both": datetime(2026, 10, 31, 12, 59, 59, tzinfo=UTC),
        "November in Sydney": datetime(2026, 10, 31, 13, 0, tzinfo=UTC),
        "November in both": datetime(2026, 10, 31, 16, 0, tzinfo=UTC),
    }
    october = [entry_of(gave(who, "5.00", times["before both"])) for who in (sydney, perth)]
    october.append(entry_of(gave(perth, "5.00", times["November in Sydney"])))
    november = [
        entry_of(gave(sydney, "5.00", times["November in Sydney"])),
        *(entry_of(gave(who, "5.00", times["November in both"])) for who in (sydney, perth)),
    ]

    closes = closed(scm, "2026-10"), closed(scm, "2026-11")

    assert held(closes[0]) == {entry.pk for entry in october}
    assert held(closes[1]) == {entry.pk for entry in november}


def test_the_team_that_gave_it_says_when_a_month_ends_not_who_gave_it(scm: Cast) -> None:
    """Someone who moved to Perth since still gave it in Sydney."""
    person, perth = scm.agent, scm.teams["Perth"]
    entry = entry_of(gave(person, "5.00", datetime(2026, 10, 31, 13, 30, tzinfo=UTC)))
    gave(scm.colleague, "5.00", datetime(2026, 10, 3, tzinfo=UTC))
    person.team = perth
    person.save(update_fields=["team"])

    assert entry.pk not in held(closed(scm, "2026-10"))
    assert held(closed(scm, "2026-11")) == {entry.pk}


def test_what_belongs_to_no_resolution_is_closed_with_whoever_spent_it(scm: Cast) -> None:
    """Brought in, or odd: it must leave all the same."""
    with_codes(scm)
    at = datetime(2026, 10, 31, 15, tzinfo=UTC)
    spent = {}
    for person in (scm.agent, scm.people["scm.rep3"]):
        budget = months.open_month(person, at=at)
        spent[person.username] = ledger.spend(
            budget, cost=Decimal("5.00"), actor=person, request_id=uuid4(), at=at
        )
    owed = months.open_entitlements(scm.division, month=date(2026, 10, 1))
    ends_in_utc = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)
    entitled = ledger.charge_entitlement(
        owed, cost=Decimal("9.00"), actor=scm.agent, request_id=uuid4(), at=ends_in_utc
    )

    close = closed(scm, "2026-10")

    assert held(close) == {spent["scm.rep3"].pk, entitled.pk}
    assert lines(close) == [
        ("spent", "", "", "", Decimal("9.00")),
        ("spent", "", "S-2", "", Decimal("5.00")),
    ]


def test_codes_that_nobody_entered_stay_empty(forno: Cast) -> None:
    gave(forno.agent, "5.00", noon(2))
    assert lines(closed(forno, "2026-10")) == [("spent", "", "", "money-off", Decimal("5.00"))]


def test_a_close_keeps_the_codes_as_they_were(books: Cast) -> None:
    gave(books.agent, "5.00", noon(2))
    close = closed(books, "2026-10")
    Remedy.objects.update(gl_account="7000")
    Team.objects.update(cost_centre="X")
    gave(books.agent, "5.00", noon(2, month=11))

    assert lines(close) == [("spent", "6110", "F-110", "money-off", Decimal("5.00"))]
    later = lines(closed(books, "2026-11"))
    assert later == [("spent", "7000", "X", "money-off", Decimal("5.00"))]


def test_each_division_closes_its_own_months(books: Cast, orchard: Cast) -> None:
    gave(books.agent, "5.00", noon(2))
    theirs = entry_of(gave(orchard.agent, "4.00", noon(2)))

    assert closed(books, "2026-10").spent == Decimal("5.00")
    close = closed(orchard, "2026-10")
    assert (close.spent, close.currency, held(close)) == (Decimal("4.00"), "GBP", {theirs.pk})


def test_a_month_in_which_nothing_was_given_is_closed_with_nothing(books: Cast) -> None:
    gave(books.agent, "5.00", noon(2))
    closed(books, "2026-10")
    close = closed(books, "2026-11")
    assert (close.spent, close.entries, lines(close)) == (0, 0, [])


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "500"), ("KWD", "1.125")])
def test_amounts_are_in_the_currencys_own_places(books: Cast, currency: str, amount: str) -> None:
    books.division.currency = currency
    books.division.save(update_fields=["currency"])
    Employee.objects.update(personal_limit=Decimal("900"), personal_budget=Decimal("9000"))
    person = Employee.objects.get(pk=books.agent.pk)
    gave(person, amount, noon(2))

    close = closed(books, "2026-10")

    assert (close.currency, close.spent) == (currency, Decimal(amount))
