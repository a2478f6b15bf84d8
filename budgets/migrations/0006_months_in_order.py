"""Months are found and listed in their order; entries need no second index by budget."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0005_transaction_of_entries"),
        ("employees", "0003_division_budget_account"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ledgerentry",
            name="budget",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="budgets.budget",
            ),
        ),
        migrations.AddIndex(
            model_name="budget",
            index=models.Index(fields=["-month", "-id"], name="budgets_in_months"),
        ),
    ]
