"""Without PostgreSQL and Redis, as `manage.py up` runs it, months open by themselves too."""

from pathlib import Path

import pytest

from budgets.check import problems
from budgets.models import Budget
from tests.budgets.opened import holders
from tests.cast import Cast
from tests.jobs.programs import Programs


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_months_open_by_themselves_without_any_server(
    forno: Cast, scm: Cast, tmp_path: Path
) -> None:
    with Programs(tmp_path, redis=None, every=1) as programs:
        programs.worker()
        programs.beat()
        programs.wait_until(lambda: Budget.objects.count() == len(holders(forno, scm)))
    assert list(problems()) == []
