"""Managers who publish at once line up, and none erases unseen what another has just published."""

from collections.abc import Callable
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from policies.errors import AlreadyPublished
from policies.models import Policy
from policies.publish import line_up, new_version, publish
from policies.rulebook import load_rulebook
from tests.cast import Cast
from tests.policies.test_set_limit import set_to
from tests.races.together import PATIENCE, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def while_another_publishes(company: Cast, published: Policy, act: Callable[[], Any]) -> Any:
    """What comes of an act that began to wait before a colleague published the next version."""
    held = Event()

    def colleague() -> None:
        with transaction.atomic():
            line_up(company.division.pk)
            held.set()
            wait_for_someone_who_waits()
            publish(new_version(published), published_by=None, change_reason="Prices rose.")

    def manager() -> Any:
        assert held.wait(PATIENCE)
        return act()

    _, outcome = together([colleague, manager])
    return outcome


def wait_for_someone_who_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(PATIENCE * 20):
            cursor.execute(
                "SELECT COUNT(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            sleep(0.05)
    pytest.fail("nobody waits")


def test_a_limit_for_all_of_a_rule_that_a_colleague_is_changing_is_not_set(forno: Cast) -> None:
    twenty = forno.rule("Twenty at most", value="20.00", remedies=["money-off"])
    refusal = while_another_publishes(
        forno, twenty, lambda: set_to(forno, "22.00", for_all_of=twenty.pk, at=None)
    )
    assert isinstance(refusal, AlreadyPublished), refusal
    assert list(Policy.objects.values_list("version", flat=True)) == [1, 2]


def test_the_next_version_starts_after_the_one_that_was_waited_for(forno: Cast) -> None:
    twenty = forno.rule("Twenty at most", value="20.00", remedies=["money-off"])
    draft = new_version(twenty)
    third = while_another_publishes(
        forno, twenty, lambda: publish(draft, published_by=None, change_reason="Dearer.")
    )
    assert third.version == 3
    assert list(Policy.objects.order_by("starts_at").values_list("version", flat=True)) == [1, 2, 3]
    assert len(load_rulebook(forno.division).in_force(third.starts_at)) == 1
