"""Charts for pages: drawn as SVG, so that a page needs no script and no picture.

Colours and type come from the style sheet, by class, and so follow day and night.
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports.charts.chart import Chart
from reports.charts.layout import WIDTH, Box, Dot, Line, Part, laid_out


def drawn(chart: Chart) -> SafeString:
    """The chart as SVG. Its title and its sentence are there for who can't see it."""
    layout = laid_out(chart)
    return format_html(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="{key}-title" aria-describedby="{key}-says">'
        '<title id="{key}-title">{title}</title><desc id="{key}-says">{says}</desc>{parts}</svg>',
        width=WIDTH,
        height=_n(layout.height),
        key=chart.key,
        title=chart.title,
        says=chart.says,
        parts=format_html_join("", "{}", ((_element(part),) for part in layout.parts)),
    )


def _element(part: Part) -> SafeString:
    match part:
        case Line():
            return format_html(
                '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
                part.kind,
                *map(_n, (part.x1, part.y1, part.x2, part.y2)),
            )
        case Box():
            return format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
                part.kind,
                *map(_n, (part.x, part.y, part.width, part.height)),
                part.said,
            )
        case Dot():
            return format_html(
                '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
                part.kind,
                *map(_n, (part.x, part.y, part.radius)),
                part.said,
            )
        case words:
            return format_html(
                '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
                words.kind,
                *map(_n, (words.x, words.y)),
                words.anchor,
                words.text,
            )


def _n(figure: float) -> str:
    """A figure of the drawing, to a tenth."""
    return f"{figure:.1f}".removesuffix(".0")
