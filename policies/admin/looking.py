"""One look more: what there is to know about a rule is shown once before it is published.

It keeps nobody from publishing. Whoever sends the same form again has looked; where something else
is to know by then, that is shown first.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.http import HttpRequest
from django.utils import timezone

from employees.admin.base import actor
from policies.complete import refuse_incomplete
from policies.errors import PolicyError
from policies.models import Policy
from policies.publish import publish
from policies.warnings import Warned, warnings_before_publishing


class LookOnceMore(PolicyError):
    """There is something to know about the rule that was not shown yet."""

    code = "look-once-more"

    def __init__(self, warned: Sequence[Warned]) -> None:
        self.warned = warned
        super().__init__("Look at this once more. It is not published yet.")

    @property
    def fingerprint(self) -> str:
        """Stands for all that was shown."""
        return sha256("\n".join(one.words for one in self.warned).encode()).hexdigest()


def publish_once_looked_at(draft: Policy, request: HttpRequest) -> None:
    """Publish it, a start that is past as now. Raises LookOnceMore, or as `publish` does."""
    at = timezone.now()
    refuse_incomplete(draft)
    not_shown = LookOnceMore(warnings_before_publishing(draft, at=at))
    if not_shown.warned and request.POST.get("looked_at") != not_shown.fingerprint:
        raise not_shown
    if draft.starts_at is not None and draft.starts_at < at:
        draft.starts_at = None
    publish(draft, published_by=actor(request), at=at)
