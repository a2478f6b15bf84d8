"""Nobody publishes a rule that would let themselves give more: in the act, and in the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from employees.models import Employee
from policies.errors import OwnRule
from policies.models import Policy
from policies.publish import new_version, publish, withdraw
from tests.admin.desk import Desk, errors
from tests.cast import Cast, draft_rule
from tests.raw_sql import execute, refused

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REFUSED = "Nobody publishes a rule that lets themselves give more"
MORE: dict[str, Any] = {"effect": "grant", "value": "90.00"}


@pytest.fixture
def manager(forno: Cast) -> Employee:
    """A manager who also drives on Saturdays: in Brooklyn, as a driver."""
    forno.manager.tier = forno.tiers["Driver"]
    forno.manager.save()
    return forno.manager


def publish_as(manager: Employee) -> Callable[[Policy], None]:
    """Publish by the act."""

    def act(draft: Policy) -> None:
        publish(draft, published_by=manager, change_reason="Because.", at=NOW)

    return act


def publish_by_sql(manager: Employee) -> Callable[[Policy], None]:
    """Publish past the act, as someone with a database shell would."""

    def act(draft: Policy) -> None:
        execute(
            "UPDATE policies_policy SET status = 'published', version = 9, starts_at = %s, "
            "published_at = %s, published_by_id = %s WHERE id = %s",
            *(NOW, NOW, manager.pk, draft.pk),
        )

    return act


@pytest.fixture(params=["act", "sql"])
def door(request: pytest.FixtureRequest, manager: Employee) -> Any:
    """Publishing by the act or past it, and what each says to what it refuses."""
    if request.param == "act":
        return publish_as(manager), lambda: pytest.raises(OwnRule)
    return publish_by_sql(manager), lambda: refused(REFUSED)


@pytest.mark.parametrize(
    "scope",
    [{}, {"tiers": ["Driver"]}, {"teams": ["Brooklyn"]}, {"tiers": ["Driver", "Shift lead"]}],
)
def test_a_manager_with_a_tier_grants_it_no_more(forno: Cast, door: Any, scope: Any) -> None:
    act, refusal = door
    draft = draft_rule(forno, **MORE, **scope)
    with refusal():
        act(draft)
    assert Policy.objects.get(pk=draft.pk).status == "draft"


@pytest.mark.parametrize("scope", [{"tiers": ["Shift lead"]}, {"teams": ["Queens"]}])
def test_what_is_about_others_only_they_may_grant(forno: Cast, door: Any, scope: Any) -> None:
    act, _ = door
    draft = draft_rule(forno, **MORE, **scope)
    act(draft)
    assert Policy.objects.get(pk=draft.pk).status == "published"


def test_they_may_limit_themselves(forno: Cast, door: Any) -> None:
    act, _ = door
    draft = draft_rule(forno, value="5.00")
    act(draft)
    assert Policy.objects.get(pk=draft.pk).status == "published"


def test_they_loosen_nothing_that_limits_them(forno: Cast, door: Any) -> None:
    act, refusal = door
    limit = forno.rule(value="5.00")
    draft = new_version(limit)
    draft.value = Decimal("50.00")
    draft.save()
    with refusal():
        act(draft)


def test_nor_a_limit_that_is_still_to_come(forno: Cast, door: Any) -> None:
    act, refusal = door
    draft = draft_rule(forno, value="5.00")
    soon = publish(draft, published_by=None, starts_at=NOW + timedelta(days=3), at=NOW)
    with refusal():
        act(new_version(soon))


def test_what_limited_them_once_and_is_past_is_in_nobodys_way(forno: Cast, door: Any) -> None:
    act, _ = door
    limit = forno.rule(value="5.00", teams=["Brooklyn"])
    for_queens = new_version(limit)
    for_queens.teams.set([forno.teams["Queens"]])
    publish(for_queens, published_by=None, change_reason="Only there.", at=NOW)
    act(draft := new_version(for_queens))
    assert Policy.objects.get(pk=draft.pk).status == "published"


def test_they_may_end_a_grant_and_not_a_limit(forno: Cast, manager: Employee) -> None:
    grant = publish(draft_rule(forno, **MORE), published_by=None, at=NOW)
    limit = publish(draft_rule(forno, "Limit", value="5.00"), published_by=None, at=NOW)
    withdraw(grant, withdrawn_by=manager, change_reason="Too much.")
    with pytest.raises(OwnRule):
        withdraw(limit, withdrawn_by=manager, change_reason="Too little.")


def test_the_admin_keeps_the_draft_for_a_colleague_and_says_so(
    forno: Cast, manager: Employee
) -> None:
    draft = draft_rule(forno, **MORE)
    desk = Desk(manager)
    (refusal,) = errors(desk.change(draft, _publish="1"))["__all__"]
    assert refusal.endswith("ask a colleague who manages this division to publish it.")
    assert Policy.objects.get().status == "draft"

    colleague = Employee.objects.create(
        username="forno.manager2", role="manager", division=forno.division
    )
    Desk(colleague).change(draft, _publish="1")
    assert draft in Policy.objects.in_force(timezone.now())
