"""What a lead writes to a decision that they looked at."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from resolutions.errors import InvalidCase


class ReviewForm(forms.Form):
    """The note that goes with it; there is one such form for each decision on the page."""

    note = forms.CharField(
        label="What is there to learn from it?",
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, typed: Mapping[str, Any] | None = None, *, review: int) -> None:
        super().__init__(typed, auto_id=f"id_%s_{review}")

    def show(self, refusal: InvalidCase) -> None:
        """Show what was refused where it belongs; who is sent back begins at the note."""
        for field, messages in refusal.errors.items():
            name = field if field in self.fields else None
            self.add_error(name, ValidationError(messages))
        self.fields["note"].widget.attrs["autofocus"] = True

    @property
    def wrong(self) -> str:
        """All that is wrong with it, where the form itself can not be shown."""
        return " ".join(str(each) for messages in self.errors.values() for each in messages)
