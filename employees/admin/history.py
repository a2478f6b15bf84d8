"""The history of a row: who changed what from what to what, when and why."""

from collections.abc import Sequence
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
        steps = steps_of(row)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {self.title_of(row)}",
            "called": self.title_of(row),
            "page": Paginator(steps, _PER_PAGE).get_page(request.GET.get("p")),
            "object": row,
            "opts": self.opts,
            "module_name": capfirst(str(self.opts.verbose_name_plural)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/employees/history.html", context)


def steps_of(row: Any) -> list[Step]:
    """All changes of a row that keeps a history, the newest first."""
    related = [f.name for f in row.history.model.tracked_fields if f.remote_field]
    records = list(row.history.select_related("history_user", *related))
    earlier: list[Any] = [*records[1:], None]
    return [
        Step(
            at=record.history_date,
            who=called(record.history_user, "Set up"),
            why=record.history_change_reason or "",
            kind=_KINDS[record.history_type],
            changes=_changes(row, before, record) if before is not None else (),
        )
        for record, before in zip(records, earlier, strict=True)
    ]


def _changes(row: Any, before: Any, after: Any) -> list[tuple[str, str, str]]:
    delta = after.diff_against(before, foreign_keys_are_objs=True)
    changes = []
    for change in delta.changes:
        field = row._meta.get_field(change.field)
        label = capfirst(str(field.verbose_name))
        changes.append((label, _value(row, field, change.old), _value(row, field, change.new)))
    return changes


def _value(row: Any, field: Any, value: Any) -> str:
    """A field's value as a person reads it."""
    if value is None or value in ("", []):
        return NONE
    if isinstance(field, models.ManyToManyField):
        there = field.m2m_reverse_field_name()
        return ", ".join(sorted(str(each[there]) for each in value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, MoneyField) and isinstance(value, Decimal):
        division = row if hasattr(row, "currency") else row.division
        return format_money(value, division.currency) if division else str(value)
    if isinstance(field, models.Field) and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return f"{value} %" if field.name.endswith("_percent") else str(value)
