"""Dates and times of a company's file, in whichever of the usual ways they are written.

A column is written in one way. Where two ways are possible and mean different days, nobody guesses.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

FORMATS = (
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d-%m-%y",
    "%m-%d-%y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d-%B-%Y",
    "%b-%d-%Y",
    "%B-%d-%Y",
)
_TIMES = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
_WITH_TIME = re.compile(r"(.+?)[T ,]+(\d{1,2}:\d{2}.*)")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
NOON = time(12)  # a case without a time stays on its day in nearly every zone


class NotSure(ValueError):
    """The dates could be read in two ways, or in none; the message says what to tell."""


def find_format(texts: Sequence[str]) -> str:
    """The one way in which these dates are written. Raises NotSure."""
    days = [_split(text)[0] for text in texts]
    read = {form: [_day(day, form) for day in days] for form in FORMATS}
    counts = {form: sum(day is not None for day in read[form]) for form in FORMATS}
    most = max(counts.values(), default=0)
    if not most:
        shown = f" such as “{texts[0]}”" if texts else ""
        raise NotSure(
            f"No date{shown} can be read. Say how they are written: --date-format %d.%m.%Y"
        )
    best = [form for form in FORMATS if counts[form] == most]
    for other in best[1:]:
        _refuse_two_ways(texts, (best[0], read[best[0]]), (other, read[other]))
    return best[0]


def _refuse_two_ways(
    texts: Sequence[str],
    first: tuple[str, Sequence[date | None]],
    second: tuple[str, Sequence[date | None]],
) -> None:
    """Raise NotSure where two ways read equally many dates, and not as the same days."""
    for text, one, two in zip(texts, first[1], second[1], strict=True):
        if one and two and one != two:
            raise NotSure(
                f"“{text}” could be {one:%-d %B %Y} or {two:%-d %B %Y}. Say which: "
                f"--date-format {first[0]} or --date-format {second[0]}"
            )
        if (one is None) != (two is None):
            raise NotSure(
                f"The dates are written in several ways; “{text}” is in one of them. Write all "
                f"in one way, or say which is right: --date-format {first[0]}"
            )


def moment(day_text: str, time_text: str, form: str, zone: ZoneInfo) -> datetime:
    """The moment in UTC; without a time, noon. Raises ValueError with what is wrong.

    `form` is one of FORMATS (with any of - / . and blanks between the parts), or another one as
    `strptime` knows them, which may hold the time as well.
    """
    if form not in FORMATS:
        try:
            written = datetime.strptime(day_text, form)  # noqa: DTZ007  (the zone comes below)
        except ValueError:
            raise ValueError(f"“{day_text}” is not a date written as {form}.") from None
        has_time = "%H" in form or "%I" in form
        clock = written.time() if has_time else _clock(time_text)
        return _in_utc(datetime.combine(written.date(), clock), zone)
    if _OFFSET.search(day_text) and _WITH_TIME.fullmatch(day_text):
        try:
            return datetime.fromisoformat(day_text).astimezone(UTC)
        except ValueError:
            raise ValueError(f"“{day_text}” is not a date.") from None
    day_part, time_part = _split(day_text)
    day = _day(day_part, form)
    if day is None:
        raise ValueError(f"“{day_text}” is not a date written as {form}.")
    return _in_utc(datetime.combine(day, _clock(time_text or time_part)), zone)


def _split(text: str) -> tuple[str, str]:
    """A date and the time behind it, if there is one."""
    found = _WITH_TIME.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(re.sub(r"[./\s,-]+", "-", text), form).date()  # noqa: DTZ007
    except ValueError:
        return None


def _clock(text: str) -> time:
    if not text:
        return NOON
    plain = re.sub(r"\s*([ap])\.?m\.?$", r" \1m", text.strip(), flags=re.IGNORECASE)
    for form in _TIMES:
        try:
            return datetime.strptime(plain, form).time()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(f"“{text}” is not a time.")


def _in_utc(local: datetime, zone: ZoneInfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)
