"""Story 5: no cash refunds on gift cards. This is our policy, and this is why.

The manager works in the admin, the reps read the handbook and help customers in the meantime.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from policies.models import Acknowledgement, Policy
from resolutions.models import AuthorityGap, Case, Resolution
from tests.admin.desk import Desk, errors, said
from tests.api.client import Api, assert_problem
from tests.cast import Cast, bring_in
from tests.companies import SCM
from tests.pages import client_of, send_case, ticks, words

AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, 23, tzinfo=UTC)  # Saturday morning in Sydney
NEXT_WEEK = datetime(2026, 11, 28, 1, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 1, tzinfo=UTC)  # the rule has held since midnight
AFTER_CHRISTMAS = datetime(2026, 12, 28, 1, tzinfo=UTC)

TITLE = "No cash refunds on gift cards"
WHY = "Gift cards are anonymous: paying out cash is how stolen cards are emptied."
WORDS = "I can put the full amount on a new card for you right now."
GIFT_CARD = {"reason_code": "billing-dispute", "channel": "phone", "facts": {"gift_card": True}}
NO_GIFT_CARD = {"reason_code": "billing-dispute", "channel": "phone"}
CASH = {"gives": [{"remedy": "bill-credit", "amount": "35.00"}]}
WAIVER = {"gives": [{"remedy": "fee-waiver", "amount": "20.00"}]}


def at(moment: datetime) -> time_machine.travel:
    """Let it be this moment, to the second."""
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def scm(db: None) -> Cast:
    """The phone operator, as it was founded before all this."""
    with at(AUTUMN):
        return bring_in(SCM)


def write_the_rule(scm: Cast, **fields: Any) -> Any:
    """Fill in the form for a new rule and publish it."""
    condition = {
        "conditions-TOTAL_FORMS": "1",
        "conditions-0-fact": "gift_card",
        "conditions-0-operator": "eq",
        "conditions-0-value": "yes",
    }
    rule: dict[str, Any] = {
        "title": TITLE,
        "effect": "forbid",
        "per": "case",
        "remedies": [scm.remedies["bill-credit"].pk],
        "reason_codes": [scm.reasons["billing-dispute"].pk],
        "rationale": WHY,
        "customer_wording": WORDS,
        "starts_at": "2026-12-01T00:00",  # where the manager works
    }
    return Desk(scm.manager).add(Policy, **{**rule, **condition, **fields}, _publish="1")


def ask_for_gift_cards(scm: Cast) -> None:
    """The case form is to ask whether it was paid with a gift card."""
    asked = {
        "label": "paid with a gift card",
        "key": "gift_card",
        "kind": "yes_no",
        "position": "0",
    }
    fields = {f"asked_facts-0-{name}": value for name, value in asked.items()}
    reason = scm.reasons["billing-dispute"]
    answer = Desk(scm.manager).change(reason, **{"asked_facts-TOTAL_FORMS": "1", **fields})
    assert answer.status_code == 302


def as_stored() -> list[Any]:
    """Every decision as it stands in the database."""
    return list(Resolution.objects.order_by("pk").values("pk", "decision", "verdict", "cost", "at"))


def bound(decision: dict[str, Any], title: str) -> dict[str, Any]:
    """What a stored decision says of one of the rules that were applied."""
    told: dict[str, Any] = next(b for b in decision["bounds"] if b["title"] == title)
    return told


def test_this_is_our_policy_and_this_is_why(scm: Cast) -> None:
    scm.rule("Fees in reason", value="50.00", remedies=["fee-waiver"])
    with at(NOVEMBER):
        ask_for_gift_cards(scm)

        # The admin refuses a rule without a why for the rep and words for the customer.
        for missing in ("rationale", "customer_wording"):
            assert missing in errors(write_the_rule(scm, **{missing: " "}))
        assert not Policy.objects.filter(title=TITLE).exists()
        answer = write_the_rule(scm)
        assert answer.status_code == 302
        rule = Policy.objects.get(title=TITLE)

        # Before its date it decides nothing: cash is paid out as ever.
        rep = Api(scm.agent)
        before = rep.post("cases/", GIFT_CARD | CASH).json()
        assert before["resolutions"][0]["verdict"] == "within"
        untouched = as_stored()

    # The reps see it coming, and one of them reads it at once.
    with at(NEXT_WEEK):
        assert f"New rule from 1 December why? {TITLE}" in words(client_of(scm.agent).get("/"))
        early = client_of(scm.colleague)
        said_ahead = words(early.get("/handbook/"))
        assert f"{TITLE} From 1 December on Nobody may give Bill credit" in said_ahead
        early.post(f"/handbook/rules/{rule.pk}/read/")

    # From its date on it stands in the handbook with its why and the words, and is confirmed.
    with at(DECEMBER):
        client = client_of(scm.agent)
        assert "What nobody may do: 1 rule to read" in words(client.get("/"))
        assert "to read" not in words(client_of(scm.colleague).get("/"))
        handbook = words(client.get("/handbook/", {"reason": "billing-dispute"}))
        assert (
            f"What nobody may do {TITLE} Nobody may give Bill credit, for Billing dispute, "
            f"when paid with a gift card is yes. {WHY} “{WORDS}” I have read it"
        ) in handbook

        # It keeps nobody from helping, read or not: the case form says what can be done instead.
        told = {"reason_code": "billing-dispute", "fact__gift_card": "yes"}
        refused = words(send_case(client, **told, **ticks(bill_credit="35.00")))
        assert WHY in refused
        assert WORDS in refused
        helped = send_case(client, **told, **ticks(fee_waiver="20.00"))
        assert helped.status_code == 302
        assert not Acknowledgement.objects.filter(employee=scm.agent).exists()

        # What was refused keeps which rule, in which version, and why.
        gap = AuthorityGap.objects.get()
        forbidding = bound(gap.decision, TITLE)
        assert (forbidding["policy"], forbidding["version"]) == (rule.pk, 1)
        assert (forbidding["kind"], forbidding["rationale"]) == ("forbidden", WHY)

        client.post(f"/handbook/rules/{rule.pk}/read/")
        assert "to read" not in words(client.get("/"))
        assert "Read today" in words(client.get("/handbook/"))

        # The manager sees who has read it, and who has not yet.
        page = words(Desk(scm.manager).page(rule))
        assert "2 of 4 have read version 1." in page
        assert "Not yet Lead1 Rep3" in page
        assert "Rep2 28 Nov 2026, 12:00" in page

    # What was decided before stays as it was, to the letter.
    assert as_stored()[: len(untouched)] == untouched
    assert TITLE not in str(untouched)


def test_who_changed_which_limit_when_and_why(scm: Cast) -> None:
    rule = scm.rule("Fees in reason", value="50.00", remedies=["fee-waiver"])
    with at(NOVEMBER):
        first = Api(scm.agent).post("cases/", NO_GIFT_CARD | WAIVER).json()
        desk = Desk(scm.manager)
        answer = desk.change(rule, value="30.00", change_reason="Fees went down.")
        assert said(desk.client.get(answer["Location"])) == ["“Fees in reason” holds from now on."]
        tier = scm.tiers["Rep"]
        assert "change_reason" in errors(desk.change(tier, limit_per_case="120"))
        desk.change(tier, limit_per_case="120", change_reason="A credit is 40 on average.")

    with at(AFTER_CHRISTMAS):
        second = Api(scm.agent).post("cases/", NO_GIFT_CARD | WAIVER).json()
        too_much = {"gives": [{"remedy": "fee-waiver", "amount": "31.00"}]}
        refusal = Api(scm.agent).post("cases/", NO_GIFT_CARD | too_much)
        assert_problem(refusal, 403, "outside-authority")

        versions = words(Desk(scm.manager).page(rule))
        assert "by Manager" in versions
        assert "How much A$50.00 per case A$30.00 per case Fees went down." in versions
        history = words(Desk(scm.manager).page(scm.tiers["Rep"], "history"))
        assert (
            "Changed by Manager 21 November 2026, 10:00 What Before After "
            "Limit per case A$150.00 A$120.00 A credit is 40 on average."
        ) in history

    # Each decision has the version under which it was made, with its reason.
    applied = []
    for receipt in (first, second):
        decision = Case.objects.get(pk=receipt["id"]).resolutions.get().decision
        told = bound(decision, "Fees in reason")
        applied.append((told["version"], told["limit"], told["rationale"]))
    why = "Fees in reason: that is fair to everyone."
    assert applied == [(1, "50.00", why), (2, "30.00", why)]
