"""What went a little further is found afterwards: over the limit of a case, and over the month."""

from decimal import Decimal
from uuid import uuid4

import pytest

from budgets.models import Budget
from resolutions.give_back import give_back
from resolutions.models import Resolution
from tests.admin.desk import Desk
from tests.cast import Cast
from tests.pages import client_of, send_case, words
from tests.putting_right import NOW, put_right, so_much
from tests.reviewing import LEARN, reviewed, went_further


def found_afterwards(scm: Cast, afterwards: str = "yes") -> list[Decimal]:
    """The costs of what the manager finds on the list of what is to be looked at, or was."""
    given = Desk(scm.manager).list(Resolution, afterwards=afterwards)
    return sorted(each.cost for each in given)


def test_what_went_over_the_month_is_to_be_looked_at(scm: Cast) -> None:
    """A rep has 200.00 a month and may go over it by 25 %."""
    rep = client_of(scm.agent)
    for amount in ("150", "45", "30"):
        sent = send_case(rep, reason_code="outage", **credit(amount))
        assert sent.status_code == 302, words(sent)

    assert found_afterwards(scm) == [Decimal("30.00")]


@pytest.mark.parametrize(("amount", "found"), [("150", []), ("150.01", [Decimal("150.01")])])
def test_what_went_over_the_limit_of_a_case_is_to_be_looked_at(
    scm: Cast, amount: str, found: list[Decimal]
) -> None:
    """A rep may give 150.00 in a case, and go over it by 20 %."""
    sent = send_case(client_of(scm.agent), reason_code="outage", **credit(amount))
    assert sent.status_code == 302, words(sent)
    assert found_afterwards(scm) == found


def test_two_remedies_in_one_go_are_looked_at_together(scm: Cast) -> None:
    put_right(scm.agent, so_much("bill-credit", "100.00"), reason_code="outage")
    put_right(
        scm.agent,
        so_much("bill-credit", "90.00"),
        so_much("fee-waiver", "20.00"),
        reason_code="outage",
    )
    assert found_afterwards(scm) == [Decimal("20.00"), Decimal("90.00")]


def test_what_was_looked_at_is_found_as_that(scm: Cast) -> None:
    reviewed(scm.lead, went_further(scm))
    went_further(scm, "151.00", agent=scm.colleague)

    assert found_afterwards(scm) == [Decimal("151.00")]
    assert found_afterwards(scm, "done") == [Decimal("160.00")]


def credit(amount: str) -> dict[str, str]:
    return {"give-bill-credit": "on", "amount-bill-credit": amount}


def test_it_stands_beside_the_budget_that_it_went_over(scm: Cast) -> None:
    for amount in ("150.00", "60.00"):
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")
    put_right(scm.colleague, so_much("bill-credit", "5.00"), reason_code="outage")
    desk = Desk(scm.manager)
    over, fine = (Budget.objects.get(employee=who) for who in (scm.agent, scm.colleague))

    said = words(desk.page(over))

    assert "To be looked at afterwards Bill credit A$60.00" in said
    assert "A$150.00 S-" not in said
    assert "To be looked at afterwards" not in words(desk.page(fine))


def test_what_its_giver_gave_back_is_to_be_looked_at_too(scm: Cast) -> None:
    """The money is theirs to use again: somebody reads why."""
    for who in (scm.agent, scm.manager):
        put_right(scm.agent, so_much("bill-credit", "20.00"), reason_code="outage")
        resolution = Resolution.objects.latest("pk")
        give_back(
            resolution, reason="Account closed", acting_employee=who, request_id=uuid4(), at=NOW
        )

    assert found_afterwards(scm) == [Decimal("20.00")]
    month = Budget.objects.get(employee=scm.agent)
    assert "given back: Account closed" in words(Desk(scm.manager).page(month))


def test_the_case_tells_what_was_said_and_what_waits(scm: Cast) -> None:
    review = went_further(scm)
    desk = Desk(scm.manager)
    waits = "Looked at afterwards A little further than the limit Rep1, 22 November 2026, 02:00."
    assert f"{waits} Still to be looked at" in words(desk.page(review.case))

    reviewed(scm.lead, review, note=LEARN)

    backed = "Backed, with a note to learn from, by Lead1, 22 November 2026, 05:00"
    assert f"{waits} {backed} {LEARN}" in words(desk.page(review.case))
