"""What customers answered, what is looked at afterwards, and the tier a case was opened in."""

from typing import Any

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import employees.transactions
from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def tier_of_who_opened_it(apps: Any, schema_editor: Any) -> None:
    """As it was when something was first given in it; else as it is now."""
    Case = apps.get_model("resolutions", "Case")
    Resolution = apps.get_model("resolutions", "Resolution")
    Employee = apps.get_model("employees", "Employee")
    of_case = Resolution.objects.filter(case=OuterRef("pk"), given_by=OuterRef("opened_by"))
    given = Subquery(of_case.order_by("pk").values("tier")[:1])
    now = Subquery(Employee.objects.filter(pk=OuterRef("opened_by")).values("tier")[:1])
    Case.objects.filter(opened_by__isnull=False).update(tier=Coalesce(given, now))


def what_is_still_to_be_looked_at(apps: Any, schema_editor: Any) -> None:
    """What was given until now a little further, by a rule's wish, or given back by its giver."""
    Resolution = apps.get_model("resolutions", "Resolution")
    Review = apps.get_model("resolutions", "Review")
    LedgerEntry = apps.get_model("budgets", "LedgerEntry")
    by_giver = LedgerEntry.objects.filter(
        concerns=OuterRef("entry"), kind="give-back", actor=OuterRef("given_by")
    )
    marked = Resolution.objects.filter(review_afterwards=True)
    grace = Q(verdict="grace")
    over = Q(decision__binding__kind="budget")
    for why, rows in (
        ("grace", marked.filter(grace & ~over)),
        ("over-budget", marked.filter(grace & over)),
        ("rule", marked.filter(~grace)),
        ("given-back", Resolution.objects.filter(Exists(by_giver))),
    ):
        once = rows.order_by().values("case", "given_by").annotate(team=Max("team"), at=Max("at"))
        Review.objects.bulk_create(
            [
                Review(
                    case_id=row["case"],
                    employee_id=row["given_by"],
                    team_id=row["team"],
                    why=why,
                    at=row["at"],
                )
                for row in once
            ],
            batch_size=1000,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0007_entries_of_a_day"),
        ("employees", "0004_surveys_and_time_zone"),
        ("policies", "0004_remedy_gl_account"),
        ("resolutions", "0009_cases_in_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("grace", "A little further than the limit"),
                            ("over-budget", "Over the month’s budget"),
                            ("rule", "A rule asks for it"),
                            ("given-back", "Given back by who gave it"),
                            ("low-score", "The customer was not content"),
                            ("sample", "One of a few at random"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("backed", "Backed"),
                            ("with-a-note", "Backed, with a note to learn from"),
                        ],
                        max_length=12,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="SurveyOptOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="SurveyResponse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                (
                    "aspect",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("speed", "How quickly it went"),
                            ("remedy", "What I was given"),
                            ("person", "The person I spoke to"),
                            ("again", "Having to tell it again"),
                            ("other", "Something else"),
                        ],
                        max_length=8,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("by_hand", models.BooleanField(db_default=False, default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "transaction_id",
                    employees.transactions.TransactionField(
                        db_default=employees.transactions.CurrentTransaction(), editable=False
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.RemoveIndex(
            model_name="followup",
            name="mails_owed",
        ),
        migrations.AddField(
            model_name="case",
            name="tier",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="employees.authoritytier",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="not_asked",
            field=models.CharField(
                blank=True,
                choices=[
                    ("asked-lately", "They were asked about another case lately"),
                    ("no-more", "They asked for no more of these mails"),
                ],
                db_default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="scanned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="transaction_id",
            field=employees.transactions.TransactionField(
                db_default=employees.transactions.CurrentTransaction(), editable=False
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="employees.team",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["team", "-ended_at"], name="cases_of_a_team_as_ended"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("division"),
                django.db.models.functions.text.Lower("email"),
                name="customers_by_address",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("not_asked", ""), ("sent_at__isnull", True)),
                fields=["due_at"],
                name="mails_owed",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["transaction_id"], name="mails_of_a_transaction"),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at__isnull", True), ("not_asked", ""), _connector="OR"),
                name="mail_is_sent_or_not",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="resolutions.case",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="employee",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reviews",
                to="employees.team",
            ),
        ),
        migrations.AddField(
            model_name="surveyoptout",
            name="division",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="survey_opt_outs",
                to="employees.division",
            ),
        ),
        migrations.AddField(
            model_name="surveyresponse",
            name="follow_up",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="response",
                to="resolutions.followup",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["team", "-at"], name="reviews_of_a_team"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["employee", "-reviewed_at"], name="reviews_of_someone"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("case", "employee", "why"),
                name="waits_once_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("note", ""),
                        ("outcome", ""),
                        ("reviewed_at__isnull", True),
                        ("reviewed_by__isnull", True),
                    ),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_is_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "with-a-note"), _negated=True),
                    django.db.models.lookups.GreaterThan(
                        django.db.models.functions.text.Length(
                            django.db.models.functions.text.Trim(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        django.db.models.functions.text.Replace(
                                            models.F("note"), models.Value("\n")
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
                name="review_with_a_note_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seen_at__isnull", True), ("reviewed_at__isnull", False), _connector="OR"
                ),
                name="only_what_was_said_is_seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyoptout",
            constraint=models.UniqueConstraint(fields=("division", "email"), name="opted_out_once"),
        ),
        migrations.AddConstraint(
            model_name="surveyoptout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThan(
                        django.db.models.functions.text.Length(
                            django.db.models.functions.text.Trim(
                                django.db.models.functions.text.Replace(
                                    django.db.models.functions.text.Replace(
                                        django.db.models.functions.text.Replace(
                                            models.F("email"), models.Value("\n")
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
                name="opt_out_has_an_address",
            ),
        ),
        migrations.AddIndex(
            model_name="surveyresponse",
            index=models.Index(fields=["-changed_at"], name="responses_lately"),
        ),
        migrations.AddIndex(
            model_name="surveyresponse",
            index=models.Index(fields=["transaction_id"], name="responses_of_a_transaction"),
        ),
        migrations.AddConstraint(
            model_name="surveyresponse",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                name="score_is_from_1_to_5",
            ),
        ),
        migrations.RunPython(tier_of_who_opened_it, migrations.RunPython.noop),
        migrations.RunPython(what_is_still_to_be_looked_at, migrations.RunPython.noop),
    ]
