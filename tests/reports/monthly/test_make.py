"""Reports are made once, when they are due, and owed to everyone who gets them then."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connection

from employees.models import Division, Employee
from reports.models import MonthlyReport, ReportDelivery
from reports.monthly import make
from reports.monthly.make import make_due_reports
from reports.monthly.report import reckon
from reports.monthly.told import Told
from reports.monthly.wishes import wish
from reports.tasks import send_monthly_reports
from tests.cast import Cast, bring_in
from tests.companies import FORNO
from tests.putting_right import put_right, so_much
from tests.queries import assert_queries
from tests.reports.monthly.months import OCTOBER, SECOND_OF_NOVEMBER

SECOND = timedelta(seconds=1)


def begun(company: Cast, at: datetime = datetime(2026, 10, 5, 15, tzinfo=UTC)) -> None:
    """Somebody put the first case right."""
    put_right(company.agent, so_much("money-off", "5.00"), at=at)


def owed_to() -> list[str]:
    return sorted(ReportDelivery.objects.owed().values_list("employee__username", flat=True))


def told() -> list[tuple[str, date]]:
    return sorted(MonthlyReport.objects.values_list("division__code", "month"))


def test_it_is_made_at_seven_on_the_first_working_day_and_once(
    forno: Cast, head_office: dict[str, Employee]
) -> None:
    begun(forno)
    assert make_due_reports(at=SECOND_OF_NOVEMBER - SECOND) == []
    (report,) = make_due_reports(at=SECOND_OF_NOVEMBER)
    assert (report.month, report.made_at) == (OCTOBER, SECOND_OF_NOVEMBER)
    assert owed_to() == ["finance", "forno.manager"]
    assert make_due_reports(at=SECOND_OF_NOVEMBER) == []
    assert make_due_reports(at=SECOND_OF_NOVEMBER + timedelta(days=27)) == []
    assert (len(told()), len(owed_to())) == (1, 2)


def test_managers_of_the_division_and_finance_get_it_and_nobody_else(
    forno: Cast, orchard: Cast, head_office: dict[str, Employee]
) -> None:
    begun(forno)
    make_person = Employee.objects.create_user
    own = make_person("f.finance", "f@example.com", role="finance", division=forno.division)
    make_person("o.finance", "o@example.com", role="finance", division=orchard.division)
    make_person("no.address", role="manager", division=forno.division)
    make_person("bad.address", "a@b\nBcc: c@d.example", role="manager", division=forno.division)
    left = make_person("left", "left@example.com", role="manager", division=forno.division)
    Employee.objects.filter(pk=left.pk).update(is_active=False)
    no_more = make_person("no.more", "no@example.com", role="manager", division=forno.division)
    wish(no_more, by_mail=False, at=SECOND_OF_NOVEMBER)
    again = make_person("again", "again@example.com", role="manager", division=forno.division)
    for by_mail in (False, True):
        wish(again, by_mail=by_mail, at=SECOND_OF_NOVEMBER)

    make_due_reports(at=SECOND_OF_NOVEMBER)
    assert owed_to() == sorted(["again", own.username, "finance", "forno.manager"])


def test_a_division_in_which_nothing_was_told_yet_has_no_report(forno: Cast, orchard: Cast) -> None:
    begun(forno, datetime(2026, 11, 1, 5, tzinfo=UTC))  # one in the morning in New York
    assert make_due_reports(at=SECOND_OF_NOVEMBER) == []
    december = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert [(r.division, r.month) for r in make_due_reports(at=december)] == [
        (forno.division, date(2026, 11, 1))
    ]


def test_a_new_installation_begins_with_the_last_month_that_has_ended(forno: Cast) -> None:
    begun(forno, datetime(2026, 3, 5, 15, tzinfo=UTC))
    make_due_reports(at=SECOND_OF_NOVEMBER)
    assert told() == [("forno", OCTOBER)]


def test_what_was_missed_while_everything_was_down_is_made_when_it_is_back(forno: Cast) -> None:
    begun(forno)
    make_due_reports(at=SECOND_OF_NOVEMBER)
    back = datetime(2027, 2, 3, tzinfo=UTC)
    months = [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert [report.month for report in make_due_reports(at=back)] == months


def test_a_new_manager_gets_no_old_months(forno: Cast) -> None:
    begun(forno)
    make_due_reports(at=SECOND_OF_NOVEMBER)
    Employee.objects.create_user(
        "forno.new", "new@example.com", role="manager", division=forno.division
    )
    make_due_reports(at=SECOND_OF_NOVEMBER + timedelta(days=1))
    assert owed_to() == ["forno.manager"]


def test_looking_whether_something_is_due_takes_few_queries(forno: Cast, orchard: Cast) -> None:
    looks = ["monthlyreport", "employees_team", "employees_division"]
    with assert_queries([*looks, "resolutions_case"]):
        assert make_due_reports(at=SECOND_OF_NOVEMBER) == []
    for company, remedy in ((forno, "money-off"), (orchard, "voucher")):
        put_right(
            company.agent,
            so_much(remedy, "1.00"),
            reason_code="late",
            at=datetime(2026, 10, 5, tzinfo=UTC),
        )
    make_due_reports(at=SECOND_OF_NOVEMBER)
    assert len(told()) == 2
    with assert_queries(looks):
        assert make_due_reports(at=SECOND_OF_NOVEMBER) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_that_make_it_at_once_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    forno = bring_in(FORNO)
    begun(forno)
    both_have_reckoned = Barrier(2)

    def reckon_together(division: Division, month: date, *, at: datetime) -> Told:
        reckoned = reckon(division, month, at=at)
        both_have_reckoned.wait(timeout=20)
        return reckoned

    monkeypatch.setattr(make, "reckon", reckon_together)

    def go(_: int) -> int:
        try:
            return len(make_due_reports(at=SECOND_OF_NOVEMBER))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as makers:
        assert sorted(makers.map(go, range(2))) == [0, 1]
    assert (len(told()), owed_to()) == (1, ["forno.manager"])


def test_one_that_cannot_be_made_keeps_nobody_else_from_theirs(
    forno: Cast, orchard: Cast, smtp_sink: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(forno)
    begun(orchard)

    def reckon_others(division: Division, month: date, *, at: datetime) -> Told:
        if division == forno.division:
            raise ZeroDivisionError
        return reckon(division, month, at=at)

    with time_machine.travel(SECOND_OF_NOVEMBER, tick=False):
        with monkeypatch.context() as patch:
            patch.setattr(make, "reckon", reckon_others)
            with pytest.raises(ZeroDivisionError):
                send_monthly_reports()
        assert told() == [("orchard", OCTOBER)]
        assert [mail["To"] for mail in smtp_sink] == ["orchard.manager@example.com"]
        send_monthly_reports()
    assert told() == [("forno", OCTOBER), ("orchard", OCTOBER)]


def test_nothing_else_is_taken_for_a_report_that_was_made_meanwhile(
    forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(forno)
    monkeypatch.setattr(make, "recipients_of", lambda _: [forno.manager, forno.manager])
    with pytest.raises(IntegrityError):
        make_due_reports(at=SECOND_OF_NOVEMBER)
    assert told() == []
