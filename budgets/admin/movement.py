"""What every form that moves money asks for: why, and a number by which it is sent once."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from budgets.errors import InvalidMovement
from budgets.ledger import checked_reason
from budgets.models import NOTE_LENGTH
from employees.plain_errors import speak_plainly


class ReasonForm(forms.Form):
    """Why; who asks says what becomes of it."""

    reason_label: ClassVar[str] = "Why"
    reason_help: ClassVar[str] = ""

    reason = forms.CharField(
        required=False,  # the ledger asks for it, in its own words
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": NOTE_LENGTH}),
    )
    error_css_class: ClassVar[str] = "errors"

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")
        speak_plainly(self.fields.values())
        self.fields["reason"].label = self.reason_label
        self.fields["reason"].help_text = self.reason_help

    def clean_reason(self) -> str:
        """Refuse what the ledger would refuse."""
        try:
            return checked_reason(self.cleaned_data["reason"])
        except InvalidMovement as error:
            raise ValidationError(error.errors["reason"]) from error


class MovementForm(ReasonForm):
    """Why, sent once."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean(self) -> dict[str, Any]:
        """A page that lost its number can't be sent: it could move the money twice."""
        if "request_id" not in self.cleaned_data:
            raise ValidationError("Something is missing from this page. Open it once more.")
        return self.cleaned_data
