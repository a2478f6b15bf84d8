"""Mails of reports are owed as all mails are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_monthly_reports")]

    operations = [
        migrations.AlterModelOptions(
            name="reportdelivery",
            options={
                "ordering": ("due_at", "report_id", "id"),
                "verbose_name_plural": "report deliveries",
            },
        ),
        migrations.AlterField(
            model_name="reportdelivery",
            name="address",
            field=models.EmailField(blank=True, db_default="", max_length=254),
        ),
        migrations.AlterField(
            model_name="reportdelivery", name="due_at", field=models.DateTimeField()
        ),
    ]
