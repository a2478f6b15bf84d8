"""CSV in and out of the admin: all of a file or nothing, with a look at it before.

Exporting gives what the list shows. Importing first shows what would change, row by row, and
writes nothing for it; then, when confirmed, it changes it. Errors name the row and the column, and
nothing is saved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import get_permission_codename
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from import_export.admin import ExportMixin, ImportMixin
from import_export.formats.base_formats import CSV
from import_export.forms import ConfirmImportForm, ImportForm
from import_export.tmp_storages import CacheStorage

from employees.admin.base import actor
from employees.resources.files import MOST_ROWS

LARGEST_FILE = 2 * 1024 * 1024  # bytes: far more than MOST_ROWS rows take

_TYPED = "typed_for_import"  # in the session


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file; line and column where it is about a cell."""

    words: str
    line: int | None = None
    column: str = ""


def problems_of(result: Any) -> Iterator[Problem]:
    """Everything that is wrong, from the top of the file to its end."""
    if result.base_errors:
        for error in result.base_errors:
            yield from (Problem(words) for words in _words(error.error))
        return
    found = []
    for row in result.error_rows:
        found += [Problem(words, row.number + 1) for e in row.errors for words in _words(e.error)]
    for row in result.invalid_rows:
        for column, errors in row.error_dict.items():
            name = "" if column == NON_FIELD_ERRORS else column
            found += [Problem(str(words), row.number + 1, name) for words in errors]
    yield from sorted(found, key=lambda problem: problem.line or 0)


def _words(error: Exception) -> list[str]:
    if isinstance(error, ValidationError):
        return list(error.messages)
    return ["This row can't be read."]


class UploadGone(Exception):
    """The file that was looked at is not kept any more."""


class KeptUpload(CacheStorage):  # type: ignore[misc]
    """The file between looking at it and confirming it: in the cache, which all processes share."""

    CACHE_LIFETIME = 60 * 60  # seconds

    def read(self) -> Any:
        """Read it back. Raises UploadGone."""
        data = super().read()
        if data is None:
            raise UploadGone
        return data


class CsvImportForm(ImportForm):  # type: ignore[misc]
    """Which file, and why, where limits change with it."""

    change_reason = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed when the file changes a limit, a budget, a role or a cost.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["format"].widget = forms.HiddenInput()
        self.fields["import_file"].label = "CSV file"
        self.fields["import_file"].help_text = f"At most {MOST_ROWS:,} rows at once."
        self.fields["import_file"].widget.attrs["accept"] = ".csv,text/csv"

    def clean_import_file(self) -> Any:
        """Refuse a file that is too large to be a list of people or rules."""
        file = self.cleaned_data["import_file"]
        if file.size > LARGEST_FILE:
            raise ValidationError("This file is larger than 2 MB. Bring it in in parts.")
        return file


class CsvConfirmForm(ConfirmImportForm):  # type: ignore[misc]
    """The same again, hidden, once the change was looked at."""

    change_reason = forms.CharField(required=False, widget=forms.HiddenInput)


class CsvAdmin(ImportMixin, ExportMixin):  # type: ignore[misc]
    """An admin whose list goes out as CSV and comes in as CSV."""

    import_form_class = CsvImportForm
    confirm_form_class = CsvConfirmForm
    import_template_name = "admin/employees/import.html"
    import_export_change_list_template = "admin/employees/csv_change_list.html"
    tmp_storage_class = KeptUpload
    skip_export_form = True
    skip_admin_log = True

    def get_import_formats(self) -> list[Any]:
        """CSV, and nothing else."""
        return [CSV]

    def get_export_formats(self) -> list[Any]:
        """CSV, and nothing else."""
        return [CSV]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """For those who may both add and change."""
        opts = self.opts
        return all(
            request.user.has_perm(f"{opts.app_label}.{get_permission_codename(verb, opts)}")
            for verb in ("add", "change")
        )

    def has_export_permission(self, request: HttpRequest) -> bool:
        """For those who see the list."""
        return bool(self.has_view_or_change_permission(request))

    def get_import_resource_kwargs(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Tell the resource who brings it in, and why."""
        form = kwargs.get("form")
        cleaned = getattr(form, "cleaned_data", {}) or {}
        return {"actor": actor(request), "reason": cleaned.get("change_reason", "")}

    def get_export_resource_kwargs(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Tell the resource who takes it out."""
        return {"actor": actor(request)}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """Carry the reason over."""
        initial = dict(super().get_confirm_form_initial(request, import_form))
        if import_form is not None:
            initial["change_reason"] = import_form.cleaned_data.get("change_reason", "")
        return initial

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what would be right; the exception helps nobody."""
        form.add_error(
            "import_file",
            "This can't be read as CSV. In your spreadsheet, save it as “CSV UTF-8”.",
        )

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Add, in the page's words, what is wrong with the file."""
        response: Any = super().import_action(request, **kwargs)
        result = response.context_data.get("result")
        if result is not None:
            response.context_data["problems"] = list(problems_of(result))
        return cast("HttpResponse", response)

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Carry out what was looked at."""
        try:
            return cast("HttpResponse", super().process_import(request, **kwargs))
        except UploadGone:
            return self._ask_again(request, "That was a while ago. Please choose the file again.")

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """Say what was done; what is refused now was changed by others since it was looked at."""
        if result.has_errors() or result.has_validation_errors():
            words = "Something changed meanwhile. Nothing was saved: look again."
            return self._ask_again(request, words)
        return cast("HttpResponse", super().process_result(result, request))

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        """Count what was done."""
        new, update, skip = (result.totals[kind] for kind in ("new", "update", "skip"))
        messages.success(request, f"{new} new, {update} changed, {skip} as they were.")

    def get_import_form_initial(self, request: HttpRequest) -> dict[str, Any]:
        """What was typed before the file had to be chosen again; only the file is missing."""
        typed = request.session.pop(_TYPED, {}) if request.method == "GET" else {}
        return {**super().get_import_form_initial(request), **typed}

    def _ask_again(self, request: HttpRequest, words: str) -> HttpResponse:
        """Back to choosing the file, and why."""
        messages.error(request, words)
        asked = self.import_form_class.declared_fields
        request.session[_TYPED] = {
            name: request.POST[name] for name in asked if name in request.POST
        }
        where = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")
        return HttpResponseRedirect(where)
