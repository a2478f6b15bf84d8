"""Pages of a list by cursor: steady while rows are added, and the last as quick as the first.

A cursor holds the whole position of a row, in every column of the order, and a page begins right
after it: the database seeks that place in an index and counts off no rows on its way. A cursor is
signed together with the list, its order and its filters, so that it leads nowhere else.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.signing import BadSignature, Signer
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rest_framework.views import APIView  # it imports this module, by the settings

CURSOR, PAGE_SIZE, ORDERING = "cursor", "page_size", "ordering"
USUAL_SIZE, LARGEST = 50, 200

Order: TypeAlias = tuple[str, ...]


class Pages(BasePagination):
    """`next` and `previous` are whole addresses, or null; follow them as they are.

    The view's `orders` say by which column its list can be ordered, the usual one first; each is
    served by an index, with the number of the row to break ties. Where a column may be empty, its
    order lists the rows that have it.
    """

    def paginate_queryset(
        self, queryset: Any, request: Request, view: "APIView | None" = None
    ) -> list[Any]:
        """Return the rows of the page. Raises ValidationError for a cursor that is not ours."""
        self._request = request
        self._order = _order_asked_for(request, view)
        size = _size_asked_for(request)
        backwards, position = self._where_to_begin()
        rows = _in_order(queryset, self._order, backwards=backwards)
        if position:
            rows = rows.filter(_beyond(position, self._order, queryset.model, backwards=backwards))
        found = list(rows[: size + 1])
        page, is_more = found[:size], len(found) > size
        if backwards:
            page.reverse()
        self._next = page[-1] if page and (is_more or backwards) else None
        self._previous = page[0] if page and (is_more if backwards else position) else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """Answer with the page and the addresses of those beside it."""
        return Response(
            {
                "next": self._address_of(self._next, backwards=False),
                "previous": self._address_of(self._previous, backwards=True),
                "results": data,
            }
        )

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
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": USUAL_SIZE}
        order = {"type": "string", "enum": list(view.orders), "default": view.orders[0]}
        ways = "From the least on, or with `-` from the greatest on. "
        told = [
            (CURSOR, "Where the page begins. Follow `next` and `previous`.", {"type": "string"}),
            (PAGE_SIZE, "How many there are on a page.", size),
            (ORDERING, (ways + getattr(view, "orders_help", "")).strip(), order),
        ]
        return [
            {"name": name, "in": "query", "required": False, "description": words, "schema": schema}
            for name, words, schema in told
        ]

    def _where_to_begin(self) -> tuple[bool, list[str]]:
        """Whether to read backwards, and from which position on: none for the first page.

        Raises ValidationError.
        """
        told = self._request.query_params.get(CURSOR)
        if told is None:
            return False, []
        try:
            backwards, position = self._signer().unsign_object(told)
        except BadSignature:
            message = "This is no cursor of this list, in this order and with these filters. "
            raise ValidationError({CURSOR: [message + "Begin again without one."]}) from None
        return backwards, position

    def _address_of(self, row: Model | None, *, backwards: bool) -> str | None:
        """The address of the page that begins beside a row."""
        if row is None:
            return None
        position = [_field(row, name).value_to_string(row) for name in self._order]
        cursor = self._signer().sign_object([backwards, position])
        return replace_query_param(self._request.build_absolute_uri(), CURSOR, cursor)

    def _signer(self) -> Signer:
        asked = self._request.query_params.lists()
        filters = sorted((n, v) for n, v in asked if n not in (CURSOR, PAGE_SIZE, ORDERING))
        return Signer(sep=".", salt=repr([self._request.path, self._order, filters]))


def _order_asked_for(request: Request, view: Any) -> Order:
    """The columns to order by. Raises ValidationError for an order that there is not."""
    told = request.query_params.get(ORDERING, view.orders[0])
    if told not in view.orders:
        listed = ", ".join(view.orders)
        raise ValidationError({ORDERING: [f"There is no such order here. There is: {listed}."]})
    sign = "-" if told.startswith("-") else ""
    return (told,) if told.lstrip("-") == "id" else (told, f"{sign}id")


def _size_asked_for(request: Request) -> int:
    """How many rows. Raises ValidationError."""
    told = request.query_params.get(PAGE_SIZE, str(USUAL_SIZE))
    if not (told.isascii() and told.isdigit() and 1 <= int(told[:9]) <= LARGEST):
        raise ValidationError({PAGE_SIZE: [f"Write a number from 1 to {LARGEST}."]})
    return int(told)


def _in_order(rows: QuerySet[Any], order: Order, *, backwards: bool) -> QuerySet[Any]:
    if _field(rows.model, order[0]).null:
        rows = rows.filter(**{f"{_name(order[0])}__isnull": False})
    ordered = rows.order_by(*order)
    return ordered.reverse() if backwards else ordered


def _beyond(position: list[str], order: Order, model: type[Model], *, backwards: bool) -> Func:
    """The rows that come after a position, or before it: `(opened_at, id) < (…, …)`.

    PostgreSQL seeks all of it in an index over these columns; SQLite, where a row's number is no
    column of an index, seeks the first and passes over the rows that share it, in the index alone.
    Written out with OR and AND, both would read all rows of one moment.
    """
    fields = [_field(model, name) for name in order]
    values = (
        Value(field.to_python(text), output_field=field)
        for field, text in zip(fields, position, strict=True)
    )
    sign = "<" if order[0].startswith("-") != backwards else ">"
    sides = (_row(F(_name(column)) for column in order), _row(values))
    return Func(
        *sides, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField()
    )


def _row(parts: "Iterable[F | Value]") -> Func:
    return Func(*parts, function="", output_field=BooleanField())


def _name(column: str) -> str:
    return column.removeprefix("-")


def _field(of: Any, column: str) -> Any:
    return of._meta.get_field(_name(column))
