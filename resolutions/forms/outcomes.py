"""Short forms of the case page: how it ended without a remedy, who has it now, what came up."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from budgets.models import NOTE_LENGTH
from policies.models import Channel
from resolutions.errors import InvalidCase
from resolutions.forms.gives import text_field
from resolutions.forms.request import RequestForm
from resolutions.problem import Give


def _words(label: str, **attributes: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea({"rows": 3, **attributes})
    )


class OutcomeForm(RequestForm):
    """A form that is folded away until it is needed, or until something in it is wrong."""

    def show(self, refusal: InvalidCase, gives: Sequence[Give] = ()) -> list[str]:
        """See `RequestForm.show`; who is sent back begins at the first field that is wrong."""
        names = super().show(refusal, gives)
        first = next((name for name in self.fields if name in names), None)
        if first is not None:
            self.fields[first].widget.attrs["autofocus"] = True
        return names


class ClosingForm(OutcomeForm):
    """An explanation or an apology was enough."""

    said = _words("What did you say?")


class HandingOverForm(OutcomeForm):
    """Someone else has to take it over."""

    to = text_field("To whom?")
    reason = _words("Why? It shows where more authority would help.")


class TakingUpForm(OutcomeForm):
    """The customer came back."""

    channel = forms.CharField(
        label="Where did they tell you?", widget=forms.Select(choices=Channel.choices)
    )
    note = _words("What did they say?")


class GivingBackForm(OutcomeForm):
    """A remedy could not be carried out; there is one such form for each on the page."""

    reason = text_field("Why could it not be carried out?", maxlength=NOTE_LENGTH)

    def __init__(self, typed: Mapping[str, Any] | None = None, *, resolution: int) -> None:
        super().__init__(typed, auto_id=f"id_%s_{resolution}")


class CouldNotForm(RequestForm):
    """Something one wanted to do and could not."""

    words = forms.CharField(
        label="What could you not do for the customer?",
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": "Write in your own words what you wanted to do.",
            "max_length": "Write at most 4,000 characters.",
        },
    )
