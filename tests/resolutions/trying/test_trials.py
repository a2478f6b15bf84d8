"""A change is tried on the past before it is made."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from policies.models import Remedy
from policies.publish import new_version
from resolutions.errors import OutsideAuthority
from resolutions.models import Resolution, Trial
from resolutions.trying.trials import NothingToTry, NotYoursToTry, try_limit, try_rule
from resolutions.trying.words import headline
from tests.admin.desk import Desk
from tests.cast import LONG_AGO, Cast, draft_rule
from tests.pages import words
from tests.putting_right import KIM_LEE, NOW, give_also, put_right, rows_written, so_many, so_much
from tests.raw_sql import refused as refused_by_database
from tests.resolutions.trying.past import (
    SINCE,
    UNTIL,
    counts,
    listed,
    refused,
    sums,
    tried_limit,
    tried_rule,
)

if TYPE_CHECKING:
    from employees.models import Employee

MINUTE = timedelta(minutes=1)


def test_a_higher_limit_shows_which_refusals_go_and_what_they_cost(forno: Cast) -> None:
    gap = refused(forno.agent, so_much("money-off", "30.00"))
    refused(forno.agent, so_much("money-off", "41.00"), order_reference="B")
    put_right(forno.agent, so_much("money-off", "20.00"), order_reference="C")
    before = rows_written()

    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")

    assert listed(trial) == [
        ("allowed", gap.pk, None, "outside", "within", "", Decimal(30), Decimal(30))
    ]
    assert trial.result["refusals"] == 2
    assert (trial.result["cost"], trial.result["saved"]) == ("30.00", "7.00")
    assert trial.change == "Driver: $40.00 instead of $25.00"
    assert rows_written() == before, "the past stays as it was"


def test_a_lower_limit_shows_what_would_have_been_refused(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"))
    trial = tried_limit(forno, forno.tiers["Driver"], "10.00")
    assert counts(trial) == {"refused": 1}
    assert (trial.result["cost"], trial.result["saved"]) == ("-20.00", "-7.00")


def test_the_limit_of_other_tiers_is_another_matter(forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    assert counts(tried_limit(forno, forno.tiers["Shift lead"], "500.00")) == {}


def test_who_has_a_limit_of_their_own_keeps_it(forno: Cast) -> None:
    forno.agent.personal_limit = Decimal(10)
    forno.agent.save()
    forno.agent.history.filter(personal_limit=10).update(history_date=LONG_AGO)
    refused(forno.agent, so_much("money-off", "30.00"))
    assert counts(tried_limit(forno, forno.tiers["Driver"], "40.00")) == {}


def test_the_limit_of_then_decides_and_not_todays(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"), at=NOW)
    tier = forno.tiers["Driver"]
    tier.limit_per_case = Decimal(5)
    tier.save()
    tier.history.update(history_date=LONG_AGO)
    tier.history.filter(limit_per_case=5).update(history_date=NOW + MINUTE)
    put_right(forno.agent, so_much("money-off", "4.00"), at=NOW + 2 * MINUTE, order_reference="B")
    refused(forno.colleague, so_much("money-off", "20.00"), at=NOW + 2 * MINUTE)
    trial = tried_limit(forno, tier, "25.00")
    assert counts(trial) == {"allowed": 1}
    assert trial.result["unclear"] == 0


def test_less_of_the_same_was_given_in_its_place(forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "40.00"), customer=KIM_LEE)
    refused(forno.agent, so_much("money-off", "36.00"), customer=KIM_LEE, at=NOW + MINUTE)
    put_right(forno.agent, so_much("money-off", "24.00"), customer=KIM_LEE, at=NOW + 2 * MINUTE)
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    assert counts(trial) == {"allowed": 1, "spared": 1, "instead": 1}
    assert trial.result["cost"] == "16.00"
    assert trial.result["approvals"] == 1


@pytest.mark.parametrize("whose", [{"customer": KIM_LEE}, {"order_reference": "A-1"}])
def test_the_same_that_is_refused_again_and_again_is_one_wish(
    forno: Cast, whose: dict[str, Any]
) -> None:
    put_right(forno.agent, so_many("reorder"), customer=KIM_LEE, at=NOW - 60 * MINUTE)
    for minutes in (0, 2, 9):
        refused(forno.agent, so_much("money-off", "30.00"), at=NOW + minutes * MINUTE, **whose)
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    assert counts(trial) == {"allowed": 1, "spared": 2}
    assert trial.result["cost"] == "30.00"


def test_as_much_for_nobody_knows_whom_may_be_for_somebody_else(forno: Cast) -> None:
    for minutes in (0, 2):
        refused(forno.agent, so_much("money-off", "30.00"), at=NOW + minutes * MINUTE)
    assert counts(tried_limit(forno, forno.tiers["Driver"], "40.00")) == {"allowed": 2}


def test_a_refusal_of_something_else_that_goes_is_counted_too(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_much("voucher", "20.00"), at=NOW - MINUTE)
    with pytest.raises(OutsideAuthority):
        give_also(receipt, forno.agent, so_much("money-off", "20.00"))
    trial = tried_rule(forno, draft_rule(forno, "None", effect="forbid", remedies=["voucher"]))
    assert counts(trial) == {"allowed": 1, "refused": 1}
    assert trial.result["refusals"] == 1


def test_what_was_asked_beside_it_counts_with_what_was_refused(forno: Cast) -> None:
    gap = refused(forno.agent, so_many("free-pizza", 2), so_much("money-off", "24.00"))
    money_off = {"remedy": forno.remedies["money-off"].pk, "measure": "24.00"}
    assert gap.told["beside"] == [money_off]

    assert counts(tried_limit(forno, forno.tiers["Driver"], "33.00")) == {}
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    assert counts(trial) == {"allowed": 1}
    assert (trial.result["unclear"], trial.result["cost"]) == (0, "10.00")

    # What is granted beside it leaves the limit to it.
    owed = draft_rule(forno, "Owed", effect="grant", value="24.00", remedies=["money-off"])
    assert counts(tried_rule(forno, owed)) == {"allowed": 1}


def test_of_gaps_of_long_ago_nobody_knows_what_was_asked_beside_it(forno: Cast) -> None:
    gap = refused(forno.agent, so_many("free-pizza", 2), so_much("money-off", "24.00"))
    gap.told.pop("beside")
    gap.save()
    assert tried_limit(forno, forno.tiers["Driver"], "40.00").result["unclear"] == 1


def test_a_draft_holds_in_place_of_its_other_versions(forno: Cast) -> None:
    published = forno.rule("Vouchers", value="20.00", remedies=["voucher"])
    gap = refused(forno.agent, so_much("voucher", "26.00"))
    kept = put_right(forno.agent, so_much("voucher", "10.00"))
    draft = draft_rule(forno, "Vouchers", value="30.00", remedies=["voucher"])
    draft.series = published.series
    draft.save()

    trial = tried_rule(forno, draft)

    assert trial.change == "Vouchers: $30.00 per case instead of $20.00 per case"
    assert listed(trial)[0][:2] == ("allowed", gap.pk)
    assert counts(trial) == {"allowed": 1}
    assert sums(trial, ["allowed"]) == Decimal("15.60")
    assert Resolution.objects.filter(case=kept["id"]).exists()


def test_a_rule_that_forbids_shows_what_would_not_have_been_given(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"), so_many("free-pizza"))
    draft = draft_rule(forno, "No pizza", effect="forbid", remedies=["free-pizza"])
    trial = tried_rule(forno, draft)
    assert counts(trial) == {"refused": 1}
    assert listed(trial)[0][5:] == ("No pizza", Decimal(-5), Decimal(-5))


def test_an_entitlement_moves_the_cost_from_the_month_to_the_division(forno: Cast) -> None:
    put_right(forno.agent, so_much("money-off", "20.00"))
    draft = draft_rule(
        forno, "Owed", effect="grant", value="20.00", entitlement=True, remedies=["money-off"]
    )
    trial = tried_rule(forno, draft)
    assert counts(trial) == {"payer": 1}
    assert listed(trial)[0][6:] == (Decimal(0), Decimal(-20))
    assert (trial.result["cost"], trial.result["owed"]) == ("0.00", "20.00")


def test_what_was_told_when_it_was_refused_counts(forno: Cast) -> None:
    forno.rule("Order", measure="percent", value="100", per="order", remedies=["money-off"])
    for order, value in (("A-1", "60.00"), ("A-2", "29.00")):
        refused(
            forno.agent,
            so_much("money-off", "30.00"),
            order_value=value,
            order_reference=order,
            facts={"minutes_late": "40"},
        )
    late = draft_rule(
        forno,
        "Late",
        effect="grant",
        value="30.00",
        remedies=["money-off"],
        conditions=[("minutes_late", "ge", "30")],
    )
    assert counts(tried_rule(forno, late)) == {"allowed": 1}


def test_what_saves_a_return_saves_its_cost_too(orchard: Cast) -> None:
    keep = orchard.remedies["keep-item"]
    keep.avoids_return = True
    keep.save()
    rule = orchard.rule("Three", measure="quantity", value="3", remedies=["keep-item"])
    refused(orchard.agent, so_many("keep-item", 4), reason_code="late")
    put_right(orchard.agent, so_many("keep-item", 2), reason_code="late", order_reference="B")

    more = new_version(rule)
    more.value = Decimal(5)
    more.save()
    trial = tried_rule(orchard, more)
    assert trial.result["returns"] == {"count": 1, "cost": "11.00", "saved": "11.00"}
    assert (
        headline(trial) == "1 of 1 refusal gone, £8.40 of approvals saved, £11.00 of returns saved"
    )
    assert "taking something back at £11.00." in words(Desk(orchard.manager).page(trial))

    none = draft_rule(orchard, "None", effect="forbid", remedies=["keep-item"])
    trial = tried_rule(orchard, none)
    assert trial.result["returns"]["count"] == -1
    assert headline(trial).endswith("£8.40 more for approvals, £11.00 more for returns")

    del trial.result["returns"]  # as it was kept before
    assert headline(trial).endswith("£8.40 more for approvals")


def test_less_that_was_kept_in_its_place_saved_the_return_already(orchard: Cast) -> None:
    Remedy.objects.update(avoids_return=True)
    rule = orchard.rule("Three", measure="quantity", value="3", remedies=["keep-item"])
    refused(orchard.agent, so_many("keep-item", 4), reason_code="late")
    put_right(orchard.agent, so_many("keep-item", 3), reason_code="late", at=NOW + MINUTE)
    draft = new_version(rule)
    draft.value = Decimal(5)
    draft.save()
    trial = tried_rule(orchard, draft)
    assert counts(trial) == {"allowed": 1, "instead": 1}
    assert trial.result["returns"]["count"] == 0


def test_what_is_given_only_in_the_trial_counts_there_from_then_on(forno: Cast) -> None:
    forno.rule("Once", measure="times", value="1", per="customer", remedies=["money-off"])
    receipt = put_right(forno.agent, so_many("reorder"), customer=KIM_LEE, at=NOW - 9 * MINUTE)
    refused(forno.agent, so_much("money-off", "30.00"), customer=KIM_LEE, at=NOW)
    put_right(forno.colleague, so_much("money-off", "5.00"), customer=KIM_LEE, at=NOW + 20 * MINUTE)
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    assert counts(trial) == {"allowed": 1, "refused": 1}
    assert trial.result["cost"] == "25.00"
    assert receipt


def test_what_was_given_in_the_case_before_uses_its_limit(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_much("money-off", "20.00"), at=NOW - MINUTE)
    give_also(receipt, forno.agent, so_much("voucher", "5.00"))
    trial = tried_limit(forno, forno.tiers["Driver"], "21.00")
    assert counts(trial) == {"refused": 1}
    assert trial.result["cost"] == "-3.00"


def test_what_the_rules_of_then_do_not_explain_stays_and_is_counted(forno: Cast) -> None:
    for _ in range(4):
        put_right(forno.agent, so_much("money-off", "25.00"))
    put_right(forno.agent, so_much("money-off", "15.00"))
    gap = refused(forno.agent, so_much("money-off", "20.00"))
    assert gap.bound == "budget"
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    assert counts(trial) == {}
    assert trial.result["unclear"] == 1


def test_months_that_would_have_gone_over_are_counted(forno: Cast) -> None:
    for _ in range(4):
        put_right(forno.agent, so_much("money-off", "25.00"))
    refused(forno.agent, so_much("money-off", "30.00"))
    refused(forno.colleague, so_much("money-off", "30.00"))
    put_right(forno.colleague, so_much("money-off", "1.00"), order_reference="B")
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    assert trial.result["months"] == {"more": 2, "over": 1, "short": "10.00"}


def test_the_same_trial_has_the_same_result(forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    put_right(forno.agent, so_much("money-off", "20.00"), order_reference="B")
    first, second = (tried_limit(forno, forno.tiers["Driver"], "40.00") for _ in range(2))
    assert listed(first) == listed(second)
    assert first.result == second.result


def test_trying_what_holds_already_changes_nothing(forno: Cast) -> None:
    how: dict[str, Any] = {"value": "20.00", "remedies": ["voucher"]}
    published = forno.rule("Vouchers", **how)
    refused(forno.agent, so_much("voucher", "26.00"))
    refused(forno.agent, so_much("money-off", "26.00"))
    put_right(forno.agent, so_much("voucher", "10.00"))
    same = draft_rule(forno, "Vouchers", **how)
    same.series = published.series
    same.save()
    for trial in (tried_rule(forno, same), tried_limit(forno, forno.tiers["Driver"], "25.00")):
        assert (listed(trial), trial.result["cost"], trial.result["approvals"]) == ([], "0.00", 0)


def test_other_days_and_other_divisions_are_left_out(forno: Cast, orchard: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"), at=SINCE - MINUTE)
    refused(forno.agent, so_much("money-off", "30.00"), at=UNTIL)
    refused(orchard.agent, so_much("money-off", "30.00"))
    assert tried_limit(forno, forno.tiers["Driver"], "40.00").total == 0


@pytest.mark.parametrize("who", ["forno.driver1", "forno.lead1", "orchard.manager", "admin"])
def test_only_the_divisions_managers_try_its_rules(
    forno: Cast, orchard: Cast, head_office: "dict[str, Employee]", who: str
) -> None:
    person = {**forno.people, **orchard.people, **head_office}[who]
    with pytest.raises(NotYoursToTry):
        try_limit(
            forno.tiers["Driver"],
            limit_per_case=Decimal(40),
            since=SINCE,
            until=UNTIL,
            asked_by=person,
        )
    assert not Trial.objects.exists()


def test_the_database_keeps_a_trial_in_one_division(forno: Cast, scm: Cast) -> None:
    trial = tried_limit(forno, forno.tiers["Driver"], "40.00")
    foreign = draft_rule(scm, "Draft of elsewhere", value="10.00")
    of_elsewhere: list[dict[str, Any]] = [
        {"tier": scm.agent.tier},
        {"division": scm.division},
        {"tier": None, "limit_per_case": None, "grace_percent": None, "policy": foreign},
    ]
    for columns in of_elsewhere:
        with refused_by_database("of its own division"):
            Trial.objects.filter(pk=trial.pk).update(**columns)
        trial.refresh_from_db()
        with refused_by_database("of its own division"):
            Trial(**{**values(trial), **columns}).save(force_insert=True)


def values(trial: Trial) -> dict[str, Any]:
    """The trial's columns, for another one like it."""
    return {f.name: getattr(trial, f.name) for f in trial._meta.fields if not f.primary_key}


def test_a_published_rule_and_no_time_are_nothing_to_try(forno: Cast) -> None:
    with pytest.raises(NothingToTry):
        try_rule(forno.rule(value="1.00"), since=SINCE, until=UNTIL, asked_by=forno.manager)
    for until in (SINCE, SINCE + timedelta(days=367)):
        with pytest.raises(NothingToTry):
            try_rule(
                draft_rule(forno, value="1.00"), since=SINCE, until=until, asked_by=forno.manager
            )
