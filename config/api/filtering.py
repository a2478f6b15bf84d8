"""Filters of a list, where a filter that there is not is refused instead of passed over."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, by the settings

_NOT_FILTERS = {"cursor", "page_size", "ordering", "format"}


class KnownFilters(DjangoFilterBackend):  # type: ignore[misc]
    """A mistyped filter, or an empty one, must not answer with everything, nor one of two."""

    def get_filterset(self, request: Request, queryset: QuerySet[Any], view: "APIView") -> Any:
        """Return the filters with what was told. Raises ValidationError."""
        filterset = super().get_filterset(request, queryset, view)
        known = set(filterset.filters) if filterset else set()
        listed = ", ".join(sorted(known)) or "none"
        errors = {}
        for name, value in request.query_params.items():
            if name not in known | _NOT_FILTERS:
                errors[name] = [f"There is no such filter here. There is: {listed}."]
            elif not str(value).strip():
                errors[name] = ["Write what to look for, or leave it out."]
            elif len(request.query_params.getlist(name)) > 1:
                errors[name] = ["Write it once: one of the two would be passed over."]
        if errors:
            raise ValidationError(errors)
        return filterset
