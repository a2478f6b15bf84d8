"""The index by order covers every case: the plan of a prepared statement can't use a partial one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="cases_of_an_order"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["division", "order_reference"], name="cases_of_an_order"),
        ),
    ]
