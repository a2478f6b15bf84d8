"""What an export can be narrowed by. Each table says where its rows keep it (`Table.paths`)."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from budgets.api.filters import MonthFilter
from employees.api.filters import (
    DAY_OR_MOMENT,
    NOT_INCLUDED,
    AmountFilter,
    KnownFilter,
    MomentFilter,
    OneOfFilter,
)
from employees.models import AuthorityTier, Division, Team
from policies.models import Channel, ReasonCode, Remedy
from reports.exports.table import Table
from reports.exports.tables import TABLES
from reports.months import in_months
from reports.reader import Reader
from resolutions.models import Resolution


class ReadersFilter(KnownFilter):
    """By a code or name of something in the divisions that the reader sees."""

    def asked_by(self) -> Any:
        """Whoever pulls: a person, or a program with a token."""
        return self.parent.reader


def _divisions(reader: Reader) -> QuerySet[Division]:
    return Division.objects.filter(pk__in=[division.pk for division in reader.divisions])


def _of(model: Any) -> Callable[[Reader], QuerySet[Any]]:
    return lambda reader: model.objects.filter(division__in=reader.divisions)


class ExportFilters(filters.FilterSet):  # type: ignore[misc]
    """Together they narrow. `filters_of` adds those that a table has, and names the table."""

    table: Table

    def __init__(self, *args: Any, reader: Reader | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    class Meta:
        fields: tuple[str, ...] = ()

    def by_month(self, rows: QuerySet[Any], name: str, month: Any) -> QuerySet[Any]:
        """Keep what happened in the month, from it on or up to it, where the team works."""
        first = None if name == "month_to" else month
        last = None if name == "month_from" else month
        at, zone = self.table.paths["at"], self.table.paths["zone"]
        return rows.filter(in_months(first, last, at=at, zone=zone, zones=self.zones))

    @cached_property
    def zones(self) -> set[str]:
        """Where the reader's teams work: asked once, also for a month from and a month to."""
        divisions = self.reader.divisions if self.reader else ()
        return Team.objects.filter(division__in=divisions).zones()

    def given(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        """Keep the cases in which the remedy was given, each once."""
        given = Resolution.objects.filter(remedy__code=code).order_by()
        return rows.filter(pk__in=given.values("case"))


_A_MONTH = "Such as 2026-11: what happened in it, where the team works."
_FIRST, _LAST = "The first month, such as 2026-10.", "The last month, included."
# The filter's name, the path that a table needs to have it, and what makes it of that path.
_FILTERS: list[tuple[str, str, Callable[[str], filters.Filter]]] = [
    ("month", "zone", lambda _: MonthFilter("month", method="by_month", help_text=_A_MONTH)),
    (
        "month_from",
        "zone",
        lambda _: MonthFilter("month_from", method="by_month", help_text=_FIRST),
    ),
    ("month_to", "zone", lambda _: MonthFilter("month_to", method="by_month", help_text=_LAST)),
    ("month", "month", lambda path: MonthFilter(path, help_text="Such as 2026-11.")),
    ("month_from", "month", lambda path: MonthFilter(path, "gte", help_text=_FIRST)),
    ("month_to", "month", lambda path: MonthFilter(path, "lte", help_text=_LAST)),
    (
        "closed_in",
        "closed",
        lambda path: MonthFilter(path, help_text="Such as 2026-11: what that month's close holds."),
    ),
    ("at_from", "at", lambda path: MomentFilter(path, "gte", help_text=DAY_OR_MOMENT)),
    ("at_to", "at", lambda path: MomentFilter(path, "lt", help_text=NOT_INCLUDED)),
    ("ended_from", "ended", lambda path: MomentFilter(path, "gte", help_text=DAY_OR_MOMENT)),
    ("ended_to", "ended", lambda path: MomentFilter(path, "lt", help_text=NOT_INCLUDED)),
    (
        "division",
        "division",
        lambda path: ReadersFilter(
            f"{path}__code", among=_divisions, help_text="The division's code."
        ),
    ),
    (
        "currency",
        "division",
        lambda path: ReadersFilter(
            f"{path}__currency", among=_divisions, by="currency", help_text="ISO 4217."
        ),
    ),
    (
        "team",
        "team",
        lambda path: ReadersFilter(path, among=_of(Team), by="name", help_text="Its name."),
    ),
    (
        "tier",
        "tier",
        lambda path: ReadersFilter(
            path, among=_of(AuthorityTier), by="name", help_text="The authority tier's name."
        ),
    ),
    (
        "cost_centre",
        "cost_centre",
        lambda path: ReadersFilter(
            path, among=_of(Team), by="cost_centre", help_text="A team's cost centre."
        ),
    ),
    (
        "remedy",
        "remedy",
        lambda path: ReadersFilter(path, among=_of(Remedy), help_text="A remedy's code."),
    ),
    (
        "remedy",
        "given",
        lambda _: ReadersFilter(
            method="given", among=_of(Remedy), help_text="A remedy's code: cases with one of it."
        ),
    ),
    (
        "reason_code",
        "reason_code",
        lambda path: ReadersFilter(path, among=_of(ReasonCode), help_text="What went wrong."),
    ),
    (
        "channel",
        "channel",
        lambda path: OneOfFilter(
            field_name=path, choices=Channel.choices, help_text="Where the customer told of it."
        ),
    ),
    ("amount_min", "amount", lambda path: AmountFilter(path, "gte", help_text="Such as 12.50.")),
    ("amount_max", "amount", lambda path: AmountFilter(path, "lte", help_text="Such as 12.50.")),
]


@cache
def filters_of(name: str) -> type[ExportFilters]:
    """What the export of this name can be narrowed by."""
    table = TABLES[name]
    made = {name: make(table.paths[path]) for name, path, make in _FILTERS if path in table.paths}
    meta = type("Meta", (ExportFilters.Meta,), {"model": table.rows().model})
    named = f"{name.title()}Filters"
    return type(named, (ExportFilters,), {"table": table, "Meta": meta, **made})
