"""What finance's pages ask for: what to export, and what a new token is to open."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundWidget
from django.utils import timezone

from budgets.days import read_month
from employees.models import Division, Employee
from employees.plain_errors import speak_plainly
from reports.errors import InvalidToken
from reports.exports.tables import TABLES
from reports.models import ExportFormat, ExportName, MachineToken
from reports.tokens import LONGEST, may_give_all_divisions, may_give_own_words

USUAL = timedelta(days=90)
_NOT_WHOLE = "Something is missing from this page. Open it once more."


class MonthField(forms.CharField):
    """A month, written as 2026-11; browsers that can let one pick it."""

    widget = forms.DateInput({"type": "month", "placeholder": "2026-11"})

    def clean(self, value: Any) -> date | None:
        """Its first day. Raises ValidationError."""
        text = super().clean(value)
        try:
            return read_month(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from error


class PullForm(forms.Form):
    """An export that someone wants now, by hand: which, of when and of whom, as what file."""

    export = forms.ChoiceField(
        label="What",
        choices=ExportName.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to export."},
    )
    month_from = MonthField(label="From the month", required=False)
    month_to = MonthField(label="To the month", required=False)
    division = forms.ChoiceField(label="Division", required=False)
    format = forms.ChoiceField(label="As", choices=ExportFormat.choices, widget=forms.RadioSelect)

    def __init__(
        self, asked: Mapping[str, Any] | None, *, divisions: Sequence[Division], today: date
    ) -> None:
        last_month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
        initial = {
            "export": ExportName.RESOLUTIONS,
            "month_from": last_month,
            "month_to": last_month,
            "format": ExportFormat.CSV,
        }
        super().__init__(asked, initial=initial, label_suffix="")
        if len(divisions) > 1:
            choices = [("", "All divisions"), *((d.code, d.name) for d in divisions)]
            self.fields["division"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["division"]
        speak_plainly(self.fields.values())

    @property
    def kinds(self) -> list[tuple[BoundWidget, str]]:
        """Each export to choose, with a line on what it holds."""
        return [(radio, TABLES[radio.data["value"]].about) for radio in self["export"]]

    def clean(self) -> dict[str, Any]:
        """Months that run backwards hold nothing: say so, instead of an empty file."""
        told = self.cleaned_data
        first, last = told.get("month_from"), told.get("month_to")
        if first and last and last < first:
            self.add_error("month_to", f"Choose {first:%B %Y} or a later month.")
        return told

    @property
    def query(self) -> str:
        """What was asked for, as the address of the export takes it."""
        told = self.cleaned_data
        asked = {
            "month_from": f"{told['month_from']:%Y-%m}" if told["month_from"] else "",
            "month_to": f"{told['month_to']:%Y-%m}" if told["month_to"] else "",
            "division": told.get("division", ""),
            "format": told["format"],
        }
        return urlencode({name: value for name, value in asked.items() if value})


class TokenForm(forms.Form):
    """What a new token is called, what it opens, and until when.

    What is right is said by `make_token`; here it is only read.
    """

    name = forms.CharField(
        label="What it is for",
        required=False,
        help_text="The program that pulls with it, such as Nightly load.",
        widget=forms.TextInput({"maxlength": MachineToken.NAME_LENGTH, "autocomplete": "off"}),
    )
    exports = forms.MultipleChoiceField(
        label="What it may pull",
        required=False,
        choices=ExportName.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    every_division = forms.BooleanField(label="All, and those to come", required=False)
    divisions = forms.MultipleChoiceField(
        label="Of which divisions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = forms.DateField(
        label="Its last day",
        help_text="A year from now at most. From then on it opens nothing, and you make a new one.",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Write its last day: a forgotten token must end by itself."},
    )
    own_words = forms.BooleanField(
        label="It also reads what people wrote in their own words",
        required=False,
        help_text="Notes and reasons, in which a customer may be named. Mostly not needed.",
    )
    request_id = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _NOT_WHOLE),
    )

    def __init__(self, told: Any = None, *, maker: Employee, divisions: Sequence[Division]) -> None:
        today = timezone.localdate()
        initial = {"last_day": today + USUAL, "request_id": uuid4()}
        super().__init__(told, initial=initial, label_suffix="")
        self.maker, self.divisions_seen = maker, {str(d.pk): d for d in divisions}
        self.fields["last_day"].widget.attrs |= {
            "min": f"{today:%Y-%m-%d}",
            "max": f"{today + LONGEST - timedelta(days=1):%Y-%m-%d}",
        }
        if not may_give_own_words(maker):
            del self.fields["own_words"]
        if may_give_all_divisions(maker):
            choices = [(pk, division.name) for pk, division in self.divisions_seen.items()]
            self.fields["divisions"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["every_division"], self.fields["divisions"]
        speak_plainly(self.fields.values())

    @property
    def asked(self) -> dict[str, Any]:
        """What `make_token` is asked for. A valid form's."""
        told = self.cleaned_data
        chosen = told.get("divisions", self.divisions_seen)  # with one, there is no choice
        of = [self.divisions_seen[pk] for pk in chosen]
        return {
            "name": told["name"],
            "exports": told["exports"],
            "divisions": None if told.get("every_division") else of,
            "own_words": told.get("own_words", False),
            "expires_at": _end_of(told["last_day"]),
            "request_id": told["request_id"],
        }

    def with_new_request_id(self) -> None:
        """Let what is sent next be a request of its own: this one has got its answer."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["request_id"] = str(uuid4())
        self.data = data

    def show(self, refusal: InvalidToken) -> None:
        """Say at each field what was refused."""
        for field, messages in refusal.errors.items():
            name = "last_day" if field == "expires_at" else field
            self.add_error(name if name in self.fields else None, messages)


def _end_of(day: date) -> datetime:
    """The moment after a day is over, where the person is. The last of all days has none."""
    try:
        midnight = datetime.combine(day + timedelta(days=1), time.min)
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.get_current_timezone())
    return timezone.make_aware(midnight)
