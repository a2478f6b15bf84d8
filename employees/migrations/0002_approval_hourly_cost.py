"""What an approval costs is reckoned from its minutes and from what an hour costs."""

from decimal import Decimal
from typing import Any

import django.core.validators
import employees.money
from django.db import migrations

MODELS = ("division", "historicaldivision")
HOUR = 60


def carry_over(apps: Any, schema_editor: Any) -> None:
    """Keep each cost, to the cent; where no minutes were entered, take it for an hour's."""
    for name in MODELS:
        for row in apps.get_model("employees", name).objects.exclude(approval_cost=0):
            row.approval_minutes = row.approval_minutes or HOUR
            hourly = row.approval_cost * HOUR / row.approval_minutes
            row.approval_hourly_cost = employees.money.quantize(hourly, row.currency)
            row.save(update_fields=["approval_minutes", "approval_hourly_cost"])


def carry_back(apps: Any, schema_editor: Any) -> None:
    for name in MODELS:
        for row in apps.get_model("employees", name).objects.exclude(approval_hourly_cost=0):
            cost = row.approval_minutes * row.approval_hourly_cost / HOUR
            row.approval_cost = employees.money.quantize(cost, row.currency)
            row.save(update_fields=["approval_cost"])


def hourly_cost() -> employees.money.MoneyField:
    return employees.money.MoneyField(
        decimal_places=4,
        default=Decimal("0"),
        db_default=Decimal("0"),
        help_text="What an hour of those involved in an approval costs the company, on average.",
        max_digits=14,
        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
    )


class Migration(migrations.Migration):
    dependencies = [
        ("employees", "0001_initial"),
    ]

    operations = [
        *(migrations.AddField(name, "approval_hourly_cost", hourly_cost()) for name in MODELS),
        migrations.RunPython(carry_over, carry_back),
        *(migrations.RemoveField(name, "approval_cost") for name in MODELS),
    ]
