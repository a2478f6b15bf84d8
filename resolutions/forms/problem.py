"""The case form: what went wrong, who and which order, and what to give."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from policies.models import Channel
from policies.rules import Rulebook
from resolutions.errors import InvalidCase
from resolutions.forms.details import DetailsForm
from resolutions.problem import Details, Give, Problem

PICK = {"reason_code": "Pick what went wrong.", "channel": "Say where it was told."}


class CaseForm(DetailsForm):
    """Everything that is told of a new case."""

    channel = forms.CharField(
        label="Where it was told", required=False, widget=forms.Select(choices=Channel.choices)
    )
    note = forms.CharField(
        label="Note, for colleagues", required=False, widget=forms.Textarea({"rows": 3})
    )
    said = forms.CharField(
        label="What did you say?", required=False, widget=forms.Textarea({"rows": 3})
    )
    reason_code = forms.CharField(label="What went wrong?", required=False)

    def __init__(
        self,
        typed: Mapping[str, Any] | None = None,
        *,
        rulebook: Rulebook,
        channel: str = "",
    ) -> None:
        reason = rulebook.reason(str((typed or {}).get("reason_code", "")))
        super().__init__(typed, rulebook=rulebook, reason=reason)
        self.initial["channel"] = channel
        self.reasons = [reason for reason in rulebook.reasons if reason.is_active]

    def problem(self, details: Details, *, briefly: bool = False) -> Problem:
        """The problem with these details; `briefly` leaves out the note, which decides nothing."""
        return Problem(
            reason_code=self.typed("reason_code"),
            channel=self.typed("channel") or str(self.initial.get("channel") or ""),
            note="" if briefly else self.typed("note"),
            customer=details.customer,
            order_reference=details.order_reference,
            order_value=details.order_value,
            order_date=details.order_date,
            facts=details.facts,
            apart_from_incident=details.apart_from_incident,
        )

    def show(self, refusal: InvalidCase, gives: Sequence[Give] = ()) -> list[str]:
        """See `RequestForm.show`; codes, which programs are told, are not for people."""
        in_words = {key: [PICK[key]] for key in PICK if key in refusal.errors}
        return super().show(InvalidCase({**refusal.errors, **in_words}), gives)
