"""When customers are asked, and where a division reads its reports: where most of its teams are."""

from typing import Any

import django.core.validators
import employees.models.divisions
from django.db import migrations, models


def where_most_teams_are(apps: Any, schema_editor: Any) -> None:
    for division in apps.get_model("employees", "Division").objects.all():
        zones = list(division.teams.order_by("pk").values_list("time_zone", flat=True))
        if zones:
            division.time_zone = max(zones, key=zones.count)
            division.save(update_fields=["time_zone"])


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0003_division_budget_account"),
    ]

    operations = [
        migrations.AddField(
            model_name="division",
            name="survey_cap_days",
            field=models.PositiveSmallIntegerField(
                db_default=30,
                default=30,
                help_text="A customer is asked once in so many days, whatever happens. 0: after each case.",
                validators=[django.core.validators.MaxValueValidator(366)],
            ),
        ),
        migrations.AddField(
            model_name="division",
            name="survey_delay_hours",
            field=models.PositiveSmallIntegerField(
                db_default=24,
                default=24,
                help_text="How long after a case was put right its customer is asked how it went.",
                validators=[django.core.validators.MaxValueValidator(720)],
            ),
        ),
        migrations.AddField(
            model_name="division",
            name="time_zone",
            field=models.CharField(
                db_default="UTC",
                default="UTC",
                help_text="Where its reports are read. They come on a month's first working day there.",
                max_length=64,
                validators=[employees.models.divisions.validate_time_zone],
            ),
        ),
        migrations.AddField(
            model_name="historicaldivision",
            name="survey_cap_days",
            field=models.PositiveSmallIntegerField(
                db_default=30,
                default=30,
                help_text="A customer is asked once in so many days, whatever happens. 0: after each case.",
                validators=[django.core.validators.MaxValueValidator(366)],
            ),
        ),
        migrations.AddField(
            model_name="historicaldivision",
            name="survey_delay_hours",
            field=models.PositiveSmallIntegerField(
                db_default=24,
                default=24,
                help_text="How long after a case was put right its customer is asked how it went.",
                validators=[django.core.validators.MaxValueValidator(720)],
            ),
        ),
        migrations.AddField(
            model_name="historicaldivision",
            name="time_zone",
            field=models.CharField(
                db_default="UTC",
                default="UTC",
                help_text="Where its reports are read. They come on a month's first working day there.",
                max_length=64,
                validators=[employees.models.divisions.validate_time_zone],
            ),
        ),
        migrations.RunPython(where_most_teams_are, migrations.RunPython.noop),
    ]
