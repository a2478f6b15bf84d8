"""The list of rules as a matrix: out as CSV or XLSX, in again with a look at it before."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from import_export.formats.base_formats import Format

from employees.admin.base import actor
from employees.admin.spreadsheets import CsvAdmin
from employees.models import Division
from policies.admin.matrix_form import PUBLISHED, MatrixConfirmForm, MatrixImportForm
from policies.matrix.columns import COLUMNS
from policies.matrix.csv_file import write_csv
from policies.matrix.files import read_file
from policies.matrix.resource import MatrixResource
from policies.matrix.table import Table
from policies.matrix.template import example_rows, write_template
from policies.matrix.xlsx import write_xlsx
from policies.versions import Standing

_CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Matrix(Format):  # type: ignore[misc]
    """CSV or XLSX: which of the two it is, the file itself says."""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        """Its name in a choice of one."""
        return "matrix"

    def create_dataset(self, in_stream: bytes) -> Table:
        """Read it. Raises ValidationError."""
        return read_file(in_stream)


class MatrixAdmin(CsvAdmin):
    """Import, export and a template, above the list of rules."""

    resource_classes = [MatrixResource]
    import_form_class = MatrixImportForm
    confirm_form_class = MatrixConfirmForm
    import_template_name = "admin/policies/matrix_import.html"
    import_export_change_list_template = "admin/policies/matrix_change_list.html"

    def get_import_formats(self) -> list[Any]:
        """One for both kinds of file."""
        return [Matrix]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """For those who write the rules of a division, which is theirs."""
        return super().has_import_permission(request) and actor(request).division_id is not None

    def get_urls(self) -> list[URLPattern]:
        """The template has an address of its own."""
        view = self.admin_site.admin_view(self.template)
        return [
            path("template/<str:kind>/", view, name="policies_policy_template"),
            *super().get_urls(),
        ]

    def get_import_resource_kwargs(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Tell it, too, whether to publish, and what was looked at."""
        asked = getattr(kwargs.get("form"), "cleaned_data", {})
        return {
            **super().get_import_resource_kwargs(request, *args, **kwargs),
            "publishing": asked.get("standing") == PUBLISHED,
            "seen": asked.get("seen"),
        }

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        """Carry the choice over."""
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form is not None:
            initial["standing"] = import_form.cleaned_data["standing"]
        return initial

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Remember which rules were looked at: others may change them before it is confirmed."""
        response: Any = super().import_action(request, **kwargs)
        page = response.context_data
        page["columns"] = COLUMNS
        if confirm_form := page.get("confirm_form"):
            confirm_form.initial["seen"] = page["result"].seen
            page["publishing"] = confirm_form.initial["standing"] == PUBLISHED
        return cast("HttpResponse", response)

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        """Say what would be right."""
        if not isinstance(e, ValidationError):
            raise e
        form.add_error("import_file", e)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """Lead to where the rules are: drafts are in no list of what holds."""
        answer = super().process_result(result, request)
        if result.has_errors() or result.has_validation_errors() or not _as_drafts(request):
            return answer
        where = reverse("admin:policies_policy_changelist")
        return HttpResponseRedirect(f"{where}?standing={Standing.DRAFT}")

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        """Count what was done, and say of drafts that they decide nothing."""
        super().add_success_message(result, request)
        if _as_drafts(request):
            words = "They are kept as drafts, and decide nothing until you publish them."
            messages.success(request, words)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The rules in force and scheduled of one division, whatever the list shows."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        division = self._division_of(request)
        if division is None:
            messages.error(request, "Choose a division in the list first: a matrix is of one.")
            return HttpResponseRedirect(reverse("admin:policies_policy_changelist"))
        rows = MatrixResource(actor=actor(request)).write(division)
        kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
        write = write_xlsx if kind == "xlsx" else write_csv
        return _file(write(rows), f"{division.code}-rules-{timezone.localdate()}", kind)

    def template(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Headings and a few examples with the division's own codes, to fill in."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if kind not in _CONTENT_TYPES:
            raise Http404
        division = cast("Division", actor(request).division)
        write = write_template if kind == "xlsx" else lambda d: write_csv(example_rows(d))
        return _file(write(division), f"{division.code}-rules-template", kind)

    def _division_of(self, request: HttpRequest) -> Division | None:
        """One's own, or the one that the list is filtered by."""
        divisions = Division.objects.visible_to(actor(request))
        if len(divisions) == 1:
            return divisions[0]
        asked = request.GET.get("division__id__exact", "")
        return next((d for d in divisions if str(d.pk) == asked), None)


def _as_drafts(request: HttpRequest) -> bool:
    """Whether what was confirmed is only kept as drafts."""
    return request.POST.get("standing") != PUBLISHED


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(data, content_type=_CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
