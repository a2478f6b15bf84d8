"""The form of a mass incident: what happened, whom it hits, from when to when, and its fund."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from budgets.errors import InvalidMovement
from budgets.top_ups import checked_amount
from employees.admin.amounts import AmountField
from employees.admin.forms import ReasonedForm
from employees.models import Team
from resolutions.errors import RequestConflict
from resolutions.incidents import opened_before


class IncidentForm(ReasonedForm):
    """A change of whom it hits, or when, says why."""

    needs_reason = frozenset({"teams", "starts_at", "ends_at"})

    class Meta:
        labels = {
            "rationale": "What happened, and why it is paid for so",
            "customer_wording": "Words to say to customers",
            "starts_at": "From",
            "ends_at": "Until",
        }
        help_texts = {
            "name": "What people call it: Storm in Perth.",
            "rationale": "Whoever takes in a case of it reads this.",
            "customer_wording": "As it is said: Yes, we know, and we are on it.",
        }

    def clean_teams(self) -> Sequence[Team]:
        """Refuse teams of another division: the choices may be of several."""
        teams: Sequence[Team] = self.cleaned_data["teams"]
        division = self.cleaned_data.get("division") or self._division_of(self.instance)
        if division and any(team.division_id != division.pk for team in teams):
            raise ValidationError("Choose teams of the incident’s division.")
        return teams


class OpeningForm(IncidentForm):
    """A new incident, which is given its fund."""

    fund_amount = AmountField(
        label="Its fund",
        help_text="At cost. When it is used up, people’s own months pay again. You can top it up.",
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def clean_fund_amount(self) -> Any:
        """Refuse what the ledger would refuse."""
        division = self.cleaned_data.get("division") or self._division_of(self.instance)
        amount = self.cleaned_data["fund_amount"]
        if division is None:
            return amount  # the division is missing, which is told
        try:
            return checked_amount(amount, division.currency)
        except InvalidMovement as error:
            raise ValidationError(error.errors["amount"]) from error

    def _post_clean(self) -> None:
        """Say so, when the same page was sent before with something else in it."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        self.instance.request_id = self.cleaned_data["once"]
        try:
            opened_before(
                self.instance,
                fund=self.cleaned_data["fund_amount"],
                teams=self.cleaned_data["teams"],
            )
        except RequestConflict:
            self.add_error(
                None,
                "This page opened an incident already, with something else in it. Look at the "
                "list; to open another, start anew.",
            )
