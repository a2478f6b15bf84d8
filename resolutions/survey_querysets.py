"""Which mails ask customers how it went, with all that they say."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from resolutions.models import FollowUp


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
