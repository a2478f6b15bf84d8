"""Story 6: a change is tried on last month's cases before it is made; the next customer gets it."""

import time_machine

from policies.models import Policy
from resolutions.models import Trial
from tests.admin.desk import Desk
from tests.api.client import Api, assert_problem
from tests.cast import Cast
from tests.pages import words
from tests.putting_right import NOW
from tests.resolutions.trying.past import fill_in

OCTOBER = "2026-10-14T17:00:00+00:00"
GROUPS = "/admin/resolutions/authoritygap/groups/?period=last-month"


def wants_a_voucher(amount: str) -> dict[str, object]:
    """A cold pizza, and a voucher of so much for it."""
    gives = [{"remedy": "voucher", "amount": amount}]
    return {"reason_code": "cold", "channel": "doorstep", "gives": gives}


def test_with_40_instead_of_25(forno: Cast) -> None:
    manager, drivers = Desk(forno.manager), (Api(forno.agent), Api(forno.colleague))
    manager.change(forno.division, approval_minutes="12", approval_hourly_cost="42.00")
    forno.rule("A modest voucher", value="25.00", remedies=["voucher"])
    with time_machine.travel(OCTOBER, tick=True):
        for n, amount in enumerate([*["26.00"] * 30, "30.00", *["41.00"] * 6]):
            refused = drivers[n % 2].post("cases/", wants_a_voucher(amount))
            assert_problem(refused, 403, "outside-authority")

    with time_machine.travel(NOW, tick=True):
        # From the gaps to trying the rule with another figure on last month.
        (row,) = manager.client.get(GROUPS).context["rows"]
        assert (row.title, row.group.gaps) == ("A modest voucher", 37)
        page = fill_in(manager, row.trying, figure="40.00")
        assert "A modest voucher: $40.00 per case instead of $25.00 per case" in words(page)
        assert "31 of 37 refusals gone, $486.00 more spent, $260.40 of approvals saved." in words(
            page
        )

        # Behind the number stand its cases, each with the gap that it was.
        trial = Trial.objects.get()
        behind = f"/admin/resolutions/trial/{trial.pk}/behind/allowed/"
        assert behind in page.content.decode()
        assert "31 in all, the first one first" in words(manager.client.get(behind))

        # Nothing holds yet; the draft is published, and the next customer gets it at once.
        assert_problem(
            drivers[0].post("cases/", wants_a_voucher("40.00")), 403, "outside-authority"
        )
        draft = Policy.objects.drafts().get()
        manager.change(draft, change_reason="31 times a driver was right.", _publish="1")
        assert drivers[0].post("cases/", wants_a_voucher("40.00")).status_code == 201
