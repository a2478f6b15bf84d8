"""`GET exports/` and `GET exports/{name}/`: what leaves the program, as a file."""

from collections.abc import Iterable
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from reports.api.asked import wanted
from reports.api.authentication import ExportToken, reader_of
from reports.api.filters import filters_of
from reports.api.negotiation import FILES, FileNegotiation, takes_gzip
from reports.exports.kinds import Kind
from reports.exports.pull import Wanted, pull
from reports.exports.table import Table
from reports.exports.tables import TABLES
from reports.models import ExportFormat
from reports.reader import Reader

PACKED = (ExportFormat.CSV, ExportFormat.JSONL)  # the others are packed in themselves


class ColumnAnswer(serializers.Serializer[Any]):
    """A column of an export."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=[str(kind) for kind in Kind])
    about = serializers.CharField()
    own_words = serializers.BooleanField(
        help_text="What people wrote freely: it comes only when asked for, to those who may."
    )


class ExportAnswer(serializers.Serializer[Any]):
    """An export, with its columns in their order."""

    name = serializers.CharField()
    about = serializers.CharField()
    comes_again = serializers.BooleanField(
        help_text="Whether a pull of what is new also holds rows that were changed since."
    )
    columns = ColumnAnswer(many=True)


class Exports(APIView):
    """What can be exported."""

    authentication_classes = (ExportToken,)

    @extend_schema(operation_id="list_exports", tags=["exports"], responses=ExportAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List the exports that you may pull, with their columns.

        Names and order of the columns stay; new ones are added at the end.
        """
        opened = reader_of(request).exports
        return Response([_export_json(table) for table in TABLES.values() if table.name in opened])


def _export_json(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "about": table.about,
        "comes_again": table.come_again,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "about": column.about,
                "own_words": column.own_words,
            }
            for column in table.columns
        ],
    }


class Export(APIView):
    """One of the exports, as a file."""

    authentication_classes = (ExportToken,)
    content_negotiation_class = FileNegotiation
    renderer_classes = FILES
    table: Table

    def get(self, request: Request) -> StreamingHttpResponse:
        """Pull it."""
        reader = reader_of(request)
        asked_for = self._wanted(request, reader)
        pulled = pull(asked_for, reader=reader, at=timezone.now())
        response = file_answer(pulled.stream, asked_for)
        if pulled.following:
            response["Leeway-Next"] = pulled.following
            here = request.build_absolute_uri()
            there = replace_query_param(here, "after", pulled.following)
            response["Link"] = f'<{there}>; rel="next"'
        return response

    def head(self, request: Request) -> StreamingHttpResponse:
        """Tell what file it would be. Nothing is pulled, and nothing goes into the log."""
        return file_answer((), self._wanted(request, reader_of(request)))

    def _wanted(self, request: Request, reader: Reader) -> Wanted:
        file_format = ExportFormat(request.accepted_renderer.format)
        return wanted(
            request.query_params,
            table=self.table,
            reader=reader,
            file_format=file_format,
            gzip=takes_gzip(request) and file_format in PACKED,
        )


def file_answer(pieces: Iterable[bytes], asked_for: Wanted) -> StreamingHttpResponse:
    """The file as it goes out, with a name to keep it under."""
    kind = next(file for file in FILES if file.format == asked_for.format)
    content_type = f"{kind.media_type}; charset={kind.charset}" if kind.charset else kind.media_type
    response = StreamingHttpResponse(pieces, content_type=content_type)
    name = f"leeway-{asked_for.table.name}-{timezone.now():%Y-%m-%d}.{asked_for.format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept", "Accept-Encoding"])
    if asked_for.gzip:
        response["Content-Encoding"] = "gzip"
    return response


_FORMAT = OpenApiParameter(
    "format", enum=ExportFormat.values, description="The kind of file, whatever `Accept` says."
)
_COLUMNS = OpenApiParameter(
    "columns",
    description="Which columns, in which order, with commas between them; `GET exports/` lists "
    "them. The usual ones unless told.",
)
_AFTER = OpenApiParameter(
    "after",
    description="Only what is new: `beginning` the first time, then the cursor that the answer "
    "before ended with (`Leeway-Next`, `Link`, and the last line of a CSV or JSON Lines file). Not "
    "together with `closed_in`.",
)
_NEXT = (
    OpenApiParameter("Leeway-Next", location=OpenApiParameter.HEADER, response=True),
    OpenApiParameter("Link", location=OpenApiParameter.HEADER, response=True),
)
_ANSWERS = {(200, file.media_type): OpenApiTypes.BINARY for file in FILES}


def _view_of(table: Table) -> type[Export]:
    """The view of one export, described for OpenAPI with its own filters."""
    again = "A pull of what is new also has rows that were changed: replace those with their `id`."
    stays = again if table.come_again else "A row is there once, and stays as it is."
    described = extend_schema(
        operation_id=f"export_{table.name}",
        tags=["exports"],
        description=f"{table.about}\n\n{stays}",
        filters=True,
        parameters=[_FORMAT, _COLUMNS, _AFTER, *_NEXT],
        responses=_ANSWERS,
    )
    view = type(
        f"Export{table.name.title()}",
        (Export,),
        {
            "table": table,
            "filter_backends": (DjangoFilterBackend,),
            "filterset_class": filters_of(table.name),
            "queryset": table.rows().none(),
        },
    )
    return extend_schema_view(get=described)(view)


EXPORTS: dict[str, type[Export]] = {name: _view_of(table) for name, table in TABLES.items()}
