"""Gaps are answered, once; and know the team they were in, which for those so far is today's."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_the_team(apps: Any, schema_editor: Any) -> None:
    """Nobody knows any more which team it was: the one that the employee is in now."""
    gaps = apps.get_model("resolutions", "AuthorityGap").objects.filter(team__isnull=True)
    employees = apps.get_model("employees", "Employee").objects
    team = employees.filter(pk=models.OuterRef("employee")).values("team")
    gaps.update(team=models.Subquery(team))


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0001_initial"),
        ("policies", "0001_initial"),
        ("resolutions", "0005_customer_lifetime_value"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="authoritygap",
            name="answer_seen_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="authoritygap",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="employees.team",
            ),
        ),
        migrations.CreateModel(
            name="GapAnswer",
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
                        choices=[("changed", "It was changed"), ("why-not", "Here is why not")],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(help_text="What those who had the gap read.")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gap_answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gap_answers",
                        to="employees.division",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gap_answers",
                        to="policies.policy",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.AddField(
            model_name="authoritygap",
            name="answer",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gaps",
                to="resolutions.gapanswer",
            ),
        ),
        migrations.AddIndex(
            model_name="authoritygap",
            index=models.Index(fields=["division", "-at"], name="gaps_of_a_period"),
        ),
        migrations.AddIndex(
            model_name="authoritygap",
            index=models.Index(
                condition=models.Q(("answer__isnull", False), ("answer_seen_at__isnull", True)),
                fields=["employee"],
                name="gaps_with_news",
            ),
        ),
        migrations.AddConstraint(
            model_name="authoritygap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_seen_at__isnull", True), ("answer__isnull", False), _connector="OR"
                ),
                name="only_an_answer_is_seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="gapanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThan(
                        django.db.models.functions.text.Length(
                            django.db.models.functions.text.Trim(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        django.db.models.functions.text.Replace(
                                            models.F("words"), models.Value("\n")
                                        ),
                                        models.Value("\r"),
                                    ),
                                    models.Value("\t"),
                                )
                            )
                        ),
                        0,
                    )
                ),
                name="gap_answer_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="gapanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["changed", "why-not"])),
                name="gap_answer_is_of_a_kind",
            ),
        ),
        migrations.RunPython(keep_the_team, migrations.RunPython.noop),
    ]
