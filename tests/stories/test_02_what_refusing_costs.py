"""Story 2 at the manager's desk: every refusal under 8.40 costs more than it saves."""

from datetime import UTC, datetime

import time_machine

from tests.admin.desk import Desk
from tests.cast import Cast
from tests.pages import client_of, send_case, ticks, words

ADVISOR = "/admin/resolutions/authoritygap/advice/"
OCTOBER = datetime(2026, 10, 14, 17, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 21, 15, tzinfo=UTC)


def test_the_advisor_names_the_limits_under_what_refusing_costs(orchard: Cast) -> None:
    manager = Desk(orchard.manager)
    with time_machine.travel(OCTOBER, tick=True):
        # The manager enters what asking costs: 12 minutes of two people, and 11.00 for a return.
        figures = {"approval_minutes": "12", "approval_hourly_cost": "42.00"}
        manager.change(orchard.division, **figures, return_cost="11.00")
        orchard.rule(
            "Three off for a substitute",
            value="3.00",
            remedies=["money-off"],
            reasons=["substituted"],
            tiers=["Driver"],
        )
        # Twice a driver wants to take five pounds off a substituted item, and may not.
        driver = client_of(orchard.agent)
        for _ in range(2):
            refused = send_case(driver, reason_code="substituted", **ticks(**{"money-off": "5.00"}))
            assert refused.status_code == 403

    with time_machine.travel(NOVEMBER, tick=True):
        page = manager.client.get(ADVISOR)
    text = words(page)
    assert (
        "Every refusal under £8.40 costs more than it saves; under £19.40, where giving saves a "
        "return." in text
    )
    assert (
        "Last month 2 refusals were under that. Giving would have cost £10.00; refusing cost "
        "£16.80." in text
    )
    (advice,) = page.context["advisor"].advice
    assert (advice.cell.tier.name, advice.row.remedy.name) == ("Driver", "Money off the bill")
    assert "Driver, Money off the bill after Substituted item" in text
    assert (advice.expected.cost_of_giving, advice.expected.saving) == (10, advice.level * 2 - 10)

    # From there the limit is set, or kept as a draft and tried first.
    cell = f"/admin/policies/policy/grid/{advice.cell.tier.id}/{advice.row.remedy.id}/"
    better = f"{cell}?limit=8.40&after=substituted"
    assert better.replace("&", "&amp;") in page.content.decode()
    why = {
        "rationale": "Under 8.40 asking costs more than the item.",
        "customer_wording": "Keep it, and I'll take it off your bill.",
        "change_reason": "The limit advisor.",
    }
    suggested = manager.client.get(better).context["form"]["limit"].value()
    kept = manager.client.post(better, {**why, "limit": suggested, "_draft": "1"}, follow=True)
    assert "Try this draft on past cases" in words(kept)
