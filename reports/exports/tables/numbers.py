"""What people call a case, as an expression: several tables have it."""

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from reports.exports.kinds import Expression


def case_number(of: str = "", number: Expression | None = None) -> Expression:
    """What people call a case: F-2051.

    `of` is the path to a row with its division, with underscores at the end; the row's own number
    counts unless another is told.
    """
    return Concat(
        F(f"{of}division__case_prefix"),
        Value("-"),
        Cast(number or F(f"{of}pk"), models.TextField()),
        output_field=models.TextField(),
    )
