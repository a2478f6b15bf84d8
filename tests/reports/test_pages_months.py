"""Finance's months: what is closed, what the next one would hold, and the button that closes it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
import time_machine
from django.test import Client

from employees.models import Division, Employee, Team
from policies.models import Remedy
from reports.models import PeriodClose
from tests.cast import Cast
from tests.closing import (
    closed,
    entry_of,
    finance_of,
    gave,
    noon,
    nothing_closed,
    returned,
    with_codes,
)
from tests.pages import client_of, value_of, words
from tests.queries import assert_queries
from tests.raw_sql import execute, guards_down

NEXT = "/finance/months/next/forno/"
PERSON = ["select session", "select employee"]


@pytest.fixture(autouse=True)
def _on_the_third_of_november() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 3, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def books(forno: Cast) -> Cast:
    """Forno with its codes, and 5.00 given in October."""
    with_codes(forno)
    gave(forno.agent, "5.00", noon(2))
    return forno


def page(person: Employee, path: str = "/finance/months/") -> str:
    answer = client_of(person).get(path)
    assert answer.status_code == 200, path
    return words(answer)


def test_the_months_tell_what_is_closed_and_what_comes_next(books: Cast, scm: Cast) -> None:
    gave(books.agent, "12.00", noon(2, month=9))
    close = closed(books, "2026-09", at=datetime(2026, 10, 3, 9, tzinfo=UTC))

    said = page(finance_of())

    assert "Forno October 2026 is over and not closed yet. Look at October 2026 of Forno" in said
    assert (
        "September 2026 of Forno $12.00 Closed by group.finance on 3 October "
        f"Journal of Forno, September 2026 SHA-256 {close.checksum[:12]}…"
    ) in said
    assert "Southern Cross Mobile Nothing was given here yet, so there is nothing to close." in said
    closed(books, "2026-10")
    assert "November 2026 still runs. You can close it from 1 December on." in page(finance_of())


def test_finance_of_a_division_sees_their_own_only(books: Cast, scm: Cast) -> None:
    gave(scm.agent, "5.00", noon(2))
    theirs = closed(scm, "2026-10")
    finance = finance_of(books)

    assert "Southern" not in page(finance)
    for path in ("next/scm/", f"{theirs.pk}/", f"{theirs.pk}/journal/", "next/nowhere/"):
        assert client_of(finance).get(f"/finance/months/{path}").status_code == 404
    answer = client_of(finance).post("/finance/months/next/scm/", {"month": "2026-11"})
    assert answer.status_code == 404
    assert PeriodClose.objects.count() == 1


@pytest.mark.once
@pytest.mark.parametrize("who", ["forno.driver1", "forno.lead1", "forno.manager", "admin"])
def test_others_have_no_key(books: Cast, head_office: dict[str, Employee], who: str) -> None:
    close = closed(books, "2026-10")
    client = client_of((books.people | head_office)[who])
    for path in ("", "next/forno/", f"{close.pk}/", f"{close.pk}/journal/"):
        assert client.get(f"/finance/months/{path}").status_code == 403
    assert client.post(NEXT, {"month": "2026-11"}).status_code == 403


@pytest.mark.once
def test_whoever_is_not_signed_in_is_asked_to(books: Cast) -> None:
    answer = Client().get("/finance/months/")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/sign-in/?next=/finance/months/",
    )


def test_before_closing_one_sees_what_the_close_will_hold(books: Cast) -> None:
    gave(books.people["forno.driver3"], "10.00", noon(3), remedy="voucher")
    returned(gave(books.agent, "1.00", noon(3)), books.lead, noon(4))

    said = page(finance_of(), NEXT)

    assert "Forno: October 2026" in said
    assert "This is the first close of Forno: what was given before October 2026" in said
    assert "$11.00 in 4 entries Spent $12.00 Given back $1.00" in said
    assert "By cost centre F-110 $5.00 F-120 $6.00" in said
    assert "By remedy Money off the bill $5.00 Voucher $6.00" in said
    assert "By account 6110 $5.00 6120 $6.00" in said
    assert "Voucher Spent, 1 entry 6120 F-120 $6.00" in said
    assert "Close October 2026 · $11.00" in said
    assert "will miss" not in said
    assert nothing_closed(), "looking closes nothing"


@pytest.mark.once
def test_missing_codes_are_told_before_it_is_too_late(books: Cast) -> None:
    Remedy.objects.update(gl_account="")
    Team.objects.filter(name="Brooklyn").update(cost_centre="")
    Division.objects.update(budget_account="")
    said = page(finance_of(), NEXT)
    assert (
        "The journal will miss some codes The account that pays for remedies, of Forno "
        "The account of Money off the bill The cost centre of Brooklyn "
        "A manager of the division enters them in the admin."
    ) in said
    assert "Voucher" not in said.partition("A manager")[0], "it was not given"


def test_the_button_closes_the_month_and_shows_it(books: Cast) -> None:
    finance = finance_of(books)
    client = client_of(finance)
    form = client.get(NEXT)

    answer = client.post(NEXT, {"month": value_of(form, "month")}, follow=True)

    close = PeriodClose.objects.get()
    assert (close.month, close.closed_by) == (date(2026, 10, 1), finance)
    assert answer.redirect_chain == [(f"/finance/months/{close.pk}/", 302)]
    said = words(answer)
    assert "Forno: October 2026 is closed By forno.finance on 3 November 2026, 09:00." in said
    assert "Journal forno-2026-10.csv Debits and credits that balance, on account 2190." in said
    assert close.checksum in said
    assert "Money off the bill Spent, 1 entry 6110 F-110 $5.00" in said


def test_a_second_tap_is_told_who_closed_it(books: Cast) -> None:
    client = client_of(finance_of())
    client.post(NEXT, {"month": "2026-10"})
    answer = client.post(NEXT, {"month": "2026-10"})
    assert answer.status_code == 409
    assert "October 2026 was closed by group.finance on 3 November 2026" in words(answer)
    assert f"/finance/months/{PeriodClose.objects.get().pk}/" in answer.content.decode()


@pytest.mark.parametrize(
    ("month", "status", "told"),
    [
        ("2026-11", 409, "November 2026 still runs: close it from 1 December 2026 on"),
        ("2027-11", 409, "November 2027 has not begun yet."),
        ("2026-09", 409, "Nothing was given before October 2026"),
        ("2026-13", 404, ""),
        ("", 404, ""),
    ],
)
def test_what_can_not_be_closed_is_refused_with_the_reason(
    books: Cast, month: str, status: int, told: str
) -> None:
    client = client_of(finance_of())
    answer = client.post(NEXT, {"month": month})
    assert answer.status_code == status
    assert told in words(answer)
    if month:
        assert told in words(client.get(NEXT, {"month": month}))
    assert nothing_closed()


def test_a_division_may_begin_with_an_earlier_month(books: Cast) -> None:
    gave(books.agent, "3.00", noon(2, month=8))
    finance = finance_of()
    said = page(finance, NEXT)
    assert "Begin with another month September 2026 August 2026" in said
    assert "$5.00 in 1 entry" in said
    said = page(finance, f"{NEXT}?month=2026-08")
    assert "Close August 2026 · $3.00" in said
    closed(books, "2026-08")
    assert "Begin with another month" not in page(finance, NEXT)


@pytest.mark.once
def test_where_nothing_was_given_the_page_says_so(forno: Cast) -> None:
    assert "Nothing was given here yet" in page(finance_of(), NEXT)


def test_what_was_given_back_later_names_its_original(books: Cast) -> None:
    receipt = gave(books.agent, "4.00", noon(2, month=9))
    closed(books, "2026-09")
    returned(receipt, books.lead, noon(4))
    said = page(finance_of(), NEXT)
    entry = entry_of(receipt).pk
    assert f"Given back: entry {entry} of September 2026 6110 F-110 -$4.00" in said


def test_the_journal_comes_as_a_file(books: Cast) -> None:
    close = closed(books, "2026-10")
    answer = client_of(finance_of()).get(f"/finance/months/{close.pk}/journal/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="forno-2026-10.csv"'
    assert sha256(answer.content).hexdigest() == close.checksum


def test_a_journal_that_is_not_what_was_closed_is_not_given(books: Cast) -> None:
    close = closed(books, "2026-10")
    with guards_down("reports_closeline"):
        execute("UPDATE reports_closeline SET amount = amount + %s", Decimal("0.01"))
    answer = client_of(finance_of()).get(f"/finance/months/{close.pk}/journal/")
    assert answer.status_code == 500
    assert "The journal forno-2026-10 is not what was closed" in words(answer)


@pytest.mark.once
def test_names_that_people_choose_are_shown_as_they_are(books: Cast) -> None:
    Remedy.objects.filter(code="money-off").update(name="<b>Off</b>", gl_account="<i>")
    answer = client_of(finance_of()).get(NEXT)
    assert b"<b>Off" not in answer.content
    assert b"&lt;b&gt;Off&lt;/b&gt;" in answer.content


@pytest.mark.parametrize("many", [False, True])
def test_the_months_however_many(books: Cast, orchard: Cast, scm: Cast, many: bool) -> None:
    if many:
        gave(books.agent, "5.00", noon(2, month=9))
        gave(orchard.agent, "5.00", noon(2))
        for month in ("2026-09", "2026-10"):
            closed(books, month)
        closed(orchard, "2026-10")
    client = client_of(finance_of())
    with assert_queries(
        [
            *PERSON,
            "select division",
            "select periodclose",  # from when to when
            "select team",  # where the next one is over
            "select ledgerentry",  # since when something was given where none is closed
            "select periodclose",
        ]
    ):
        assert client.get("/finance/months/").status_code == 200


@pytest.mark.parametrize("given", [1, 9])
def test_the_next_month_and_a_closed_one_however_much_was_given(books: Cast, given: int) -> None:
    for number in range(given):
        gave(books.agent, "1.00", noon(2 + number))
    client = client_of(finance_of())
    with assert_queries(
        [
            *PERSON,
            "select division",
            *("select periodclose", "select team", "select ledgerentry"),  # which is next
            "select periodclose",  # is it closed?
            *("select periodclose", "select team", "select ledgerentry"),
            "select team",  # when it ends, in each time zone
            "select",  # the lines
            "select remedy",
        ]
    ):
        assert client.get(NEXT).status_code == 200
    close = closed(books, "2026-10")
    with assert_queries([*PERSON, "select periodclose", "select closeline", "select remedy"]):
        assert client.get(f"/finance/months/{close.pk}/").status_code == 200
