"""Story 4 over the API: never only "no", but what can be done, why not more, and what to say."""

from resolutions.models import AuthorityGap, Case
from tests.api.client import Api, assert_problem
from tests.cast import Cast

FURIOUS = {
    "reason_code": "roaming",
    "channel": "phone",
    "customer": {"reference": "0491 570 006", "name": "Sam Ito"},
    "note": "Charged 400.00 for a weekend in Bali, and furious.",
}
WHY = "A plan upgrade hides the roaming charge and comes back as a complaint next month."
WORDS = "An upgrade would not have helped you on that trip; let me credit you instead."


def test_nobody_says_please_hold_over_the_api(scm: Cast) -> None:
    scm.rule(
        "No upgrades for roaming",
        effect="forbid",
        reasons=["roaming"],
        remedies=["plan-upgrade"],
        rationale=WHY,
        customer_wording=WORDS,
    )
    rep = Api(scm.agent)

    # 400.00 and an upgrade are asked for. The answer says what stands in the way, and why.
    wanted = [
        {"remedy": "bill-credit", "amount": "400.00"},
        {"remedy": "plan-upgrade", "quantity": 1},
    ]
    told = assert_problem(rep.post("cases/", FURIOUS | {"gives": wanted}), 403, "outside-authority")
    credit, upgrade = told["decisions"]
    assert (credit["limit"], credit["limit_with_grace"]) == ("150.00", "180.00")
    assert credit["binding"]["kind"] == "tier"
    assert (upgrade["binding"]["rationale"], upgrade["binding"]["customer_wording"]) == (WHY, WORDS)

    # And what can be done instead, now.
    instead = {a["remedy"]: a["limit"] for a in upgrade["alternatives"]}
    assert "plan-upgrade" not in instead
    assert instead["fee-waiver"] == "150.00"
    assert not Case.objects.exists()
    assert AuthorityGap.objects.count() == 2, "the manager will read of it"

    # The rep does what they can, a little further than the limit: read afterwards, never before.
    gives = [{"remedy": "bill-credit", "amount": "180.00"}]
    receipt = rep.post("cases/", FURIOUS | {"gives": gives}).json()
    (given,) = receipt["resolutions"]
    assert (given["verdict"], given["review_afterwards"]) == ("grace", True)
    assert receipt["budget"]["left"] == "20.00"

    # A lead who sees the case adds to it out of their own month; the customer is not handed over.
    lead = Api(scm.lead)
    more = lead.post(
        f"cases/{receipt['id']}/resolutions/",
        {"gives": [{"remedy": "bill-credit", "amount": "220.00"}]},
    ).json()
    assert [r["given_by"] for r in more["resolutions"]] == ["scm.rep1", "scm.lead1"]
    assert more["budget"]["left"] == "580.00"
    assert more["handed_over_to"] == ""
