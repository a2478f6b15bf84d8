"""What can be refused about exports and their tokens. Each has a code that page and API share."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone


class ReportsError(Exception):
    """Something about what leaves the program was refused."""

    code = "reports"


class Invalid(ReportsError):
    """What was asked for can't be. `errors` says where, by field, and what would be right."""

    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__(" ".join(m for messages in self.errors.values() for m in messages))


class InvalidToken(Invalid):
    """What was asked for is no token."""


class NotTheirsToGive(ReportsError):
    """Someone wanted to make or revoke a token and is neither finance nor an administrator."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("Tokens for machines are made and revoked by finance and administrators.")


class MadeAlready(ReportsError):
    """The form was sent once before. Its token is there, and what it says can't be shown again."""

    code = "made-already"

    def __init__(self, *, name: str, begins: str) -> None:
        self.name, self.begins = name, begins
        super().__init__(
            f"This form was sent already and made the token “{name}” ({begins}…), which was shown "
            "then. If nobody noted it, revoke it and make a new one."
        )


class RevokedAlready(ReportsError):
    """A token is revoked once."""

    code = "revoked-already"

    def __init__(self) -> None:
        super().__init__("This token was revoked already: it opens nothing any more.")


class TokenOpensNothing(ReportsError):
    """Whoever holds this token is not let in, for the reason that the text says."""

    code = "not-authenticated"


class NoExports(ReportsError):
    """Someone whose work exports are not."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("Exports are for finance and for managers, of what they see.")


class InvalidExport(Invalid):
    """What was asked for can't be exported."""


class CursorRefused(InvalidExport):
    """Going on from this cursor would leave rows out, or give them twice."""

    def __init__(self, why: str) -> None:
        super().__init__({"after": [f"This cursor is no good here. {why} Write “beginning”."]})


class NotOpened(ReportsError):
    """A token that was made for other exports."""

    code = "forbidden"

    def __init__(self, name: str) -> None:
        super().__init__(f"This token was not made for the export “{name}”.")


class TooManyExports(ReportsError):
    """As many exports run in this process as may: the agents' pages need it, too."""

    code = "too-many-requests"
    seconds = 20

    def __init__(self) -> None:
        super().__init__(
            "Other exports are running, and agents need the server, too. Try again in "
            f"{self.seconds} seconds."
        )


class DatabaseRestored(ReportsError):
    """The database came from another server: which of its rows are new can't be told yet."""

    code = "restored"

    def __init__(self) -> None:
        super().__init__(
            "The database was restored from another server's copy. An administrator has to run "
            "“manage.py migrate” before exports tell what is new."
        )


class NotFinance(ReportsError):
    """Someone who does not keep the division's books tried to close a month."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("Only finance, of the division or of the group, closes a month.")


class MonthClosedAlready(ReportsError):
    """A month is closed once."""

    code = "month-closed-already"

    def __init__(self, *, close: int, month: date, by: str, at: datetime) -> None:
        self.close, self.month, self.by, self.at = close, month, by, at
        when = timezone.localtime(at)
        super().__init__(
            f"{month:%B %Y} was closed by {by} on {when:%-d %B %Y at %H:%M %Z}. "
            "What came later is in the next close."
        )


class MonthStillRuns(ReportsError):
    """A month is closed when it is over for every team."""

    code = "month-still-runs"

    def __init__(self, *, month: date, over_on: date | None, zone: str) -> None:
        self.month, self.over_on, self.zone = month, over_on, zone
        super().__init__(
            f"{month:%B %Y} still runs: close it from {over_on:%-d %B %Y} on, 00:00 in {zone}."
            if over_on
            else f"{month:%B %Y} has not begun yet."
        )


class EarlierMonthOpen(ReportsError):
    """Months are closed in order."""

    code = "earlier-month-open"

    def __init__(self, *, month: date) -> None:
        self.month = month
        super().__init__(f"Close {month:%B %Y} first: months are closed one after the other.")


class MonthTooEarly(ReportsError):
    """A month before the first one that there is, or that was closed."""

    code = "month-too-early"

    def __init__(self, *, begins: date | None, closed: bool) -> None:
        self.begins = begins
        if begins is None:
            told = "Nothing was given here yet, so there is nothing to close."
        elif closed:
            told = f"{begins:%B %Y} is the first month that was closed: nothing before it can be."
        else:
            told = f"Nothing was given before {begins:%B %Y}: begin with that month, or later."
        super().__init__(told)


class JournalChanged(ReportsError):
    """The journal that comes out of a close is not the one that was closed."""

    code = "journal-changed"

    def __init__(self, *, document: str, checksum: str) -> None:
        self.document, self.checksum = document, checksum
        super().__init__(
            f"The journal {document} is not what was closed: its checksum is {checksum} now. "
            "Someone changed the database past the program."
        )
