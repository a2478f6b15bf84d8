"""What waits to be looked at is found by its team, and what was said lately as it was said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resolutions", "0011_mails_where_they_went")]

    operations = [
        migrations.RemoveIndex(model_name="review", name="reviews_of_a_team"),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["team"], condition=models.Q(outcome=""), name="reviews_that_wait"
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["team", "-reviewed_at", "-id"],
                condition=~models.Q(outcome=""),
                name="reviews_said_in_a_team",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["-reviewed_at", "-id"],
                condition=~models.Q(outcome=""),
                name="reviews_said_lately",
            ),
        ),
    ]
