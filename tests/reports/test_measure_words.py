"""Measures in words: exact, and silent about what can't be compared."""

from datetime import timedelta
from decimal import Decimal

import pytest

from reports.measure_words import (
    amount_change,
    answered_words,
    score_change,
    score_words,
    share_change,
    share_words,
    time_change,
    time_words,
    times_words,
)
from reports.measures import Cases, Satisfaction, satisfaction

pytestmark = pytest.mark.once

THEN = "in October"


def plain(words: str) -> str:
    return words.replace("\xa0", " ")


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def scored(score: str) -> Satisfaction | None:
    return Satisfaction(Decimal(score), 10, 20, Decimal("0.5")) if score else None


@pytest.mark.parametrize(
    ("share", "words"),
    [("0.873", "87 %"), ("0.0432", "4.3 %"), ("0", "0 %"), ("1.2", "120 %"), ("", "—")],
)
def test_a_share(share: str, words: str) -> None:
    assert plain(share_words(number(share))) == words


def test_a_score_and_who_answered() -> None:
    cases = Cases(asked=140, score_5=30, score_4=20, score_3=11)
    assert score_words(satisfaction(cases)) == "4.3 of 5"
    assert answered_words(satisfaction(cases), cases.asked) == "61 of 140 answered"
    once = satisfaction(Cases(asked=61, score_5=15, score_4=46))  # 4.2459, which is not 4.25
    assert score_words(once) == "4.2 of 5"
    assert (score_words(None), answered_words(None, 7)) == ("—", "0 of 7 answered")
    assert answered_words(None, 0) == "nobody was asked"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (45, "45 s"),
        (700, "12 min"),
        (3570, "1 h"),
        (7500, "2 h 5 min"),
        (7200, "2 h"),
        (86_390, "1 d"),
        (100_800, "1 d 4 h"),
    ],
)
def test_a_time(seconds: int, words: str) -> None:
    assert plain(time_words(timedelta(seconds=seconds))) == words


def test_how_often() -> None:
    assert [times_words(count) for count in (0, 1, 2, 1400)] == [
        *("0 times", "once", "twice", "1,400 times")
    ]


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("88", "100", "12 % less than in October"),
        ("104.3", "100", "4.3 % more than in October"),
        ("240", "100", "2.4 times as much as in October"),
        ("100.02", "100", "the same as in October"),
        ("0", "100", "100 % less than in October"),
        ("5", "0", ""),
        ("5", "-3", ""),
        ("5", "", ""),
        ("", "5", ""),
    ],
)
def test_how_an_amount_changed(now: str, before: str, words: str) -> None:
    assert plain(amount_change(number(now), number(before), THEN)) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("0.87", "0.84", "3 points more than in October"),
        ("0.041", "0.051", "1.0 points less than in October"),
        ("0.874", "0.871", "the same as in October"),
        ("0.05", "0", "5.0 points more than in October"),
        ("0.05", "", ""),
    ],
)
def test_how_a_share_changed(now: str, before: str, words: str) -> None:
    assert plain(share_change(number(now), number(before), THEN)) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("4.31", "4.12", "0.2 more than in October"),
        ("4.31", "4.34", "the same as in October"),
        ("4.31", "", ""),
    ],
)
def test_how_the_score_changed(now: str, before: str, words: str) -> None:
    assert score_change(scored(now), scored(before), THEN) == words


def test_how_the_time_changed() -> None:
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert plain(time_change(hour, hour + 5 * minute, THEN)) == "5 min less than in October"
    assert time_change(hour, hour, THEN) == "the same as in October"
    assert time_change(hour, None, THEN) == ""
