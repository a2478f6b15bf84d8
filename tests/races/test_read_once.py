"""A double tap on "I have read it" writes one row, and both taps get the same answer."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from policies.acknowledge import acknowledge
from policies.models import Acknowledgement
from policies.visits import look_in
from tests.cast import Cast
from tests.races.together import raised, together, without_constraint

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


def taps(company: Cast) -> list[Callable[[], Any]]:
    """The same button, pressed eight times at once."""
    rule = company.rule("No cash", effect="forbid")
    return [lambda: acknowledge(rule, acting_employee=company.agent, at=NOW)] * 8


def test_a_rule_is_confirmed_once_however_often_it_is_tapped(forno: Cast) -> None:
    outcomes = together(taps(forno))
    assert outcomes == [Acknowledgement.objects.get()] * 8


def test_without_the_key_it_would_be_confirmed_several_times(forno: Cast) -> None:
    """The race above is real, and the test would notice it."""
    with without_constraint(
        "policies_acknowledgement", "rule_confirmed_once", "UNIQUE (employee_id, policy_id)"
    ):
        rules = 0
        while Acknowledgement.objects.count() <= rules < 20:  # eight taps do not always meet
            together(taps(forno))
            rules += 1
        assert Acknowledgement.objects.count() > rules


def test_the_handbook_opened_twice_at_once_is_one_visit(forno: Cast) -> None:
    outcomes = together([lambda: look_in(forno.agent, at=NOW)] * 8)
    assert raised(outcomes) == []
    assert look_in(forno.agent, at=NOW.replace(hour=20)) == NOW
