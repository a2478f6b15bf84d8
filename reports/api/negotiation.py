"""Which kind of file an export answers with: `format=…`, or else what `Accept` asks for."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from rest_framework.exceptions import NotAcceptable, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.utils.mediatypes import _MediaType

from reports.models import ExportFormat

_NEVER = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")  # the weight of what is not wanted


class _File(BaseRenderer):
    """A kind of file. Nothing is rendered: the rows go out as they come."""

    charset: str | None = None

    def render(self, data: Any, *_: Any, **__: Any) -> Any:
        """Return what is there already."""
        return data


class CsvFile(_File):
    """CSV in UTF-8."""

    media_type, format = "text/csv", ExportFormat.CSV.value
    charset = "utf-8"


class JsonLinesFile(_File):
    """One JSON object a line, in UTF-8."""

    media_type, format = "application/jsonl", ExportFormat.JSONL.value


class ExcelFile(_File):
    """Excel's workbook."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = ExportFormat.XLSX.value


class ParquetFile(_File):
    """Apache Parquet."""

    media_type, format = "application/vnd.apache.parquet", ExportFormat.PARQUET.value


FILES: tuple[type[_File], ...] = (CsvFile, JsonLinesFile, ExcelFile, ParquetFile)


class FileNegotiation(DefaultContentNegotiation):
    """`format` counts, whatever `Accept` says; an unknown one is told as any other mistake is.

    `Accept` is read with its weights.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """Return what writes it, and its media type. Raises ValidationError, NotAcceptable."""
        if told := request.query_params.get("format"):
            known = _known_format(told)
            chosen = next(renderer for renderer in renderers if renderer.format == known)
            return chosen, chosen.media_type
        accepted = [_MediaType(each) for each in self.get_accept_list(request)]
        chosen = max(renderers, key=lambda renderer: _wanted(renderer, accepted))
        if _wanted(chosen, accepted)[0] == 0:
            raise NotAcceptable(available_renderers=list(renderers))
        return chosen, chosen.media_type


def _wanted(renderer: BaseRenderer, accepted: Iterable[Any]) -> tuple[float, int]:
    """How much a kind of file is wanted, from 0 to 1, and how exactly it was named."""
    file = _MediaType(renderer.media_type)
    exact, weight = max(
        ((each.precedence, _weight(each)) for each in accepted if file.match(each)),
        default=(0, 0.0),
    )
    return weight, exact


def _weight(accepted: Any) -> float:
    """What `q` says of it: 1 unless told; what can't be read counts as not told."""
    told = accepted.params.get("q", "1")
    return float(told) if re.fullmatch(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?", told) else 1.0


def format_of(told: QueryDict) -> ExportFormat:
    """The format that a browser's address names; CSV for none. Raises ValidationError."""
    return _known_format(told.get("format") or ExportFormat.CSV)


def _known_format(name: str) -> ExportFormat:
    if name not in ExportFormat.values:
        listed = ", ".join(ExportFormat.values)
        raise ValidationError({"format": [f"There is no such format. There is: {listed}."]})
    return ExportFormat(name)


def takes_gzip(request: Request) -> bool:
    """Whether whoever asks unpacks gzip: `Accept-Encoding: gzip`."""
    for coding in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() in ("gzip", "x-gzip"):
            return not _NEVER.fullmatch(weight)
    return False
