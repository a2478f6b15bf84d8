"""The raw rows that rollups add up, each with what it is counted under, and as what.

The only place that says what each counter means. Every row has the names of its `Daily`: those of
its dimensions, and its counters, most of them 0 or 1. What must stay true: no counter of a row is
below zero, whatever the row holds, and each is exact.
"""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case as Choice
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Abs, Coalesce
from django.db.models.sql.compiler import SQLCompiler

from budgets.models import EntryKind, LedgerEntry
from employees.money import MoneyField
from reports.closing.order import COSTS
from reports.entries import of_resolution, of_team, with_what_they_belong_to
from reports.measures import FIRST_CONTACT_WINDOW, SCORES
from reports.rollups.days import DayIn
from resolutions.models import AuthorityGap, Case, CaseState, Conclusion, Contact, Resolution


def cost_rows() -> QuerySet[Any]:
    """Each entry of the ledger that costs something, or returns it, as `DailyCosts` counts it."""
    entries = LedgerEntry.objects.filter(kind__in=COSTS).order_by()
    spend = Q(kind=EntryKind.SPEND)
    taken: Any = Abs(F("amount"), output_field=MoneyField())
    found: QuerySet[Any] = with_what_they_belong_to(entries).annotate(
        division=F("budget__division"),
        day=DayIn("at", "in_zone"),
        team=of_team("pk", models.BigIntegerField),
        tier=of_resolution("tier__pk", models.BigIntegerField),
        remedy=of_resolution("remedy__pk", models.BigIntegerField),
        reason_code=of_resolution("case__reason_code__pk", models.BigIntegerField),
        channel=_channel(of_resolution("case__channel")),
        given=_one(spend),
        in_grace=_one(spend & Q(resolution__verdict=Resolution.Verdict.GRACE)),
        returned=_one(Q(kind=EntryKind.GIVE_BACK, taken_back=EntryKind.SPEND)),
        spent=_amount(spend, taken),
        lent=_amount(Q(kind=EntryKind.LENT), taken),
        given_back=_amount(Q(kind=EntryKind.GIVE_BACK), taken),
        owed=_amount(spend & Q(resolution__owed=True), taken),
        face_value=_amount(spend & Q(resolution__isnull=False), F("resolution__face_value")),
    )
    return found


def case_rows() -> QuerySet[Any]:
    """Each case that has ended and stands so, as `DailyCases` counts it, without a remedy."""
    ended = Case.objects.filter(ended_at__isnull=False).order_by()
    put_right, handed_over = Q(state=CaseState.PUT_RIGHT), Exists(_handed_over())
    known = put_right & Q(customer__isnull=False)
    scores = {f"score_{n}": _one(Q(follow_up__response__score=n)) for n in SCORES}
    found: QuerySet[Any] = ended.annotate(
        day=DayIn("ended_at", "team__time_zone"),
        cases=Value(1),
        put_right=_one(put_right),
        unescalated=_one(put_right & ~Q(handed_over)),
        handed_over=_one(Q(handed_over)),
        second_failures=_one(Q(second_failure=True)),
        with_customer=_one(known),
        came_again=_one(known & _came_again()),
        seconds=Choice(
            When(
                put_right & Q(ended_at__gt=F("opened_at")), then=_Seconds("ended_at", "opened_at")
            ),
            default=0,
        ),
        asked=_one(Q(follow_up__sent_at__isnull=False)),
        **scores,
    )
    return found


def gap_rows() -> QuerySet[Any]:
    """Each authority gap, as `DailyGaps` counts it; without a case, it was told where."""
    found: QuerySet[Any] = AuthorityGap.objects.order_by().annotate(
        day=DayIn("at", "team__time_zone"),
        channel=_channel("case__channel", KT("told__channel")),
        gaps=Value(1),
    )
    return found


class _Seconds(Func):
    """How many whole seconds lie between two moments, the later one first."""

    output_field = models.BigIntegerField()

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> Any:
        """As PostgreSQL says it."""
        return super().as_sql(
            compiler,
            connection,
            template="CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s)) AS bigint)",
            arg_joiner=" - ",
        )

    def as_sqlite(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> Any:
        """As Django's own function for SQLite does, which tells microseconds."""
        return super().as_sql(
            compiler, connection, template="django_timestamp_diff(%(expressions)s) / 1000000"
        )


def _one(when: Q) -> Choice:
    return Choice(When(when, then=1), default=0, output_field=models.IntegerField())


def _amount(when: Q, then: Any) -> Choice:
    return Choice(When(when, then=then), default=Value(0), output_field=MoneyField())


def _channel(*told: Any) -> Coalesce:
    return Coalesce(*told, Value(""), output_field=models.TextField())


def _handed_over() -> QuerySet[Conclusion]:
    return Conclusion.objects.filter(case=OuterRef("pk"), state=CaseState.HANDED_OVER)


def _came_again() -> Q:
    """The customer came back within the window after one of the case's endings.

    Each time something was given in it, or it was concluded, is an ending; coming back is a
    contact about the case, or another one that they told of with the same reason.
    """
    back = Contact.objects.filter(
        _within_the_window(OuterRef("case"), OuterRef("at")), case=OuterRef("pk")
    )
    another = Case.objects.filter(
        _within_the_window(OuterRef(OuterRef("pk")), OuterRef("opened_at")),
        customer=OuterRef("customer"),
        reason_code=OuterRef("reason_code"),
        opened_at__gt=OuterRef("opened_at"),
        opened_at__lte=OuterRef("ended_at") + FIRST_CONTACT_WINDOW,
    )
    return Q(Exists(back)) | Q(Exists(another))


def _within_the_window(case: OuterRef, moment: OuterRef) -> Q:
    """Whether the case had an ending before the moment, so shortly that its window was not over."""
    shortly_before = Q(case=case, at__lt=moment, at__gte=moment - FIRST_CONTACT_WINDOW)
    given, concluded = Resolution.objects.order_by(), Conclusion.objects.order_by()
    return Q(Exists(given.filter(shortly_before))) | Q(Exists(concluded.filter(shortly_before)))
