"""Who reads the rules: when each person last looked into the handbook, and what they confirmed.

What must stay true: an acknowledgement names the version that was read, and stays; nobody is kept
from helping a customer because one is missing.
"""

from django.db import models

from employees.models import Employee
from policies.models.policies import Policy
from policies.querysets import AcknowledgementQuerySet


class Acknowledgement(models.Model):
    """Someone has read a hard rule, in exactly this version.

    `policies/acknowledge.py` writes it. The database refuses to change or delete one, and takes
    only those of published rules that forbid something to this person and are not past.
    """

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="acknowledgements")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField()

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(fields=["employee", "policy"], name="rule_confirmed_once")
        ]

    def __str__(self) -> str:
        return f"{self.employee}: {self.policy}, version {self.policy.version}"


class HandbookVisit(models.Model):
    """When someone last looked into the handbook, and where the visit before that ended.

    `since` is None as long as there was no visit before this one: then all of it is to be read,
    and nothing is marked as new.
    """

    employee = models.OneToOneField(
        Employee, models.PROTECT, primary_key=True, related_name="handbook_visit"
    )
    since = models.DateTimeField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.employee}, {self.at}"
