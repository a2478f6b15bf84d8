"""The connection is cut at the worst moment and the request sent again: one effect, one answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection

from budgets.check import problems
from budgets.models import Budget
from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap, Case, Resolution, Submission
from tests.cast import Cast
from tests.putting_right import put_right, rows_written, so_many, so_much
from tests.races.cutting_proxy import CuttingProxy

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@contextmanager
def connected_through(proxy: CuttingProxy) -> Iterator[None]:
    """Have this thread's connection go through the proxy."""
    real = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"HOST": str(proxy.folder), "PORT": "5432"}
    try:
        connection.connect()
        yield
    finally:
        connection.close()
        connection.settings_dict |= real


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_connection_cut_at_the_commit_and_a_retry(forno: Cast, moment: str) -> None:
    request_id = uuid4()
    before = rows_written()

    def send() -> dict[str, object]:
        return put_right(
            forno.agent,
            so_many("free-pizza"),
            so_many("reorder"),
            customer="C-1",
            request_id=request_id,
        )

    with CuttingProxy(moment) as proxy, connected_through(proxy):
        with pytest.raises(DatabaseError):
            send()
        assert proxy.has_cut
    written = rows_written()

    answer = send()

    if moment == "before":
        assert written == before
    else:
        assert rows_written() == written  # it was done already: the retry only answers
    assert answer == send()
    assert Case.objects.count() == Submission.objects.count() == 1
    assert Resolution.objects.count() == 2
    assert Budget.objects.get().spent == 9
    assert list(problems()) == []


def test_a_refusal_whose_answer_was_lost_is_refused_again_the_same(forno: Cast) -> None:
    request_id = uuid4()

    def send() -> None:
        put_right(forno.agent, so_much("money-off", "26.00"), request_id=request_id)

    with CuttingProxy("after") as proxy, connected_through(proxy):
        with pytest.raises(DatabaseError):
            send()
        assert proxy.has_cut

    with pytest.raises(OutsideAuthority):
        send()
    assert AuthorityGap.objects.count() == 1
