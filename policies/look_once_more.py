"""One look more: what there is to know about a rule is shown once before it is published.

It keeps nobody from publishing. Whoever sends the same again has looked; where something else is to
know by then, that is shown first.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from policies.errors import PolicyError
from policies.models import Policy
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


def refuse_unseen(draft: Policy, *, looked_at: str, at: datetime) -> None:
    """Raise LookOnceMore unless `looked_at` stands for all that there is to know of the draft."""
    not_shown = LookOnceMore(warnings_before_publishing(draft, at=at))
    if not_shown.warned and looked_at != not_shown.fingerprint:
        raise not_shown
