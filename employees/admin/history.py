"""The history of a row: who changed what from what to what, when and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import formats, timezone
from django.utils.text import capfirst

from employees.admin.amounts import NONE
from employees.admin.base import DivisionAdmin, actor, called
from employees.admin.forms import ReasonedForm
from employees.changes import save_change
from employees.money import MoneyField, format_money

_KINDS = {"+": "Made", "~": "Changed", "-": "Deleted"}
_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One change: what each field held before and after."""

    at: datetime
    who: str
    why: str
    kind: str
    changes: Sequence[tuple[str, str, str]]


class HistoryAdmin(DivisionAdmin):
    """An admin whose rows keep a history, with reasons."""

    form = ReasonedForm
    keeps_history = True

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask why, last, when something is changed."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, ("Why it changes", {"fields": ["change_reason"], "classes": ["why"]})]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save what was changed, with who and why."""
        save_change(
            obj,
            changed_by=actor(request),
            changed=form.changed_columns,
            needing=form.needs_reason,
            reason=form.cleaned_data.get("change_reason", ""),
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row's changes, the newest first, each with before and after."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        records = records_of(row)
        page = Paginator(records, _PER_PAGE).get_page(request.GET.get("p"))
        # One more: what the last of the page is compared with.
        shown = list(records[max(page.start_index() - 1, 0) : page.end_index() + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {self.title_of(row)}",
            "called": self.title_of(row),
            "page": page,
            "steps": steps_of(row, shown)[:_PER_PAGE],
            "object": row,
            "opts": self.opts,
            "module_name": capfirst(str(self.opts.verbose_name_plural)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/employees/history.html", context)


def records_of(row: Any) -> models.QuerySet[Any]:
    """What a row was after each change, the newest first, with all that it pointed to."""
    related = [field.name for field in row.history.model.tracked_fields if field.remote_field]
    records: models.QuerySet[Any] = row.history.select_related("history_user", *related)
    return records


def steps_of(row: Any, records: Sequence[Any]) -> list[Step]:
    """Each record with what it changed; the row came into being with the oldest."""
    several = _several(row, records)
    earlier: list[Any] = [*records[1:], None]
    return [
        Step(
            at=record.history_date,
            who=called(record.history_user, "Set up"),
            why=record.history_change_reason or "",
            kind=_KINDS[record.history_type],
            changes=_changes(row, before, record, several) if before is not None else (),
        )
        for record, before in zip(records, earlier, strict=True)
    ]


def _several(row: Any, records: Sequence[Any]) -> dict[Any, dict[int, str]]:
    """For each field that points to several rows: what they were called, by record."""
    held = {}
    for field in row._meta.many_to_many:
        if not hasattr(row.history.model, field.name):
            continue  # not part of its history
        there, names = field.m2m_reverse_field_name(), defaultdict(list)
        links = getattr(row.history.model, field.name).filter(history__in=records)
        for link in links.select_related(there):
            names[link.history_id].append(str(getattr(link, there)))
        held[field] = {record.pk: ", ".join(sorted(names[record.pk])) for record in records}
    return held


def _changes(
    row: Any, before: Any, after: Any, several: Mapping[Any, Mapping[int, str]]
) -> list[tuple[str, str, str]]:
    delta = after.diff_against(
        before, excluded_fields=[field.name for field in several], foreign_keys_are_objs=True
    )
    changes = []
    for change in delta.changes:
        field = row._meta.get_field(change.field)
        label = capfirst(str(field.verbose_name))
        changes.append((label, _value(row, field, change.old), _value(row, field, change.new)))
    for field, names in several.items():
        old, new = names[before.pk] or NONE, names[after.pk] or NONE
        if old != new:
            changes.append((capfirst(str(field.verbose_name)), old, new))
    return changes


def _value(row: Any, field: Any, value: Any) -> str:
    """A field's value as a person reads it."""
    if value is None or value in ("", []):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(field, MoneyField) and isinstance(value, Decimal):
        division = row if hasattr(row, "currency") else row.division
        return format_money(value, division.currency) if division else str(value)
    if isinstance(field, models.Field) and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return f"{value} %" if field.name.endswith("_percent") else str(value)
