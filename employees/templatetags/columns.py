"""Cells that know their column: on a phone a row stands alone, and each cell says what it is."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

register = template.Library()


@register.filter
def under(cells: Iterable[Any], headings: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each cell with the heading of its column."""
    return zip(cells, headings, strict=False)


@register.filter
def named(cell: SafeString, heading: str) -> SafeString:
    """A cell of a list, as Django wrote it, with its column's name; ticks and links need none."""
    if not cell.startswith("<td") or cell.startswith('<td class="action-checkbox"'):
        return cell
    rest = SafeString(cell.removeprefix("<td"))
    return format_html('<td data-label="{}"{}', capfirst(heading), rest)
