"""Months that were opened before `base` was kept: nothing had been topped up in any of them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("budgets", "0002_top_ups_and_give_backs")]

    operations = [
        migrations.RunSQL(
            "UPDATE budgets_budget SET base = allotted WHERE kind = 'month'",
            migrations.RunSQL.noop,
        )
    ]
