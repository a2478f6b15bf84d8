"""A table of the report as a CSV file: figures without units, and words that run as no formula."""

import csv
from io import StringIO

from django.http import HttpResponse

from reports.charts.table import Table
from reports.figures import Scope


def file_of(table: Table, scope: Scope) -> HttpResponse:
    """The file, each row with the currency of its amounts."""
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow([*table.headings, "Currency"])
    for row in table.rows:
        rows.writerow([*(cell.for_programs for cell in row), scope.division.currency])
    name = f"{scope.division.code}-{table.key}-{scope.first}-{scope.last}.csv"
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
