"""Which mails ask customers how it went, with all that they say, and whether they go out."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import ExpressionWrapper, Max
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from resolutions.models import FollowUp

_NEWEST = 1000  # mails among which is the one that was sent last


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Mails that ask how it went."""

    def owed(self) -> Self:
        """Those that were not sent yet, and will be."""
        return self.filter(sent_at__isnull=True, not_asked="")

    def with_what_was_given(self) -> Self:
        """Joined with all that the mail and its page say, in two queries however many."""
        from resolutions.models import Resolution

        given = Resolution.objects.standing().select_related("remedy")
        return self.select_related(
            "case__customer", "case__division", "case__team", "response"
        ).prefetch_related(models.Prefetch("case__resolutions", given))

    def held_up(self, *, since: datetime) -> bool:
        """Whether one should have been sent by then, and none was sent after it.

        One that no server takes, such as for its address, is no news while others are sent.
        """
        from resolutions.models import CaseState

        hours = Cast("case__division__survey_delay_hours", models.IntegerField())
        delay = ExpressionWrapper(hours * timedelta(hours=1), output_field=models.DurationField())
        waits = self.owed().filter(
            due_at__lt=since + timedelta(days=2),  # by the index: what failed is due within hours
            case__ended_at__lt=since - delay,
            case__state=CaseState.PUT_RIGHT,
            case__customer__email__gt="",
        )
        if not waits.exists():
            return False
        # No index knows when mails were sent, and the newest need not have been the last: where
        # divisions ask after a shorter time, newer ones go out first.
        newest = self.filter(sent_at__isnull=False).order_by("-pk")[:_NEWEST]
        last = newest.aggregate(last=Max("sent_at"))["last"]
        return last is None or last < since
