"""Trying a change in the admin: the days, what came out, and the cases behind each number."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from employees.models import Employee
from policies.models import Policy
from policies.publish import new_version, publish, withdraw
from resolutions.models import Trial, TrialState
from resolutions.trying import runner, trials
from tests.admin.desk import Desk, address
from tests.cast import Cast, draft_rule
from tests.pages import client_of, words
from tests.putting_right import NOW, put_right, so_much
from tests.queries import assert_queries
from tests.resolutions.trying.past import SINCE, UNTIL, fill_in, refused, tried_limit, tried_rule

TRY = "/admin/resolutions/trial/try/"


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def tries(desk: Desk, about: str, **fields: Any) -> Any:
    """Try a change on this month."""
    return fill_in(desk, f"{TRY}?{about}&period=this-month", **fields)


def test_another_limit_of_a_tier_is_tried(desk: Desk, forno: Cast) -> None:
    gap = refused(forno.agent, so_much("money-off", "30.00"))
    tier = forno.tiers["Driver"]
    assert f"{TRY}?tier={tier.pk}" in desk.page(tier).content.decode()

    page = tries(desk, f"tier={tier.pk}", figure="40.00")

    said = words(page)
    assert "Driver: $40.00 instead of $25.00" in said
    assert "1 to 21 November 2026. In the whole division 0 remedies were given; 1 refusal" in said
    assert "1 of 1 refusal gone, $30.00 more spent, $7.00 of approvals saved." in said
    assert "1 month would have been used more. In each the money would have been enough." in said
    behind = desk.client.get(f"/admin/resolutions/trial/{Trial.objects.get().pk}/behind/allowed/")
    assert f"/admin/resolutions/authoritygap/{gap.pk}/change/" in behind.content.decode()
    tier.refresh_from_db()
    assert tier.limit_per_case == 25


def test_another_figure_of_a_rule_is_tried_and_kept_as_a_draft(desk: Desk, forno: Cast) -> None:
    rule = forno.rule("A modest voucher", value="20.00", remedies=["voucher"])
    refused(forno.agent, so_much("voucher", "25.00"))

    page = tries(desk, f"policy={rule.pk}", figure="25.00")

    assert "A modest voucher: $25.00 per case instead of $20.00 per case" in words(page)
    assert "1 of 1 refusal gone, $15.00 more spent" in words(page)
    draft = Policy.objects.drafts().get()
    assert (draft.series, draft.value) == (rule.series, 25)
    assert f"/admin/policies/policy/{draft.pk}/change/" in page.content.decode()


def test_a_rule_that_ends_ends_with_another_figure_too(desk: Desk, forno: Cast) -> None:
    ends = NOW + timedelta(days=30)
    voucher: dict[str, Any] = {"value": "20.00", "remedies": ["voucher"]}
    of_itself = forno.rule("For a month", ends_at=ends, **voucher)
    once_withdrawn = forno.rule("To be withdrawn", **voucher)
    withdraw(once_withdrawn, withdrawn_by=forno.manager, change_reason="Over.", starts_at=ends)
    for rule in (of_itself, once_withdrawn):
        tries(desk, f"policy={rule.pk}", figure="25.00")
        assert Policy.objects.drafts().get(series=rule.series).ends_at == ends


def test_only_a_version_that_can_be_changed_is_tried_with_another_figure(
    desk: Desk, forno: Cast
) -> None:
    rule = forno.rule("A modest voucher", value="20.00", remedies=["voucher"])
    where = f"{TRY}?policy={rule.pk}"
    assert where in desk.page(rule).content.decode()
    tries(desk, f"policy={rule.pk}", figure="25.00")
    trial = Trial.objects.get()
    draft = Policy.objects.drafts().get()
    tried = publish(draft, published_by=forno.manager, change_reason="It went well.")
    assert f"{TRY}?policy={tried.pk}" in desk.page(trial).content.decode()
    publish(new_version(tried), published_by=forno.manager, change_reason="Other words.")

    assert f"{TRY}?policy={tried.pk}" not in desk.page(trial).content.decode()
    assert where not in desk.page(rule).content.decode()
    assert desk.client.get(where).status_code == 404
    with pytest.raises(trials.NothingToTry):
        trials.try_figure(rule, value=Decimal(25), since=SINCE, until=UNTIL, asked_by=forno.manager)
    assert not Policy.objects.drafts().exists()


def test_a_draft_is_tried_from_its_page(desk: Desk, forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"))
    draft = draft_rule(forno, "Ten at most", value="10.00")
    assert f"{TRY}?policy={draft.pk}" in desk.page(draft).content.decode()
    page = tries(desk, f"policy={draft.pk}")
    assert "1 new refusal, $20.00 less spent, $7.00 more for approvals." in words(page)


def test_a_draft_that_was_tried_can_be_deleted(desk: Desk, forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    draft = draft_rule(forno, "Late", effect="grant", value="30.00", remedies=["money-off"])
    tried_rule(forno, draft)
    answer = desk.client.post(address(Policy, "delete", draft.pk), {"post": "yes"})
    assert answer.status_code == 302
    assert not Policy.objects.filter(pk=draft.pk).exists()
    assert not Trial.objects.exists()


def test_the_list_says_what_came_out_and_who_asked(desk: Desk, forno: Cast) -> None:
    tries(desk, f"tier={forno.tiers['Driver'].pk}", figure="40.00")
    listed = words(desk.client.get("/admin/resolutions/trial/"))
    assert "1 to 21 November 2026" in listed
    assert forno.manager.get_full_name() in listed
    assert forno.manager.username not in listed


@pytest.mark.once
def test_the_list_says_where_a_trial_starts(desk: Desk, forno: Cast) -> None:
    draft_rule(forno, "Ten at most", value="10.00")
    page = desk.client.get("/admin/resolutions/trial/")
    assert "A change is tried on past cases from the page of a rule or of a draft" in words(page)
    for where in (
        "/admin/policies/policy/?standing=draft",
        "/admin/employees/authoritytier/",
        "/admin/resolutions/authoritygap/advice/",
        "/admin/resolutions/authoritygap/groups/",
    ):
        assert f'href="{where}"' in page.content.decode()
        assert desk.client.get(where).status_code == 200


@pytest.mark.once
def test_behind_a_number_stands_who_pays_and_whether_it_takes_grace(
    desk: Desk, forno: Cast
) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"))
    owed = draft_rule(
        forno, "Owed", effect="grant", value="20.00", entitlement=True, remedies=["money-off"]
    )
    tries(desk, f"policy={owed.pk}")
    behind = f"/admin/resolutions/trial/{Trial.objects.get().pk}/behind/"
    assert "· $20.00 less from the month" in words(desk.client.get(f"{behind}payer/"))

    refused(forno.agent, so_much("money-off", "30.00"))
    tier = forno.tiers["Driver"]
    tries(desk, f"tier={tier.pk}", figure="25.00", grace_percent="20")
    behind = f"/admin/resolutions/trial/{Trial.objects.latest('pk').pk}/behind/"
    said = words(desk.client.get(f"{behind}allowed/"))
    assert "a little further now, read afterwards · $30.00 at cost" in said


@pytest.mark.once
def test_what_changes_nothing_says_so(desk: Desk, forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    page = tries(desk, f"tier={forno.tiers['Shift lead'].pk}", figure="90.00")
    assert "Nothing would have been different." in words(page)


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"figure": "lots"}, "such as 23.50"),
        ({"figure": "1.001"}, "decimal places"),
        ({"figure": ""}, "Write how much."),
        ({"first": "2026-11-20", "last": "2026-11-10"}, "Choose a first and a last day"),
        ({"first": "2020-01-01"}, "at most a year apart"),
        ({"first": "soon"}, "such as 2027-01-31"),
        ({"last": "9999-12-31"}, "Choose an earlier day."),
        ({"figure": "-5"}, "Write 0 or more."),
        ({"figure": "99999999999"}, "too many digits"),
        ({"figure": "9" * 38}, "too many digits"),
        ({"grace_percent": "101"}, "That is too much"),
    ],
)
def test_what_can_not_be_tried_is_said_at_its_field(
    desk: Desk, forno: Cast, fields: dict[str, str], said: str
) -> None:
    page = tries(desk, f"tier={forno.tiers['Driver'].pk}", **fields)
    assert said in words(page)
    assert not Trial.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("0001-01-01", "0001-01-02", "Choose a later day."),
        ("9998-12-31", "9999-12-29", "Choose an earlier day."),
        ("9999-12-28", "9999-12-29", "Choose an earlier day."),
    ],
)
def test_days_at_the_ends_of_the_calendar_can_not_be_tried(
    scm: Cast, first: str, last: str, said: str
) -> None:
    where = f"tier={scm.tiers['Rep'].pk}"
    assert said in words(tries(Desk(scm.manager), where, first=first, last=last))
    assert not Trial.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("measure", "figure", "said"),
    [
        ("amount", "-5", "Write 0 or more."),
        ("amount", "9" * 38, "too many digits"),
        ("amount", "9" * 15, "too many digits"),
        ("amount", "99999999999", "too many digits"),
        ("amount", "1.001", "decimal places"),
        ("percent", "-1", "Write 0 or more."),
        ("percent", "100.12345", "at most 4 places"),
        ("quantity", "2.5", "Write a whole number."),
        ("times", "-1", "Write 0 or more."),
        ("times", "1.5", "Write a whole number."),
    ],
)
def test_a_rule_is_tried_with_no_figure_that_it_could_not_have(
    desk: Desk, forno: Cast, measure: str, figure: str, said: str
) -> None:
    rule = forno.rule("A pizza", measure=measure, value="2", remedies=["free-pizza"])
    page = tries(desk, f"policy={rule.pk}", figure=figure)
    assert said in str(page.context["form"].errors["figure"])
    assert not Trial.objects.exists()
    assert not Policy.objects.drafts().exists()


@pytest.mark.once
def test_a_refused_period_leaves_no_draft_behind(desk: Desk, forno: Cast) -> None:
    rule = forno.rule("A modest voucher", value="20.00", remedies=["voucher"])
    tries(desk, f"policy={rule.pk}", figure="25.00", first="2020-01-01")
    assert not Policy.objects.drafts().exists()


def test_a_long_one_shows_how_far_it_is(
    desk: Desk, forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "RUNS_AT_ONCE", 0)
    refused(forno.agent, so_much("money-off", "30.00"))
    page = tries(desk, f"tier={forno.tiers['Driver'].pk}", figure="40.00")
    assert "0 of 1 are decided anew." in words(page)
    assert page["Refresh"] == "3"

    runner.run_waiting_trials()
    page = desk.client.get(f"/admin/resolutions/trial/{Trial.objects.get().pk}/change/")
    assert "1 of 1 refusal gone" in words(page)
    assert "Refresh" not in page


@pytest.mark.once
def test_one_that_failed_says_so(desk: Desk, forno: Cast) -> None:
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    Trial.objects.update(state=TrialState.FAILED)
    page = desk.client.get(f"/admin/resolutions/trial/{trial.pk}/change/")
    assert "It could not be carried out." in words(page)


def test_nobody_else_comes_in(forno: Cast, orchard: Cast, head_office: dict[str, Employee]) -> None:
    tier = forno.tiers["Driver"]
    trial = tried_limit(forno, tier, "40.00")
    page = f"/admin/resolutions/trial/{trial.pk}"
    for where in (f"{TRY}?tier={tier.pk}", f"{page}/change/", f"{page}/behind/allowed/"):
        assert Desk(orchard.manager).client.get(where).status_code == 404
        for other in (forno.agent, forno.lead, head_office["admin"], head_office["finance"]):
            assert client_of(other).get(where).status_code in (302, 403, 404)
    for odd in ("", "?tier=x", "?policy=999999", "?tier=1&policy=1'", "?tier=" + "9" * 30):
        assert Desk(forno.manager).client.get(TRY + odd).status_code in (200, 404)


@pytest.mark.parametrize("odd", ["²", "9" * 30, "9" * 5000, "one", "-1"])
def test_an_address_without_a_trial_finds_nothing(desk: Desk, forno: Cast, odd: str) -> None:
    for page in ("change", "behind/allowed"):
        where = f"/admin/resolutions/trial/{odd}/{page}/"
        assert desk.client.get(where, follow=True).status_code == 404


BEHIND = [
    "select django_session",
    "select employees_employee",
    "select resolutions_trial",
    "select resolutions_trialdifference",  # how many
    "select auth_permission",
    "select resolutions_trialdifference",
]


def test_fifty_cases_behind_a_number_cost_no_more_queries_than_one(desk: Desk, forno: Cast) -> None:
    for _ in range(3):
        refused(forno.agent, so_much("money-off", "30.00"))
        trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
        with assert_queries(BEHIND):
            answer = desk.client.get(f"/admin/resolutions/trial/{trial.pk}/behind/allowed/")
        assert answer.status_code == 200
