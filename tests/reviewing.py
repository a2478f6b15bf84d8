"""Looking afterwards in a line: `reviewed(scm.lead, the_review(), note="Ask for a photo.")`."""

from datetime import datetime, timedelta
from typing import Any

from employees.models import Employee
from resolutions.models import Review
from resolutions.reviews import review_up_to
from tests.cast import Cast
from tests.putting_right import NOW, put_right, so_much

LATER = NOW + timedelta(hours=3)
LEARN = "Ask for the meter’s number first."


def went_further(scm: Cast, amount: str = "160.00", **how: Any) -> Review:
    """A rep of Southern Cross gives more than the 150.00 of a case, in grace."""
    agent = how.pop("agent", scm.agent)
    receipt = put_right(agent, so_much("bill-credit", amount), reason_code="outage", **how)
    return Review.objects.get(case=receipt["id"])


def reviewed(
    reviewer: Employee, review: Review, *, note: str = "", outcome: str = "", at: datetime = LATER
) -> None:
    """Back a decision; with a note where there is one."""
    review_up_to(
        review,
        outcome=outcome or ("with-a-note" if note else "backed"),
        note=note,
        acting_employee=reviewer,
        at=at,
    )


def lead_elsewhere(scm: Cast) -> Employee:
    """Who leads another team of the division."""
    team = scm.teams["Perth"]
    return Employee.objects.create_user(
        "scm.lead9", role="team_lead", division=scm.division, team=team, tier=scm.lead.tier
    )
