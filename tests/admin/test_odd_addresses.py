"""An address of the admin with a year that there is not leads back to the list."""

import pytest
from django.db.models import Model

from budgets.models import Budget, LedgerEntry
from resolutions.models import AuthorityGap, Case, Resolution
from tests.admin.desk import Desk, address
from tests.cast import Cast

YEARS = ["0", "99999999999", "99999999999999999999999", "now"]


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Budget, "month"),
        (LedgerEntry, "at"),
        (Case, "opened_at"),
        (Resolution, "at"),
        (AuthorityGap, "at"),
    ],
)
def test_a_year_that_there_is_not_is_no_error_of_ours(
    forno: Cast, model: type[Model], field: str, year: str
) -> None:
    answer = Desk(forno.manager).client.get(
        address(model, "changelist"), {f"{field}__year": year}, follow=True
    )

    assert answer.status_code == 200
