"""Rollups: what happened on each day, added up, so that reports need not read every case.

What must stay true: each is the sum of the raw rows, which alone say what happened: it can be
thrown away and counted again, and is proven against them every night (`reports/rollups/`). A day is
that of the team's time zone. Amounts are in the division's currency, at cost.
"""

from decimal import Decimal
from typing import Any

from django.db import models

from employees.models import AuthorityTier, Division, Team
from employees.money import MoneyField
from policies.models import Channel, Policy, ReasonCode, Remedy


def _known(model: type[models.Model], *, null: bool = False) -> Any:
    """A row that the raw rows refer to.

    The database need not look it up again for each row of a rollup, nor hold it meanwhile.
    """
    return models.ForeignKey(
        model, models.PROTECT, null=null, related_name="+", db_index=False, db_constraint=False
    )


class Daily(models.Model):
    """One day of a team, tier, remedy, reason code and channel; each may be unknown."""

    division = _known(Division)
    day = models.DateField()
    team = _known(Team, null=True)
    tier = _known(AuthorityTier, null=True)
    remedy = _known(Remedy, null=True)
    reason_code = _known(ReasonCode, null=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.division} · {self.day:%Y-%m-%d}"


class DailyCosts(Daily):
    """What remedies cost on a day, from the ledger: the day on which money was moved.

    `team` is that of who gave it, or lent, and `tier` that of who gave it. `given` counts what was
    spent on (one resolution each), `in_grace` those of them that went a little further, `returned`
    what was given back. `spent`, `lent` and `given_back` are what moved, none below zero; `owed` is
    the part of `spent` that customers were owed, and `face_value` what it was all worth to them.
    """

    given = models.PositiveBigIntegerField(default=0)
    in_grace = models.PositiveBigIntegerField(default=0)
    returned = models.PositiveBigIntegerField(default=0)
    spent = MoneyField(default=Decimal(0))
    lent = MoneyField(default=Decimal(0))
    given_back = MoneyField(default=Decimal(0))
    owed = MoneyField(default=Decimal(0))
    face_value = MoneyField(default=Decimal(0))

    class Meta:
        indexes = [models.Index(fields=["division", "day"], name="costs_of_a_day")]


class DailyCases(Daily):
    """Cases that ended on a day, as they stand now: a case is of the day on which it last ended.

    `team` and `tier` are those of who opened it. Each case is in one row without a remedy, and in
    one more for each remedy that was given in it and stands: rows of several remedies are never
    added up. `handed_over` are those that were ever handed over, `unescalated` those put right that
    never were, `with_customer` those put right for a known customer, and `came_again` those of them
    who came back about it, or with the same reason, within the window of first-contact resolution.
    `seconds` is the time to resolution of those put right.
    """

    cases = models.PositiveBigIntegerField(default=0)
    put_right = models.PositiveBigIntegerField(default=0)
    unescalated = models.PositiveBigIntegerField(default=0)
    handed_over = models.PositiveBigIntegerField(default=0)
    second_failures = models.PositiveBigIntegerField(default=0)
    with_customer = models.PositiveBigIntegerField(default=0)
    came_again = models.PositiveBigIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    asked = models.PositiveBigIntegerField(default=0)
    score_1 = models.PositiveBigIntegerField(default=0)
    score_2 = models.PositiveBigIntegerField(default=0)
    score_3 = models.PositiveBigIntegerField(default=0)
    score_4 = models.PositiveBigIntegerField(default=0)
    score_5 = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["division", "day"], name="cases_of_a_day")]


class DailyGaps(Daily):
    """Authority gaps of a day, by the rule or the kind of bound that refused; see `AuthorityGap`.

    `cost` is what the company would have paid, had it been allowed.
    """

    policy = _known(Policy, null=True)
    bound = models.CharField(max_length=12, blank=True)
    gaps = models.PositiveBigIntegerField(default=0)
    cost = MoneyField(default=Decimal(0))

    class Meta:
        indexes = [models.Index(fields=["division", "day"], name="gaps_of_a_day")]


class RollupState(models.Model):
    """How far the rollups have followed the raw rows; one row, which is held to change them.

    Everything that was written before `marks` (see `reports/rollups/marks.py`) is in them, but for
    the days that are still `owed`, as runs of a first and a last one. They were counted with the
    time zones in `zones`, by team. `differences` is what the last proof found and mended.
    """

    marks = models.JSONField(default=dict)
    zones = models.JSONField(default=dict)
    owed = models.JSONField(default=list)
    database = models.CharField(max_length=40, blank=True)
    followed_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    differences = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="rollups_have_one_state")
        ]

    def __str__(self) -> str:
        return f"followed at {self.followed_at}"
