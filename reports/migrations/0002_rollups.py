"""What happened on each day, added up; the first run of the job that follows the ledger fills it."""

import django.db.models.deletion
import employees.money
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0004_surveys_and_time_zone"),
        ("policies", "0004_remedy_gl_account"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RollupState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marks", models.JSONField(default=dict)),
                ("zones", models.JSONField(default=dict)),
                ("owed", models.JSONField(default=list)),
                ("database", models.CharField(blank=True, max_length=40)),
                ("followed_at", models.DateTimeField(null=True)),
                ("proven_at", models.DateTimeField(null=True)),
                ("differences", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="rollups_have_one_state"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DailyCases",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("doorstep", "Doorstep"),
                            ("phone", "Phone"),
                            ("counter", "Counter"),
                            ("chat", "Chat"),
                            ("email", "E-mail"),
                            ("web", "Web"),
                        ],
                        max_length=10,
                    ),
                ),
                ("cases", models.PositiveBigIntegerField(default=0)),
                ("put_right", models.PositiveBigIntegerField(default=0)),
                ("unescalated", models.PositiveBigIntegerField(default=0)),
                ("handed_over", models.PositiveBigIntegerField(default=0)),
                ("second_failures", models.PositiveBigIntegerField(default=0)),
                ("with_customer", models.PositiveBigIntegerField(default=0)),
                ("came_again", models.PositiveBigIntegerField(default=0)),
                ("seconds", models.PositiveBigIntegerField(default=0)),
                ("asked", models.PositiveBigIntegerField(default=0)),
                ("score_1", models.PositiveBigIntegerField(default=0)),
                ("score_2", models.PositiveBigIntegerField(default=0)),
                ("score_3", models.PositiveBigIntegerField(default=0)),
                ("score_4", models.PositiveBigIntegerField(default=0)),
                ("score_5", models.PositiveBigIntegerField(default=0)),
                (
                    "division",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.division",
                    ),
                ),
                (
                    "reason_code",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.reasoncode",
                    ),
                ),
                (
                    "remedy",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.remedy",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.team",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.authoritytier",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["division", "day"], name="cases_of_a_day")],
            },
        ),
        migrations.CreateModel(
            name="DailyCosts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("doorstep", "Doorstep"),
                            ("phone", "Phone"),
                            ("counter", "Counter"),
                            ("chat", "Chat"),
                            ("email", "E-mail"),
                            ("web", "Web"),
                        ],
                        max_length=10,
                    ),
                ),
                ("given", models.PositiveBigIntegerField(default=0)),
                ("in_grace", models.PositiveBigIntegerField(default=0)),
                ("returned", models.PositiveBigIntegerField(default=0)),
                (
                    "spent",
                    employees.money.MoneyField(
                        decimal_places=4, default=Decimal("0"), max_digits=14
                    ),
                ),
                (
                    "lent",
                    employees.money.MoneyField(
                        decimal_places=4, default=Decimal("0"), max_digits=14
                    ),
                ),
                (
                    "given_back",
                    employees.money.MoneyField(
                        decimal_places=4, default=Decimal("0"), max_digits=14
                    ),
                ),
                (
                    "owed",
                    employees.money.MoneyField(
                        decimal_places=4, default=Decimal("0"), max_digits=14
                    ),
                ),
                (
                    "face_value",
                    employees.money.MoneyField(
                        decimal_places=4, default=Decimal("0"), max_digits=14
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.division",
                    ),
                ),
                (
                    "reason_code",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.reasoncode",
                    ),
                ),
                (
                    "remedy",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.remedy",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.team",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.authoritytier",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["division", "day"], name="costs_of_a_day")],
            },
        ),
        migrations.CreateModel(
            name="DailyGaps",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("doorstep", "Doorstep"),
                            ("phone", "Phone"),
                            ("counter", "Counter"),
                            ("chat", "Chat"),
                            ("email", "E-mail"),
                            ("web", "Web"),
                        ],
                        max_length=10,
                    ),
                ),
                ("bound", models.CharField(blank=True, max_length=12)),
                ("gaps", models.PositiveBigIntegerField(default=0)),
                (
                    "cost",
                    employees.money.MoneyField(
                        decimal_places=4, default=Decimal("0"), max_digits=14
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.division",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.policy",
                    ),
                ),
                (
                    "reason_code",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.reasoncode",
                    ),
                ),
                (
                    "remedy",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.remedy",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.team",
                    ),
                ),
                (
                    "tier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="employees.authoritytier",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["division", "day"], name="gaps_of_a_day")],
            },
        ),
    ]
