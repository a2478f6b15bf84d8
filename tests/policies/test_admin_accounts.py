"""Managers enter the accounts that finance books on: by hand, and from a spreadsheet."""

import pytest

from employees.models import Division
from policies.models import Remedy
from tests.admin.desk import Desk, errors
from tests.cast import Cast


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def test_a_remedys_account_is_entered_without_a_reason_and_kept_in_its_history(
    desk: Desk, forno: Cast
) -> None:
    remedy = forno.remedies["voucher"]
    assert desk.change(remedy, gl_account=" 6120 ").status_code == 302
    remedy.refresh_from_db()
    assert remedy.gl_account == "6120"
    assert [record.gl_account for record in remedy.history.all()] == ["6120", ""]
    assert desk.list(Remedy, q="6120") == [remedy]


def test_a_divisions_account_is_entered_by_its_manager(desk: Desk, forno: Cast) -> None:
    assert desk.change(forno.division, budget_account="2190").status_code == 302
    assert Division.objects.get(pk=forno.division.pk).budget_account == "2190"


def test_an_account_is_no_essay(desk: Desk, forno: Cast) -> None:
    answer = desk.change(forno.remedies["voucher"], gl_account="6" * 41)
    assert "gl_account" in errors(answer)
    assert not Remedy.objects.exclude(gl_account="").exists()


def test_accounts_go_out_and_come_in_with_the_remedies_in_the_last_column(
    desk: Desk, forno: Cast
) -> None:
    desk.confirm(Remedy, desk.bring_in(Remedy, "code,gl_account\nvoucher,=6120\nreorder,6140\n"))
    accounts = dict(Remedy.objects.values_list("code", "gl_account"))
    assert accounts == {"voucher": "=6120", "reorder": "6140", "free-pizza": "", "money-off": ""}

    first, *rows = desk.take_out(Remedy).splitlines()
    assert first.endswith(",is_active,gl_account")
    assert sorted(row.rpartition(",")[2] for row in rows) == ["", "", "'=6120", "6140"]
