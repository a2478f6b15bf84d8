"""What is asked when a matrix is brought in: the file, drafts or published, and why."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminRadioSelect

from employees.admin.spreadsheets import CsvConfirmForm, CsvImportForm
from employees.resources.files import MOST_ROWS

DRAFTS, PUBLISHED = "drafts", "published"


class MatrixImportForm(CsvImportForm):
    """A spreadsheet with one row a rule."""

    standing = forms.ChoiceField(
        label="Bring them in",
        choices=[
            (DRAFTS, "as drafts, which decide nothing until they are published"),
            (PUBLISHED, "published, from their dates on"),
        ],
        initial=DRAFTS,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
    )
    field_order = ["resource", "format", "import_file", "standing", "change_reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file, why = self.fields["import_file"], self.fields["change_reason"]
        file.label = "XLSX or CSV file"
        file.help_text = f"One row a rule, at most {MOST_ROWS:,} rows at once."
        file.widget.attrs["accept"] = ".xlsx,.csv,text/csv"
        why.help_text = "Needed when rules that are published already change. Kept with them."


class MatrixConfirmForm(CsvConfirmForm):
    """The same again, hidden, with a fingerprint of the rules that were looked at."""

    standing = forms.ChoiceField(
        choices=[(DRAFTS, DRAFTS), (PUBLISHED, PUBLISHED)], widget=forms.HiddenInput
    )
    seen = forms.CharField(widget=forms.HiddenInput)
