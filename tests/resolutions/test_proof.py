"""`check_ledger` names each resolution that does not agree with the ledger."""

from decimal import Decimal
from uuid import uuid4

from budgets import ledger, months
from budgets.check import problems
from resolutions.models import Resolution
from tests.cast import Cast
from tests.incidents import storm
from tests.putting_right import NOW, put_right, so_much
from tests.raw_sql import execute, guards_down


def found() -> list[tuple[str, str]]:
    """What is wrong with resolutions: which, and by which rule."""
    told = ((problem.row, problem.rule) for problem in problems())
    return [(row, rule) for row, rule in told if row.startswith("resolution")]


def test_what_was_given_in_every_way_agrees(scm: Cast) -> None:
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="slow-data")
    storm(scm)
    put_right(scm.agent, so_much("bill-credit", "5.00"), reason_code="outage")

    assert list(problems()) == []


def test_another_cost_than_its_entry_took_is_named(scm: Cast) -> None:
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="slow-data")
    resolution = Resolution.objects.get()

    with guards_down("resolutions_resolution"):
        execute("UPDATE resolutions_resolution SET cost = %s", Decimal("34.99"))

    (problem,) = found()
    assert problem == (
        f"resolution {resolution.pk} in case {resolution.case.number}",
        "A resolution costs what its entries took.",
    )


def test_what_a_colleague_lent_is_a_part_of_its_cost(scm: Cast) -> None:
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="slow-data")
    resolution = Resolution.objects.select_related("entry").get()
    ledger.lend(
        months.open_month(scm.lead, at=NOW),
        amount=Decimal("10.00"),
        towards=resolution.entry,
        actor=scm.lead,
        request_id=uuid4(),
        at=NOW,
    )
    assert [rule for _, rule in found()] == ["A resolution costs what its entries took."]

    with guards_down("resolutions_resolution"):
        execute("UPDATE resolutions_resolution SET cost = %s", Decimal("45.00"))

    assert found() == []


def test_what_is_charged_to_someone_else_is_named(scm: Cast) -> None:
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="slow-data")

    with guards_down("resolutions_resolution"):
        execute("UPDATE resolutions_resolution SET given_by_id = %s", scm.colleague.pk)

    assert [rule.split(",")[0] for _, rule in found()] == ["It is charged to its giver’s month"]


def test_a_fund_pays_for_its_own_cases_only(scm: Cast) -> None:
    storm(scm)
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage")

    with guards_down("resolutions_case"):
        execute("UPDATE resolutions_case SET incident_id = NULL")

    assert [rule.split(",")[0] for _, rule in found()] == ["It is charged to its giver’s month"]
