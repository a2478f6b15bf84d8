"""Every authority gap as it is at the pull. It comes again when it was answered."""

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from reports.exports.kinds import Kind
from reports.exports.table import Column, Marks, Table
from reports.models import ExportName
from resolutions.models import AuthorityGap


def _rows() -> QuerySet[Any]:
    return AuthorityGap.objects.annotate(
        on_channel=Coalesce("case__channel", KT("told__channel"), output_field=models.TextField())
    ).order_by("pk")


GAPS = Table(
    ExportName.GAPS,
    "Every authority gap: what someone wanted to do for a customer and was not allowed to.",
    _rows,
    (
        Column("id", Kind.INTEGER, "The gap's number."),
        Column("at", Kind.MOMENT, "When it was, in UTC."),
        Column("division", Kind.TEXT, "The division's code.", "division__code"),
        Column("employee", Kind.TEXT, "Who had it: a user name.", "employee__username"),
        Column("team", Kind.TEXT, "Their team, as it was then.", "team__name"),
        Column(
            "cost_centre", Kind.TEXT, "The team's cost centre as it is now.", "team__cost_centre"
        ),
        Column("tier", Kind.TEXT, "Their tier, as it was then.", "tier__name"),
        Column("case_id", Kind.INTEGER, "The case, where there was one already."),
        Column("customer", Kind.TEXT, "The customer's reference.", "customer__reference"),
        Column("reason_code", Kind.TEXT, "What went wrong: a code.", "reason_code__code"),
        Column("channel", Kind.TEXT, "Where the customer told of it.", "on_channel"),
        Column("remedy", Kind.TEXT, "What was asked for: a code.", "remedy__code"),
        Column("bound", Kind.CODE, "What kind of bound refused it."),
        Column("policy_id", Kind.INTEGER, "The rule that refused it, in its version then."),
        Column("policy", Kind.TEXT, "That rule's title.", "policy__title"),
        Column("quantity", Kind.INTEGER, "How many were asked for; empty for an amount."),
        Column("face_value", Kind.MONEY, "What was asked for, in `currency`."),
        Column("cost", Kind.MONEY, "What it would have cost, in `currency`."),
        Column("currency", Kind.CODE, "ISO 4217.", "division__currency"),
        Column("answer", Kind.CODE, "`changed` or `why-not`; empty so far.", "answer__kind"),
        Column("answered_at", Kind.MOMENT, "In UTC.", "answer__at"),
        Column("request_id", Kind.CODE, "What was done in one go has the same."),
        Column("words", Kind.TEXT, "What could not be done, in their words.", own_words=True),
    ),
    paths={
        "division": "division",
        "at": "at",
        "zone": "team__time_zone",
        "team": "team__name",
        "tier": "tier__name",
        "cost_centre": "team__cost_centre",
        "remedy": "remedy__code",
        "reason_code": "reason_code__code",
        "channel": "on_channel",
        "amount": "cost",
    },
    marks=Marks(AuthorityGap),
    come_again=True,
)
