"""Who has a month, and who should have one."""

from budgets.models import Budget
from employees.models import Employee
from tests.cast import Cast


def holders(*casts: Cast) -> list[Employee]:
    """Everyone who has a tier, and so a month."""
    return [person for cast in casts for person in cast.people.values() if person.tier]


def who_has_one() -> set[str]:
    """The usernames of all who have a month."""
    return {str(b.employee) for b in Budget.objects.select_related("employee")}
