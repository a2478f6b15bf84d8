"""A file that someone sent, whichever of the two kinds it is, and whatever it is called."""

from policies.matrix.csv_file import read_csv
from policies.matrix.table import Table
from policies.matrix.xlsx import read_xlsx


def read_file(data: bytes) -> Table:
    """The table in a CSV or XLSX file. Raises ValidationError, saying what would be right."""
    return read_xlsx(data) if data.startswith(b"PK") else read_csv(data)
