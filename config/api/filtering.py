"""Filters of a list, where a filter that there is not is refused instead of passed over."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from employees.api.filters import not_to_be_filtered

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, by the settings

_NOT_FILTERS = {"cursor", "page_size", "ordering", "format"}


class KnownFilters(DjangoFilterBackend):  # type: ignore[misc]
    """A mistyped filter, or an empty one, must not answer with everything, nor one of two."""

    def get_filterset(self, request: Request, queryset: QuerySet[Any], view: "APIView") -> Any:
        """Return the filters with what was told. Raises ValidationError."""
        filterset = super().get_filterset(request, queryset, view)
        known = filterset.filters if filterset else ()
        errors = not_to_be_filtered(request.query_params, known, _NOT_FILTERS)
        if errors:
            raise ValidationError(errors)
        return filterset
