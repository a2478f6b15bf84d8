"""Makes the reports that are due, and owes each recipient a mail.

What must stay true: a month of a division is told once, whoever makes it and how often; with it, in
one transaction, everyone who gets it then is owed a mail. What was missed while everything was down
is made when it is back; a division that is new begins with the last month that has ended.
"""

import logging
from collections.abc import Collection, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from budgets.days import begin_of, first_of_next
from employees.models import Division, Employee, Team
from reports.models import MonthlyReport, ReportDelivery
from reports.monthly.due import last_due
from reports.monthly.recipients import recipients_of
from reports.monthly.report import reckon
from reports.rollups.follow import follow
from resolutions.models import Case

log = logging.getLogger(__name__)


def make_due_reports(*, at: datetime) -> list[MonthlyReport]:
    """Make every report that is due and not made yet. Returns those that this call made.

    One that can't be made keeps no other division from its own: it is raised at the end.
    """
    due = list(_due(at))
    if due:
        follow(at=at, wait=True)  # what happened in the month's last minutes is in it
    made, failed = [], dict[Division, Exception]()
    for division, month in due:
        if division in failed:
            continue  # its months are told in their order, or one would never be
        try:
            report = make_report(division, month, at=at)
        except Exception as error:
            log.exception("The report of %s for %s can't be made.", month, division)
            failed[division] = error
        else:
            made += [] if report is None else [report]
    if failed:
        raise next(iter(failed.values()))
    return made


def make_report(
    division: Division, month: date, *, at: datetime, by_mail: bool = True
) -> MonthlyReport | None:
    """Make the report of a month that has ended, and owe it to everyone who gets it.

    None if there is one already, perhaps since a moment ago. `by_mail` False owes nobody a mail.
    """
    told = reckon(division, month, at=at).as_json()
    try:
        with transaction.atomic():
            report = MonthlyReport.objects.create(
                division=division, month=month, made_at=at, told=told
            )
            if by_mail:
                _owe(report, recipients_of(division), at)
            return report
    except IntegrityError:
        # Two made it at once: the unique key let the other one tell it.
        if not MonthlyReport.objects.filter(division=division, month=month).exists():
            raise
        return None


def _owe(report: MonthlyReport, people: Collection[Employee], at: datetime) -> None:
    ReportDelivery.objects.bulk_create(
        ReportDelivery(report=report, employee=person, owed_at=at, due_at=at) for person in people
    )


def _due(at: datetime) -> Iterator[tuple[Division, date]]:
    """Each division with each month of it that is due and was not told, the earliest first."""
    rows = MonthlyReport.objects.order_by().values("division").annotate(last=Max("month"))
    told = {row["division"]: row["last"] for row in rows}
    zones = Team.objects.zones_by_division()
    divisions = list(Division.objects.order_by("pk"))
    began = _began([division for division in divisions if division.pk not in told])
    for division in divisions:
        read_in = ZoneInfo(division.time_zone)
        last = last_due(read_in, zones.get(division.pk, ()), at=at)
        if division.pk in told:
            month = first_of_next(told[division.pk])
        elif division.pk in began and began[division.pk] < begin_of(first_of_next(last), read_in):
            month = last
        else:
            continue  # nothing has happened there, or not before this month
        while month <= last:
            yield division, month
            month = first_of_next(month)


def _began(divisions: Collection[Division]) -> dict[int, datetime]:
    """When the first case of each of these divisions was opened."""
    if not divisions:
        return {}
    cases = Case.objects.filter(division__in=divisions).order_by().values("division")
    return {row["division"]: row["first"] for row in cases.annotate(first=Min("opened_at"))}
