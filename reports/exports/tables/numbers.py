"""Expressions that several tables share."""

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Cast, Concat

from reports.exports.kinds import Source


def case_number(of: str = "", number: Source | None = None) -> Source:
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


def of_owner(path: str, of: str = "") -> Source:
    """Something of whose month it is, as it is now; nothing once they work in another division.

    That one's teams are not for whoever reads this one's money. `of` is the path to the budget,
    with underscores at the end.
    """
    still_here = {f"{of}employee__division": F(f"{of}division")}
    return Case(
        When(**still_here, then=F(f"{of}employee__{path}")), output_field=models.TextField()
    )
