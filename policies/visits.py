"""When someone last looked into the handbook: what is newer than that is marked as new to them.

Looks within half an hour of each other are one visit, so that turning a page, searching or
loading it again loses no mark. What must stay true: a first visit marks nothing.
"""

from datetime import datetime, timedelta

from employees.models import Employee
from policies.models import HandbookVisit

A_VISIT = timedelta(minutes=30)


def look_in(employee: Employee, *, at: datetime) -> datetime | None:
    """Note that someone looks into the handbook; returns when their visit before this one ended.

    None is for a first visit. Two looks at the same moment come to the same.
    """
    visit, is_first = HandbookVisit.objects.get_or_create(employee=employee, defaults={"at": at})
    if is_first:
        return None
    if at - visit.at >= A_VISIT:
        visit.since = visit.at
    visit.at = max(at, visit.at)
    visit.save(update_fields=["since", "at"])
    return visit.since
