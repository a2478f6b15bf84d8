"""What each person may see of trials, and of what they found."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from employees.models import Employee
from employees.visibility import visible_q

if TYPE_CHECKING:
    from resolutions.models import Trial, TrialDifference


class TrialQuerySet(models.QuerySet["Trial"]):
    """Trials of changes."""

    def visible_to(self, employee: Employee) -> Self:
        """The division's, for its managers, who decide on its rules and limits."""
        return self.filter(_trials_q(employee, "division"))


class TrialDifferenceQuerySet(models.QuerySet["TrialDifference"]):
    """What trials found."""

    def visible_to(self, employee: Employee) -> Self:
        """What the trials found that one sees."""
        return self.filter(_trials_q(employee, "trial__division"))

    def with_what_happened(self) -> Self:
        """Joined with the case and who acted, in one query."""
        return self.select_related(
            *(
                f"{what}__{part}"
                for what, parts in (
                    ("resolution", ("case__division", "remedy", "given_by", "case__reason_code")),
                    ("gap", ("division", "case__division", "remedy", "employee", "reason_code")),
                )
                for part in parts
            )
        )


def _trials_q(employee: Employee, division: str) -> Q:
    nobody = Q(pk__in=[])
    return visible_q(
        employee,
        agent=nobody,
        team_lead=nobody,
        division=division,
        finance=False,
        administrator=False,
    )
