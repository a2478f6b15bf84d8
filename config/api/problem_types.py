"""Every type of problem that the API answers with. Programs rely on the codes: they stay."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: its code never changes, and “meaning” says what to do about it."""

    code: str
    status: int
    title: str
    meaning: str

    @property
    def uri(self) -> str:
        """Where it is described, relative to the host."""
        return f"/api/problems/{self.code}"


TYPES = {
    kind.code: kind
    for kind in (
        ProblemType(
            "malformed",
            400,
            "The request can't be read",
            "It is no JSON as it should be: UTF-8, no NaN, no key twice. “detail” says where.",
        ),
        ProblemType(
            "invalid",
            400,
            "Something in the request is not right",
            "“errors” says what would be right, by field, such as “gives.0.amount”. Nothing was "
            "written.",
        ),
        ProblemType(
            "not-authenticated",
            401,
            "Who is this?",
            "Send a token, “Authorization: Bearer …”; “POST /api/v1/tokens/” gives one for a name "
            "and password.",
        ),
        ProblemType(
            "outside-authority",
            403,
            "This is beyond what you may give",
            "“decisions” holds a decision for each remedy: every bound with its reason and words "
            "to say, and what can be given instead, now. Nothing was given; the refusal was "
            "recorded as an authority gap.",
        ),
        ProblemType(
            "no-authority",
            403,
            "You have no authority tier",
            "Only someone with a tier opens cases and gives remedies. A manager can give them one.",
        ),
        ProblemType(
            "own-case",
            403,
            "This is your own case",
            "Nobody puts a case right in which they are the customer. A colleague can.",
        ),
        ProblemType("forbidden", 403, "This is not for you", "Your role does not include this."),
        ProblemType(
            "not-found",
            404,
            "There is nothing here",
            "There is no such thing, or you may not see it; the API does not tell which. "
            "Addresses end with a slash.",
        ),
        ProblemType(
            "method-not-allowed",
            405,
            "This address does not do that",
            "The “Allow” header lists what it does.",
        ),
        ProblemType(
            "not-acceptable",
            406,
            "There is no such form of the answer",
            "The API answers in “application/json”, and with files as they are described.",
        ),
        ProblemType(
            "idempotency-conflict",
            409,
            "This key was used for something else",
            "The same “Idempotency-Key” came with other contents. Look at what the first request "
            "did before you send another with a new key.",
        ),
        ProblemType(
            "case-state",
            409,
            "The case is not in the state for this",
            "Only an open case can be closed or handed over.",
        ),
        ProblemType(
            "given-back-already",
            409,
            "This was given back already",
            "The money of a remedy returns once. The case says who gave it back, when and why.",
        ),
        ProblemType(
            "budget-exhausted",
            409,
            "The month's budget does not hold this",
            "It was spent by another request at the same moment. Ask again what can be given.",
        ),
        ProblemType(
            "month-closed-already",
            409,
            "This month is closed already",
            "A month is closed once; “detail” says by whom and when. What came later is in the "
            "next close.",
        ),
        ProblemType(
            "month-still-runs",
            409,
            "This month still runs",
            "A month is closed when it is over for every team; “detail” says from when on.",
        ),
        ProblemType(
            "earlier-month-open",
            409,
            "An earlier month is open",
            "Months are closed one after the other; “detail” names the one to close first.",
        ),
        ProblemType(
            "month-too-early",
            409,
            "There is nothing of this month to close",
            "It lies before the first month that was closed, or before anything was given. "
            "“detail” says which month can be the first.",
        ),
        ProblemType(
            "too-large", 413, "The request is too large", "No request needs more than 2.5 MB."
        ),
        ProblemType(
            "unsupported-media-type",
            415,
            "The request is in a form the API does not read",
            "Send “Content-Type: application/json”.",
        ),
        ProblemType(
            "too-many-requests",
            429,
            "Too many requests",
            "Wait as many seconds as “Retry-After” says.",
        ),
        ProblemType(
            "locked-out",
            429,
            "Too many wrong passwords",
            "The door is closed for a quarter of an hour, also for the right password.",
        ),
        ProblemType(
            "restored",
            503,
            "The database was restored",
            "It came from another server's copy, so that new rows can't be told from old ones yet. "
            "An administrator runs “manage.py migrate”. Exports without “after” work.",
        ),
        ProblemType(
            "journal-changed",
            500,
            "The journal is not what was closed",
            "Its bytes do not have the checksum of the close: someone changed the database past "
            "the program. Ask whoever runs it for the backup of that day.",
        ),
        ProblemType(
            "server-error",
            500,
            "Something went wrong on our side",
            "Send the request again. What changes something has one effect at most with the same "
            "“Idempotency-Key”.",
        ),
    )
}
