"""What can be refused about a case. Each has a code that page and API share, and its facts."""

from collections.abc import Mapping, Sequence
from typing import Any


class ResolutionsError(Exception):
    """Something about a case was refused."""

    code = "resolutions"


class InvalidCase(ResolutionsError):
    """What was told can't be meant so. `errors` says where, by field, and what would be right."""

    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__("; ".join(f"{f}: {' '.join(m)}" for f, m in self.errors.items()))


class OutsideAuthority(ResolutionsError):
    """The rules refuse what was to be given.

    `refusal` holds, under "decisions", each decision as it was (see `Decision.as_json`): the
    bounds with their reasons and words, and what can be given instead.
    """

    code = "outside-authority"

    def __init__(self, refusal: Mapping[str, Any]) -> None:
        self.refusal = refusal
        super().__init__("This is beyond what you may give in this case.")


class OwnCase(ResolutionsError):
    """Nobody resolves a case in which they are the customer."""

    code = "own-case"

    def __init__(self) -> None:
        super().__init__("This is your own case. Ask a colleague to put it right for you.")


class NoAuthority(ResolutionsError):
    """Someone without a tier can't give anything or open a case."""

    code = "no-authority"

    def __init__(self) -> None:
        super().__init__("You have no authority tier yet. Ask your manager to give you one.")


class NotTheirsToGiveBack(ResolutionsError):
    """Someone wanted to give back what another gave, and does not lead or manage them."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__(
            "Only whoever gave it, the lead of the team or a manager of the division can give it "
            "back."
        )


class NotTheirsToAnswer(ResolutionsError):
    """Someone wanted to answer gaps and does not manage the division."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("Gaps are answered by a manager of the division.")


class NothingToAnswer(ResolutionsError):
    """None of these gaps is waiting for an answer of this manager."""

    code = "answered-already"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing left to answer here: it was answered already, or it is your own."
        )


class NotTheirsToReview(ResolutionsError):
    """Someone wanted to look at a decision that is their own, or another team's or division's."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__(
            "Decisions are looked at by the lead of the team or a manager of the division, and by "
            "nobody who took them."
        )


class ReviewedAlready(ResolutionsError):
    """Somebody else looked at it first: what they said stays."""

    code = "reviewed-already"

    def __init__(self, *, by: str, outcome: str, note: str) -> None:
        self.by, self.outcome, self.note = by, outcome, note
        said = f": “{note}”" if note else "."
        super().__init__(f"{by} looked at it already. {outcome}{said}")


class RequestConflict(ResolutionsError):
    """The same request id came with other contents."""

    code = "idempotency-conflict"

    def __init__(self) -> None:
        super().__init__(
            "This request was already sent with other contents. Look at the case before you "
            "send it again, with a new request id."
        )


class CaseEnded(ResolutionsError):
    """The case does not allow this any more, or not yet."""

    code = "case-state"


class LinkBroken(ResolutionsError):
    """A link out of a mail that was mistyped, cut, or made up."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__("This link is not whole: perhaps the mail program cut it.")


class LinkTooOld(ResolutionsError):
    """A link out of a mail of long ago."""

    code = "link-too-old"

    def __init__(self) -> None:
        super().__init__("This link has had its time: the mail is too old to be answered by it.")
