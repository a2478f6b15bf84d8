"""Charts for mails, which show pictures and know no style sheets: drawn as PNG by matplotlib.

On white, in the light colours of the pages, at twice the size it is shown in, so that it is sharp
on a phone. matplotlib takes more than a second to load: only who draws a picture loads it.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from reports.charts.chart import Chart
from reports.charts.layout import TYPE, WIDTH, Box, Dot, Line, Part, laid_out

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_WIDTH = 400  # pixels
# The light ones of tokens.css, which a picture can't ask.
COLOURS = {
    "card": "#ffffff",
    "ink": "#182528",
    "quiet": "#56666a",
    "line": "#e2ddd2",
    "edge": "#8a938f",
    "go": "#0b6e5f",
    "grace": "#8f5b00",
}
_OF_KIND = {
    "grid": "line",
    "base": "edge",
    "mark": "go",
    "mark further": "grace",
    "quiet": "quiet",
    "figure further": "grace",
}
_SHARPER = 2
_UNIT = SHOWN_WIDTH / WIDTH  # pixels
_PIXELS_AN_INCH, _POINT = 96, 72 / 96  # a pixel is so many points
_ALIGNED = {"start": "left", "middle": "center", "end": "right"}
_MARGIN = 3  # units, for what the edge would cut through


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and how large it is shown, in pixels."""

    data: bytes
    width: int
    height: int


def drawn(chart: Chart) -> Picture:
    """The chart as a picture. Who shows it puts the chart's sentence beside it, as its text."""
    from matplotlib.figure import Figure

    layout = laid_out(chart)
    wide, high = WIDTH + 2 * _MARGIN, layout.height + 2 * _MARGIN
    inches = [units * _UNIT / _PIXELS_AN_INCH for units in (wide, high)]
    figure = Figure((inches[0], inches[1]), _PIXELS_AN_INCH * _SHARPER, facecolor=COLOURS["card"])
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(-_MARGIN, WIDTH + _MARGIN)
    axes.set_ylim(layout.height + _MARGIN, -_MARGIN)
    axes.set_axis_off()
    for order, part in enumerate(layout.parts):
        _draw(axes, part, order)
    file = BytesIO()
    figure.savefig(file, format="png")
    return Picture(file.getvalue(), round(wide * _UNIT), round(high * _UNIT))


def _draw(axes: "Axes", part: Part, order: int) -> None:
    from matplotlib.patches import Circle, Rectangle
    from matplotlib.patheffects import withStroke

    colour = COLOURS[_OF_KIND.get(part.kind, "ink")]
    match part:
        case Line():
            width = (2 if part.kind == "mark" else 1) * _UNIT * _POINT
            ends = [part.x1, part.x2], [part.y1, part.y2]
            axes.plot(*ends, color=colour, linewidth=width, zorder=order)
        case Box():
            corner = (part.x, part.y)
            axes.add_patch(
                Rectangle(corner, part.width, part.height, color=colour, lw=0, zorder=order)
            )
        case Dot():
            axes.add_patch(Circle((part.x, part.y), part.radius, color=colour, zorder=order))
        case words:
            is_figure = words.kind.startswith("figure")
            around = withStroke(linewidth=3 * _UNIT * _POINT, foreground=COLOURS["card"])
            axes.text(
                words.x,
                words.y,
                words.text,
                horizontalalignment=_ALIGNED[words.anchor],
                fontsize=TYPE * _UNIT * _POINT,
                fontweight="bold" if is_figure else "normal",
                color=colour,
                zorder=order,
                path_effects=[around] if is_figure else [],  # it may lie over a line of the scale
                parse_math=False,  # two amounts in dollars are no formula
            )
