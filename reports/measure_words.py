"""Measures as people read them: "87 %", "4.3 of 5", "12 % less than in October".

What must stay true: what is not known is said so, and a change is told of what can be compared.
"""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from employees.counts import counted
from reports.measures import SCORES, Satisfaction, change

BLANK = "\N{NO-BREAK SPACE}"
UNKNOWN, TOO_FEW = "—", "too few"
_BEST = SCORES[-1]
_FINE = Decimal("0.1")  # below a tenth a share is told to a tenth of a per cent
_MANY_TIMES = Decimal(1)  # from twice as much on, it is told by how many times
_MINUTE, _AN_HOUR, _A_DAY = 60, 60, 24  # seconds, minutes, hours


def share_words(share: Decimal | None) -> str:
    """A share: "87 %", "4.3 %"."""
    if share is None:
        return UNKNOWN
    return f"{_rounded(share * 100, _places(share))}{BLANK}%"


def score_words(said: Satisfaction | None) -> str:
    """The average score: "4.3 of 5"."""
    return f"{tenths(said.score)} of {_BEST}" if said else UNKNOWN


def tenths(score: Decimal) -> str:
    """An average score without what it is of: "4.3"."""
    return _rounded(score, 1)


def answered_words(said: Satisfaction | None, asked: int) -> str:
    """The response rate, which no score stands without: "61 of 140 answered"."""
    if not asked:
        return "nobody was asked"
    return f"{said.answers if said else 0:,} of {asked:,} answered"


def time_words(time: timedelta | None) -> str:
    """How long it took: "45 s", "12 min", "2 h 5 min", "1 d 4 h"."""
    if time is None:
        return UNKNOWN
    seconds = round(time.total_seconds())
    minutes = round(seconds / _MINUTE)
    if seconds < _MINUTE:
        return f"{seconds}{BLANK}s"
    if minutes < _AN_HOUR:
        return f"{minutes}{BLANK}min"
    if minutes < _A_DAY * _AN_HOUR:
        return _two(minutes, _AN_HOUR, "h", "min")
    return _two(round(minutes / _AN_HOUR), _A_DAY, "d", "h")


def times_words(count: int) -> str:
    """How often: "once", "twice", "140 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def peoples_months(count: int) -> str:
    """How many budgets of one month: "1 person’s month", "25 people’s months"."""
    return counted(count, "person’s month", "people’s months")


def amount_change(now: Decimal | None, before: Decimal | None, then: str) -> str:
    """How an amount or a number changed: "12 % less than in October"; "" with nothing before.

    `then` is what it is compared with: "in October".
    """
    share = change(now, before)
    if share is None or now is None or before is None or before < 0:
        return ""
    if share >= _MANY_TIMES:
        return f"{_rounded(now / before, 1)} times as much as {then}"
    return _more_or_less(share_words(abs(share)), share, then)


def share_change(now: Decimal | None, before: Decimal | None, then: str) -> str:
    """How a share changed: "3 points more than in October"; "" with nothing to compare."""
    if now is None or before is None:
        return ""
    points = _rounded(abs(now - before) * 100, _places(max(now, before)))
    words = f"{points}{BLANK}{'point' if points == '1' else 'points'}"
    return _more_or_less(words, now - before, then)


def score_change(now: Satisfaction | None, before: Satisfaction | None, then: str) -> str:
    """How the score changed: "0.2 more than in October"; "" with nothing to compare."""
    if now is None or before is None:
        return ""
    by = Decimal(tenths(now.score)) - Decimal(tenths(before.score))
    return _more_or_less(f"{abs(by)}", by, then)


def time_change(now: timedelta | None, before: timedelta | None, then: str) -> str:
    """How the time changed: "5 min less than in October"; "" with nothing to compare."""
    if now is None or before is None:
        return ""
    by = now - before
    return _more_or_less(time_words(abs(by)), Decimal(by.total_seconds()), then)


def _more_or_less(how_much: str, by: Decimal, then: str) -> str:
    """What is too little to be told is the same."""
    if not set(how_much) & set("123456789"):
        return f"the same as {then}"
    return f"{how_much} {'more' if by > 0 else 'less'} than {then}"


def _places(share: Decimal) -> int:
    """A small share is told to a tenth of a per cent."""
    return 1 if 0 < abs(share) < _FINE else 0


def _two(whole: int, parts: int, large: str, small: str) -> str:
    larger, smaller = divmod(whole, parts)
    words = f"{larger}{BLANK}{large}"
    return f"{words} {smaller}{BLANK}{small}" if smaller else words


def _rounded(figure: Decimal, places: int) -> str:
    return f"{figure.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
