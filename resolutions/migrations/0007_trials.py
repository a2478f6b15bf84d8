"""Trials of changes, and what was told when something was refused, so that one can be tried on it."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import employees.money
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0002_approval_hourly_cost"),
        ("policies", "0003_remedy_avoids_return"),
        ("resolutions", "0006_gap_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="authoritygap",
            name="told",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "limit_per_case",
                    employees.money.MoneyField(
                        blank=True,
                        decimal_places=4,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                    ),
                ),
                (
                    "grace_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100)],
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("change", models.TextField(verbose_name="what is tried")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="employees.division",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="policies.policy",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="employees.authoritytier",
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="TrialDifference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("allowed", "Refused then, given now"),
                            ("spared", "Refused then, not asked any more"),
                            ("refused", "Given then, refused now"),
                            ("instead", "Given in its place then, not needed now"),
                            ("payer", "Charged elsewhere"),
                            ("review", "Looked at afterwards, or no more"),
                        ],
                        max_length=8,
                    ),
                ),
                ("before", models.CharField(max_length=8)),
                ("after", models.CharField(max_length=8)),
                ("why", models.CharField(blank=True, max_length=120)),
                ("cost", employees.money.MoneyField(decimal_places=4, max_digits=14)),
                ("month", employees.money.MoneyField(decimal_places=4, max_digits=14)),
                (
                    "gap",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resolutions.authoritygap",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resolutions.resolution",
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="resolutions.trial",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("grace_percent__isnull", True),
                        ("limit_per_case__isnull", True),
                        ("policy__isnull", False),
                        ("tier__isnull", True),
                    ),
                    models.Q(
                        ("grace_percent__isnull", False),
                        ("limit_per_case__gte", 0),
                        ("policy__isnull", True),
                        ("tier__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="trial_of_a_rule_or_of_a_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))),
                name="trial_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    ("finished_at__isnull", False),
                    _connector="OR",
                ),
                name="done_trial_is_finished",
            ),
        ),
        migrations.AddIndex(
            model_name="trialdifference",
            index=models.Index(fields=["trial", "kind", "id"], name="differences_of_a_trial"),
        ),
        migrations.AddConstraint(
            model_name="trialdifference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gap__isnull", True), ("resolution__isnull", False)),
                    models.Q(("gap__isnull", False), ("resolution__isnull", True)),
                    _connector="OR",
                ),
                name="difference_of_one_thing",
            ),
        ),
    ]
