"""Mails that ask how it went keep where they went; those sent so far: to whom they would go now."""

import django.db.models.functions.text
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def to_whom_they_would_go(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    FollowUp = apps.get_model("resolutions", "FollowUp")
    Case = apps.get_model("resolutions", "Case")
    now = Case.objects.filter(pk=OuterRef("case")).order_by().values("customer__email")
    sent = FollowUp.objects.filter(sent_at__isnull=False).order_by()
    sent.update(address=Coalesce(Subquery(now), Value("")))


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0010_surveys_and_reviews")]

    operations = [
        migrations.AlterModelOptions(name="followup", options={"ordering": ("due_at", "id")}),
        migrations.AddField(
            model_name="followup",
            name="address",
            field=models.EmailField(blank=True, db_default="", max_length=254),
        ),
        migrations.AlterField(
            model_name="followup",
            name="not_asked",
            field=models.CharField(
                blank=True,
                choices=[
                    ("asked-lately", "They were asked about another case lately"),
                    ("no-more", "They asked for no more of these mails"),
                    ("no-address", "They have no address any more"),
                    ("not-right", "It was not put right in the end"),
                ],
                db_default="",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                django.db.models.functions.text.Lower("address"),
                models.F("sent_at"),
                condition=models.Q(("address__gt", "")),
                name="mails_by_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at__isnull", False), ("address", ""), _connector="OR"),
                name="mail_went_out_or_nowhere",
            ),
        ),
        migrations.RunPython(to_whom_they_would_go, migrations.RunPython.noop),
    ]
