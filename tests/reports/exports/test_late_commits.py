"""What was begun earlier and committed later is not passed over: it comes with the next pull.

On PostgreSQL alone: SQLite writes one transaction at a time. Many writers at once are in
`tests/races`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from budgets.months import open_entitlements
from employees.models import Employee
from reports.exports.news import Moment
from reports.exports.table import Marks
from resolutions.models import Case
from tests.cast import Cast
from tests.reports.exports.pulling import Pulls

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ADD = """
    INSERT INTO budgets_ledgerentry (budget_id, kind, amount, request_id, note, at)
    VALUES (%s, 'spend', -1, gen_random_uuid(), '', now()) RETURNING id
"""


@pytest.fixture
def budget(forno: Cast) -> int:
    """A budget whose entries agree with no counter: they can be written side by side."""
    return int(open_entitlements(forno.division, month=date(2026, 11, 1)).pk)


@contextmanager
def someone_else() -> Iterator[Any]:
    """Another connection, in a transaction that ends when it is told to."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        yield other
    finally:
        other.close()


def add(budget: int, own: Any = connection) -> int:
    with own.cursor() as cursor:
        cursor.execute(ADD, [budget])
        return int(cursor.fetchone()[0])


def test_an_entry_that_is_committed_later_comes_with_the_next_pull(
    budget: int, finance: Pulls
) -> None:
    with someone_else() as other:
        late = add(budget, other)
        early = add(budget)
        assert late < early
        first, cursor = finance.since("ledger", "beginning")
        other.commit()
    second, cursor = finance.since("ledger", cursor)
    assert sorted(first + second) == [late, early]
    assert late in second, "it was there to read only after the first pull"
    assert finance.since("ledger", cursor)[0] == []


def test_by_number_alone_it_would_be_lost(
    budget: int, finance: Pulls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, with the cursor that everyone writes first: `id >` the last that was there."""

    def moment(own: Any, _: Any) -> Moment:
        with own.cursor() as cursor:
            cursor.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM budgets_ledgerentry")
            return Moment("naive", cursor.fetchone()[0])

    monkeypatch.setattr("reports.exports.pull.moment_of", moment)
    monkeypatch.setattr(Marks, "between", lambda _, low, high, __: Q(id__gte=low, id__lt=high))
    with someone_else() as other:
        late = add(budget, other)
        early = add(budget)
        first, cursor = finance.since("ledger", "beginning")
        other.commit()
    second, _ = finance.since("ledger", cursor)
    assert first + second == [early]
    assert late not in first + second


def test_what_was_rolled_back_holds_up_nothing_for_good(budget: int, finance: Pulls) -> None:
    with someone_else() as other:
        add(budget, other)
        early = add(budget)
        first, cursor = finance.since("ledger", "beginning")
        other.rollback()
    second, cursor = finance.since("ledger", cursor)
    assert first + second == [early]
    assert finance.since("ledger", cursor)[0] == []


def test_a_case_that_is_changed_by_someone_late_comes_again(
    forno: Cast, finance: Pulls, head_office: dict[str, Employee]
) -> None:
    case = Case.objects.create(
        division=forno.division,
        reason_code=forno.reasons["late"],
        channel="phone",
        order_value=Decimal(5),
    )
    first, cursor = finance.since("cases", "beginning")
    assert first == [case.pk]
    with someone_else() as other:
        with other.cursor() as writing:
            writing.execute("UPDATE resolutions_case SET note = 'Late.' WHERE id = %s", [case.pk])
        newer = Case.objects.create(
            division=forno.division, reason_code=forno.reasons["late"], channel="phone"
        )
        second, cursor = finance.since("cases", cursor)
        other.commit()
    third, cursor = finance.since("cases", cursor)
    assert sorted(second + third) == [case.pk, newer.pk]
    assert case.pk in third
    assert finance.since("cases", cursor)[0] == []


def test_all_of_a_pull_is_of_one_moment(budget: int, finance: Pulls) -> None:
    """What is added while it is under way is not in it, and comes with the next."""
    early = add(budget)
    answer = finance.answer("ledger", after="beginning", columns="id")
    late = add(budget)
    lines = answer.getvalue().decode().splitlines()
    assert lines == ["id", str(early), f"#end,1,{answer['Leeway-Next']}"]
    assert finance.since("ledger", answer["Leeway-Next"])[0] == [late]
