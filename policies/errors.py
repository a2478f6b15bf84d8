"""What is refused about rules, each with a sentence that says what would be right."""

from django.core.exceptions import ValidationError

from employees.plain_errors import in_plain_words


class PolicyError(Exception):
    """Something about a rule was refused."""

    code = "policy"


class AlreadyPublished(PolicyError):
    """A published version can't be published again or changed."""

    code = "already-published"


class StartsInThePast(PolicyError):
    """A rule can't start before it is published: decisions made until then stay as they were."""

    code = "starts-in-the-past"


class ReasonMissing(PolicyError):
    """A change of a rule needs a reason."""

    code = "reason-missing"


class IncompleteRule(PolicyError):
    """The rule says too little, or something that can't be meant; `errors` says what and where."""

    code = "incomplete-rule"

    def __init__(self, error: ValidationError) -> None:
        self.error = in_plain_words(error)
        super().__init__("; ".join(error.messages))


class OwnRule(PolicyError):
    """A rule that would let whoever publishes it give more themselves."""

    code = "own-authority"

    def __init__(self) -> None:
        super().__init__(
            "This is about your own tier and would let you give more: ask a colleague who manages "
            "this division to publish it."
        )


class NothingToConfirm(PolicyError):
    """What was to be confirmed is no hard rule that holds, or will hold, for this person."""

    code = "nothing-to-confirm"
