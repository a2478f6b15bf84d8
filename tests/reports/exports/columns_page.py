"""The part of docs/exports.md that lists the columns.

`python -m tests.reports.exports.columns_page` writes it anew; a test holds it against the program.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.exports.table import Table

PAGE = Path(__file__).parents[3] / "docs" / "exports.md"
BEGINS = "## The columns\n"


def columns_part() -> str:
    """Every export with its columns, as they are in the program."""
    from reports.exports.tables import TABLES

    return BEGINS + "".join(_of(table) for table in TABLES.values())


def _of(table: "Table") -> str:
    again = (
        "In a pull of what is new, changed rows come again: replace those with their `id`."
        if table.come_again
        else "A row is there once, and stays as it is."
    )
    rows = "".join(
        f"| `{c.name}` | {c.kind} | {'*In their own words.* ' * c.own_words}{c.about} |\n"
        for c in table.columns
    )
    head = "| column | kind | what it is |\n| --- | --- | --- |\n"
    return f"\n### `{table.name}`\n\n{table.about} {again}\n\n{head}{rows}"


def main() -> None:
    """Write the page anew, with what stands before the columns left as it is."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    before = PAGE.read_text().partition(BEGINS)[0]
    PAGE.write_text(before + columns_part())


if __name__ == "__main__":
    main()
