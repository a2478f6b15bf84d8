"""Trials: a change of a rule or a limit, tried on the past before it is made.

What must stay true: a trial is about a draft of a rule or about a tier's limit, never both; what it
found stays with it until it is swept away, and changes nothing else.
"""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee
from employees.money import MoneyField
from policies.models import Policy
from resolutions.models.gaps import AuthorityGap
from resolutions.models.resolutions import Resolution
from resolutions.trial_querysets import TrialDifferenceQuerySet, TrialQuerySet


class TrialState(models.TextChoices):
    """How far a trial is."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Trial(models.Model):
    """One change, replayed over what was asked from `since` until before `until`.

    `change` says in words what was tried, and `result` what came out: see `trying/totals.py`.
    The row is the queue: `attempts` tells who runs it, `heard_at` that they still do.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="trials")
    policy = models.ForeignKey(Policy, models.CASCADE, null=True, blank=True, related_name="trials")
    tier = models.ForeignKey(
        AuthorityTier, models.PROTECT, null=True, blank=True, related_name="trials"
    )
    limit_per_case = MoneyField(null=True, blank=True, validators=[MinValueValidator(Decimal(0))])
    grace_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    since = models.DateTimeField()
    until = models.DateTimeField()
    change = models.TextField("what is tried")
    asked_by = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=TrialState.choices, default=TrialState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    policy__isnull=False,
                    tier__isnull=True,
                    limit_per_case__isnull=True,
                    grace_percent__isnull=True,
                )
                | Q(
                    policy__isnull=True,
                    tier__isnull=False,
                    limit_per_case__gte=0,
                    grace_percent__isnull=False,
                ),
                name="trial_of_a_rule_or_of_a_limit",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="trial_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False),
                name="done_trial_is_finished",
            ),
        ]

    def __str__(self) -> str:
        return self.change

    @property
    def is_over(self) -> bool:
        """Whether it runs no more."""
        return self.state in (TrialState.DONE, TrialState.FAILED)


class TrialDifference(models.Model):
    """One thing that would have gone differently: what was given, or what was refused.

    Amounts are what it adds, in the division's currency: `cost` to the company, `month` to the
    month of who gave it. `why` names what decides where the change holds.
    """

    class Kind(models.TextChoices):
        """As `trying/difference.py` has them."""

        ALLOWED = "allowed", "Refused then, given now"
        SPARED = "spared", "Refused then, not asked any more"
        REFUSED = "refused", "Given then, refused now"
        INSTEAD = "instead", "Given in its place then, not needed now"
        PAYER = "payer", "Charged elsewhere"
        REVIEW = "review", "Looked at afterwards, or no more"

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    resolution = models.ForeignKey(Resolution, models.PROTECT, null=True, related_name="+")
    gap = models.ForeignKey(AuthorityGap, models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=8)
    after = models.CharField(max_length=8)
    why = models.CharField(max_length=120, blank=True)
    cost = MoneyField()
    month = MoneyField()

    objects = TrialDifferenceQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["trial", "kind", "id"], name="differences_of_a_trial")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolution__isnull=False, gap__isnull=True)
                | Q(resolution__isnull=True, gap__isnull=False),
                name="difference_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.cost}"

    @property
    def about(self) -> AuthorityGap | Resolution | None:
        """What was given, or what was refused."""
        return self.gap or self.resolution

    @property
    def employee(self) -> Employee | None:
        """Who gave it, or wanted to."""
        if self.gap is not None:
            return self.gap.employee
        return self.resolution.given_by if self.resolution is not None else None
