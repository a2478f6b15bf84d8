"""Each row of the file as a past case, or as a bad row with its line and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from policies.models import Channel
from resolutions.models import CaseState
from resolutions.past.dates import NotSure, find_format, moment
from resolutions.past.file import Row, UnreadableFile
from resolutions.past.words import Sorting, channel_of, state_of

UNSORTED = "brought-in"  # the reason code of what fits no other
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = {"reference": 80, "customer": 80, "order": 80, "text": 50_000}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is to be read: see the options of `manage.py import_cases`.

    `reasons_by_name` finds a reason code by its code or name, in small letters.
    """

    zone: ZoneInfo
    reasons_by_name: Mapping[str, str] = field(default_factory=dict)
    channels: Sorting = field(default_factory=Sorting)
    states: Sorting = field(default_factory=Sorting)
    reasons: Sorting = field(default_factory=Sorting)
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class PastCase:
    """A case as the file tells it. `opened_at` is in UTC, `reason` a code."""

    line: int
    reference: str
    opened_at: datetime
    text: str
    channel: str
    state: str
    reason: str
    customer: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be brought in, and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.why}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds, and in which format its dates turned out to be."""

    cases: Sequence[PastCase]
    bad: Sequence[BadRow]
    date_format: str


def check_rows(rows: Sequence[Row], *, reading: Reading, now: datetime) -> Checked:
    """Read every row. Raises UnreadableFile when nobody can tell how the dates are written."""
    form = reading.date_format or _date_format(rows)
    first_lines: dict[str, int] = {}
    cases: list[PastCase] = []
    bad: list[BadRow] = []
    for row in rows:
        try:
            case = _read(row, reading, form, now)
            _refuse_repeated(case, first_lines)
        except ValueError as error:
            bad.append(BadRow(row.line, str(error)))
        else:
            cases.append(case)
    return Checked(cases, bad, form)


def _date_format(rows: Sequence[Row]) -> str:
    texts = [row.cells["date"] for row in rows if row.cells.get("date")]
    try:
        return find_format(texts) if texts else ""
    except NotSure as error:
        raise UnreadableFile(str(error)) from error


def _read(row: Row, reading: Reading, form: str, now: datetime) -> PastCase:
    """The row as a case. Raises ValueError with all that is wrong with it."""
    if row.broken:
        raise ValueError(row.broken)
    cells = row.cells
    wrong = list(_bad_cells(cells))
    channel, state = _channel(cells, reading), _state(cells, reading)
    if channel is None:
        wrong.append(
            f"“{cells.get('channel', '')}” is not a channel we know: add --channel "
            f'{Channel.WEB}="{cells.get("channel", "")}", or the one it is.'
        )
    if state is None:
        wrong.append(
            f"“{cells['status']}” is not a status we know: add --status "
            f'{CaseState.CLOSED}="{cells["status"]}", or the one it is.'
        )
    opened_at = EARLIEST
    try:
        opened_at = _opened_at(cells, reading, form, now)
    except ValueError as error:
        wrong.append(str(error))
    if wrong:
        raise ValueError(" ".join(wrong))
    return PastCase(
        line=row.line,
        reference=cells["reference"],
        opened_at=opened_at,
        text=cells.get("text", ""),
        channel=channel or "",
        state=state or "",
        reason=_reason(cells, reading),
        customer=cells.get("customer", ""),
        order=cells.get("order", ""),
    )


def _bad_cells(cells: Mapping[str, str]) -> Iterator[str]:
    if not cells["reference"]:
        yield "It has no reference, so it could not be told from others the next time."
    for name, text in cells.items():
        if "\x00" in text:
            yield f"Its {name} holds a NUL character."
        if len(text) > LONGEST.get(name, len(text)):
            yield f"Its {name} has {len(text):,} characters, more than {LONGEST[name]:,}."


def _opened_at(cells: Mapping[str, str], reading: Reading, form: str, now: datetime) -> datetime:
    if not cells["date"]:
        raise ValueError("It has no date.")
    at = moment(cells["date"], cells.get("time", ""), form, reading.zone)
    if at > now:
        raise ValueError(f"{at.astimezone(reading.zone):%-d %B %Y} is in the future.")
    if at < EARLIEST:
        raise ValueError(f"{at.astimezone(reading.zone):%-d %B %Y} is too long ago to be meant.")
    return at


def _channel(cells: Mapping[str, str], reading: Reading) -> str | None:
    if "channel" not in cells:
        return reading.channels.otherwise or None
    return channel_of(cells["channel"], reading.channels)


def _state(cells: Mapping[str, str], reading: Reading) -> str | None:
    """Without a status, what is past is closed."""
    if "status" not in cells:
        return reading.states.otherwise or CaseState.CLOSED
    return state_of(cells["status"], reading.states)


def _reason(cells: Mapping[str, str], reading: Reading) -> str:
    """By its own column if it has one, then by words in the text; else it stays unsorted."""
    named = cells.get("reason", "")
    return (
        reading.reasons_by_name.get(named.casefold())
        or reading.reasons.within(f"{named} {cells.get('text', '')}")
        or reading.reasons.otherwise
        or UNSORTED
    )


def _refuse_repeated(case: PastCase, first_lines: dict[str, int]) -> None:
    first = first_lines.setdefault(case.reference, case.line)
    if first != case.line:
        raise ValueError(f"Its reference “{case.reference}” is the one of line {first} as well.")
