"""Who gets a division's report: its managers, its finance, and finance of the group.

What must stay true: only who may see the division's figures; nobody who does not want it.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from employees.mail_addresses import is_mail_address
from employees.models import Division, Employee, Role
from reports.models import NotSent, ReportPreference
from reports.querysets import READERS


def recipients_of(division: Division) -> list[Employee]:
    """Everyone who gets the division's report now, in one query."""
    own = Q(division=division)
    readers = Employee.objects.filter(
        (Q(role=Role.MANAGER) & own) | (Q(role=Role.FINANCE) & (own | Q(division=None))),
        is_active=True,
    )
    found = with_wishes(readers).order_by("pk")
    return [reader for reader in found if why_not(reader, division) is None]


def with_wishes(people: QuerySet[Employee]) -> QuerySet[Employee]:
    """With `wants_no_mail`, for `why_not`."""
    said_no = ReportPreference.objects.filter(employee=OuterRef("pk"), by_mail=False)
    return people.annotate(wants_no_mail=Exists(said_no))


def why_not(reader: Employee, division: Division) -> NotSent | None:
    """Why somebody (`with_wishes`) does not get the division's report; None if they do."""
    is_theirs = reader.division_id == division.pk or (
        reader.role == Role.FINANCE and reader.division_id is None
    )
    if not reader.is_active or reader.role not in READERS or not is_theirs:
        return NotSent.NOT_THEIRS
    if reader.wants_no_mail:  # type: ignore[attr-defined]
        return NotSent.NO_MORE
    return None if is_mail_address(reader.email) else NotSent.NO_ADDRESS
