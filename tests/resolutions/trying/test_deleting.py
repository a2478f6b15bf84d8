from policies.models import Policy
from resolutions.models import Trial
from tests.admin.desk import Desk, address
from tests.cast import Cast, draft_rule
from tests.putting_right import so_much
from tests.resolutions.trying.past import refused, tried_rule


def test_a_draft_that_was_tried_can_be_deleted(forno: Cast) -> None:
    refused(forno.agent, so_much("money-off", "30.00"))
    draft = draft_rule(forno, "Late", effect="grant", value="30.00", remedies=["money-off"])
    tried_rule(forno, draft)
    desk = Desk(forno.manager)
    answer = desk.client.post(address(Policy, "delete", draft.pk), {"post": "yes"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert not Policy.objects.filter(pk=draft.pk).exists()
    assert not Trial.objects.exists()
