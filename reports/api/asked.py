"""Reads what is asked of an export: filters, columns, and since when. Both doors ask the same."""

from datetime import UTC

from django.http import QueryDict
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from employees.api.filters import not_to_be_filtered
from reports.api.filters import filters_of
from reports.exports.pull import Wanted, chosen_columns, open_rows
from reports.exports.table import Table
from reports.models import ExportFormat
from reports.reader import Reader

# What is no filter; `format` is read where the kind of file is chosen.
BESIDE_FILTERS = ("format", "columns", "after")
_CLOSED_LATER = (
    "Ask for a closed month without it: what was new before the month was closed would be missing."
)


def wanted(
    told: QueryDict,
    *,
    table: Table,
    reader: Reader,
    file_format: ExportFormat,
    gzip: bool = False,
) -> Wanted:
    """What is asked for, checked.

    Raises NotOpened, ValidationError for a filter that is not there, is empty or finds nothing it
    could mean, and InvalidExport for columns.
    """
    rows = open_rows(table, reader)
    filters = filters_of(table.name)
    errors = not_to_be_filtered(told, (*filters.base_filters, *BESIDE_FILTERS))
    if "after" in told and "closed_in" in told:
        # Entries are pulled first and closed later: those that were pulled before would be missed.
        errors = {**errors, "after": [_CLOSED_LATER]}
    if errors:
        raise ValidationError(errors)
    filtered = filters(told, queryset=rows, reader=reader)
    with timezone.override(UTC):  # a day without a zone is the same to a machine and on a page
        if not filtered.is_valid():
            raise ValidationError(filtered.errors)
    return Wanted(
        table,
        file_format,
        chosen_columns(table, told.get("columns"), reader),
        filtered.qs,
        {name: str(told[name]) for name in told if name not in BESIDE_FILTERS},
        after=told.get("after"),
        gzip=gzip,
    )
