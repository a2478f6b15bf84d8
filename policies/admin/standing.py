"""The list of rules by where they stand: in force, scheduled, past, a draft."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from policies.versions import Standing


class StandingFilter(admin.SimpleListFilter):
    """In force, unless something else is asked for."""

    title = "standing"
    parameter_name = "standing"
    template = "admin/filter_tabs.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The four places where a version can stand, and all of them."""
        return [*Standing.choices[:-1], (Standing.DRAFT, "Drafts"), ("all", "All versions")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Without a neutral first choice: one of them always holds."""
        for value, label in self.lookup_choices:
            yield {
                "selected": value == (self.value() or Standing.IN_FORCE),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only these."""
        at = timezone.now()
        rules = cast("Any", queryset)
        match self.value():
            case None | Standing.IN_FORCE:
                return cast("QuerySet[Any]", rules.in_force(at))
            case Standing.SCHEDULED:
                return cast("QuerySet[Any]", rules.scheduled(at))
            case Standing.PAST:
                return cast("QuerySet[Any]", rules.past(at))
            case Standing.DRAFT:
                return cast("QuerySet[Any]", rules.drafts())
        return queryset
