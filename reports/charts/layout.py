"""Where everything of a chart stands: the same lines, boxes, dots and words, however it is drawn.

A drawing is 320 units wide, like a phone's card, and its type is 13 of them; y grows downwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from reports.charts.chart import Chart, Mark, Shape
from reports.charts.lettering import broken, width_of

WIDTH, TYPE = 320, 13
_LINE = 17  # of type
_HEIGHT, _TOP, _BOTTOM = 176, 20, 22  # of what has an axis: all of it, above the scale, below it
_ABOVE, _BEFORE = 5, 6  # from a mark to its figure, from an axis to its words
_MOST_OF_A_PLACE, _WIDEST_COLUMN = 0.72, 44
_BAR, _BELOW_A_BAR, _BETWEEN_BARS = 14, 4, 14
_DOT = 3
_BOLD = 1.12  # so much wider than other type is that of figures


@dataclass(frozen=True, slots=True)
class Line:
    """A line of this kind: of the scale, or between two points."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """A column or a bar, and what it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point, and what it says."""

    x: float
    y: float
    radius: float
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words on their baseline; they begin, end or have their middle at x."""

    text: str
    x: float
    y: float
    kind: str
    anchor: str = "start"


Part = Line | Box | Dot | Words


@dataclass(frozen=True, slots=True)
class Layout:
    """A chart laid out: how high it is, and its parts, the later ones over the earlier."""

    height: float
    parts: Sequence[Part]


def laid_out(chart: Chart) -> Layout:
    """Where the chart's parts stand."""
    if chart.shape == Shape.BARS:
        return _bars(chart)
    left = max(width_of(words) for _, words in chart.scale.lines) * TYPE + _BEFORE
    place = (WIDTH - left) / len(chart.marks)
    middles = [left + place * (number + 0.5) for number in range(len(chart.marks))]
    if chart.shape == Shape.LINE:
        marks = _points(chart, middles)
    else:
        marks = _columns(chart, middles, min(place * _MOST_OF_A_PLACE, _WIDEST_COLUMN))
    parts = (*_scale(chart, left), *marks, *_figures(chart, middles), *_labels(chart, middles))
    return Layout(_HEIGHT, parts)


def _scale(chart: Chart, left: float) -> Iterator[Part]:
    for line, words in chart.scale.lines:
        y = _down(chart, line)
        yield Line(left, y, WIDTH, y, "grid" if line else "base")
        yield Words(words, left - _BEFORE, y + TYPE / 3, "quiet", "end")


def _columns(chart: Chart, middles: list[float], width: float) -> Iterator[Part]:
    ground = _down(chart, Decimal(0))
    for mark, middle in zip(chart.marks, middles, strict=True):
        if mark.value is not None:
            end = _down(chart, mark.value)
            top, height = min(end, ground), abs(end - ground)
            yield Box(middle - width / 2, top, width, height, _kind(mark), mark.said)


def _points(chart: Chart, middles: list[float]) -> Iterator[Part]:
    """A line from each to the next; where one is not known it stops."""
    points = [
        None if mark.value is None else (middle, _down(chart, mark.value))
        for mark, middle in zip(chart.marks, middles, strict=True)
    ]
    for here, there in pairwise(points):
        if here and there:
            yield Line(*here, *there, "mark")
    for mark, point in zip(chart.marks, points, strict=True):
        if point:
            yield Dot(*point, _DOT, _kind(mark), mark.said)


def _figures(chart: Chart, middles: list[float]) -> Iterator[Part]:
    """What is written above a mark, and above its neighbours as far as it is wider."""
    place = (WIDTH - middles[0]) / (len(middles) - 0.5)
    tops = [_down(chart, max(mark.value or Decimal(0), Decimal(0))) for mark in chart.marks]
    for mark, middle in zip(chart.marks, middles, strict=True):
        if mark.value is not None and mark.written:
            words = _centred(mark.written, middle, 0, _kind(mark, "figure"), _BOLD)
            reach = (width_of(mark.written) * _BOLD * TYPE + place) / 2
            below = [top for top, x in zip(tops, middles, strict=True) if abs(x - words.x) < reach]
            yield replace(words, y=min(below) - _ABOVE)


def _labels(chart: Chart, middles: list[float]) -> Iterator[Part]:
    for mark, middle in zip(chart.marks, middles, strict=True):
        if mark.label:
            yield _centred(mark.label, middle, _HEIGHT - _BEFORE, "quiet")


def _bars(chart: Chart) -> Layout:
    """Each bar below its name, with its figure beside it and what else is told below."""
    known = [mark for mark in chart.marks if mark.value is not None]
    figures = max((width_of(mark.written) for mark in known), default=0.0) * TYPE * _BOLD
    parts: list[Part] = []
    y = 0.0
    for mark in known:
        for line in broken(mark.label, WIDTH / TYPE):
            y += _LINE
            parts.append(Words(line, 0, y - 4, "name"))
        share = max(float(chart.scale.place(mark.value or Decimal(0))), 0)
        length = max(share * (WIDTH - figures - _BEFORE), 1)
        parts.append(Box(0, y + 2, length, _BAR, _kind(mark), mark.said))
        parts.append(Words(mark.written, length + _BEFORE, y + _BAR, "figure"))
        y += _BAR + _BELOW_A_BAR
        for line in broken(mark.aside, WIDTH / TYPE):
            y += _LINE
            parts.append(Words(line, 0, y - 3, "quiet"))
        y += _BETWEEN_BARS
    return Layout(max(y - _BETWEEN_BARS, 1), parts)


def _centred(text: str, middle: float, y: float, kind: str, weight: float = 1) -> Words:
    """Words with their middle there, as far as they are within the drawing."""
    half = width_of(text) * weight * TYPE / 2
    return Words(text, min(max(middle, half), WIDTH - half), y, kind, "middle")


def _kind(mark: Mark, kind: str = "mark") -> str:
    return f"{kind} further" if mark.further else kind


def _down(chart: Chart, value: Decimal) -> float:
    """How far down a value stands."""
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - float(chart.scale.place(value)))
