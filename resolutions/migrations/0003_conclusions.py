"""How a case ended without a remedy stays, also when it goes on; what is known of it so far moves."""

from datetime import datetime
from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_what_is_known(apps: Any, schema_editor: Any) -> None:
    """Each ending by an act, as its request was answered; of others, the last, by nobody known."""
    case_model = apps.get_model("resolutions", "Case")
    submission_model = apps.get_model("resolutions", "Submission")
    conclusion_model = apps.get_model("resolutions", "Conclusion")
    ended = {"closed", "handed-over"}
    kept, known = [], set()
    answered = submission_model.objects.filter(case__isnull=False, refused="").order_by("pk")
    for submission in answered.iterator():
        answer = submission.answer
        if answer.get("state") in ended and answer.get("ended_at"):
            known.add(submission.case_id)
            kept.append(
                conclusion_model(
                    case_id=submission.case_id,
                    employee_id=submission.employee_id,
                    state=answer["state"],
                    words=answer["outcome_note"],
                    handed_over_to=answer["handed_over_to"],
                    at=datetime.fromisoformat(answer["ended_at"]),
                )
            )
    others = case_model.objects.filter(state__in=ended, ended_at__isnull=False).order_by("pk")
    kept += [
        conclusion_model(
            case_id=case.pk,
            state=case.state,
            words=case.outcome_note,
            handed_over_to=case.handed_over_to,
            at=case.ended_at,
        )
        for case in others.iterator()
        if case.pk not in known
    ]
    conclusion_model.objects.bulk_create(kept, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("resolutions", "0002_orders_index_whole"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("closed", "Closed without a remedy"),
                            ("handed-over", "Handed over"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("handed_over_to", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conclusions",
                        to="resolutions.case",
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conclusions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "handed-over"), _negated=True),
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
                            ),
                            _connector="OR",
                        ),
                        name="escalation_has_a_reason",
                    )
                ],
            },
        ),
        migrations.RunPython(keep_what_is_known, migrations.RunPython.noop),
    ]
