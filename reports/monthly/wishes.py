"""Who wants the monthly report by mail: said on a page, or with one click from the mail.

The link in a mail is signed and names one person: whoever has the mail can say no for them, and
yes again, and nothing else. It stays good, for old mails are found again.
"""

from datetime import datetime

from django.core import signing

from employees.models import Employee
from reports.models import ReportPreference
from reports.querysets import READERS

_SALT = "reports.monthly.wishes"


def wants_it(employee: Employee) -> bool:
    """Whether they get the report by mail; who never said anything does."""
    return not ReportPreference.objects.filter(employee=employee, by_mail=False).exists()


def wish(employee: Employee, *, by_mail: bool, at: datetime) -> None:
    """Keep whether they want it."""
    ReportPreference.objects.update_or_create(
        employee=employee, defaults={"by_mail": by_mail, "changed_at": at}
    )


def link_of(employee: Employee) -> str:
    """What the link in the employee's mails ends with."""
    return signing.Signer(salt=_SALT).sign(str(employee.pk))


def employee_of(link: str) -> Employee | None:
    """Whose mail the link was in; None for one that we did not write, or of who left."""
    try:
        number = signing.Signer(salt=_SALT).unsign(link)
    except signing.BadSignature:
        return None
    return Employee.objects.filter(pk=number, is_active=True, role__in=READERS).first()
