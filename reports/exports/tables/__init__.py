"""The five exports. `GET /api/v1/exports/` describes their columns."""

from reports.exports.table import Table
from reports.exports.tables.budgets import BUDGETS
from reports.exports.tables.cases import CASES
from reports.exports.tables.gaps import GAPS
from reports.exports.tables.ledger import LEDGER
from reports.exports.tables.resolutions import RESOLUTIONS

TABLES: dict[str, Table] = {
    table.name: table for table in (RESOLUTIONS, LEDGER, BUDGETS, CASES, GAPS)
}
