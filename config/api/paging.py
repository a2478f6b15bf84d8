"""Pages of a list by cursor: newest first where it has a time, and steady while rows are added."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError as BadValue
from django.db import DataError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, by the settings


class Pages(CursorPagination):
    """`next` and `previous` are whole addresses, or null; follow them as they are.

    The view says its `ordering`; the first column is the cursor, the others break ties.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    page_size_query_description = "How many on a page, from 1 to 200; 50 if not told."
    cursor_query_description = "Where the page begins; taken from `next` or `previous`."
    # Many rows can share a time, such as cases brought in from another system.
    offset_cutoff = 100_000

    def paginate_queryset(
        self, queryset: Any, request: Request, view: "APIView | None" = None
    ) -> list[Any] | None:
        """Return the rows of the page. Raises ValidationError for a cursor that is not ours."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, BadValue, ValueError, OverflowError, DataError):
            if self.cursor_query_param not in request.query_params:
                raise
            message = "This is no cursor of ours. Begin again without one."
            raise ValidationError({self.cursor_query_param: [message]}) from None

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: "APIView | None"
    ) -> tuple[str, ...]:
        """Return the view's own order."""
        return tuple(view.ordering)  # type: ignore[union-attr]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": address, "previous": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe what can be asked of a list."""
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": self.max_page_size}
        return parameters

    def get_page_size(self, request: Request) -> int:
        """Return how many rows are asked for. Raises ValidationError."""
        told = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (told.isascii() and told.isdigit() and 1 <= int(told[:9]) <= self.max_page_size):
            message = f"Write a number from 1 to {self.max_page_size}."
            raise ValidationError({self.page_size_query_param: [message]})
        return int(told)
