"""The case form: what went wrong, who and which order, and what to give."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from employees.money import currency_symbol
from employees.typed_money import read_typed_money
from policies.facts import FactKind, FactTerms
from policies.models import Channel
from policies.rules import ReasonTerms, Rulebook
from resolutions.errors import InvalidCase
from resolutions.forms.gives import EXACT, GivesForm, text_field
from resolutions.problem import CustomerDetails, Give, Problem

PICK = {"reason_code": "Pick what went wrong.", "channel": "Say where it was told."}
FEW = 5  # choices that are shown side by side instead of in a list


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field for a fact that the reason code asks for."""

    fact: FactTerms
    field: BoundField


class CaseForm(GivesForm):
    """Everything that is told of a case. Nothing is required here: the acts know what is."""

    order_value = text_field("Order value", inputmode="decimal", **EXACT)
    customer_reference = text_field("Customer", placeholder="phone or ID", **EXACT)
    order_reference = text_field("Order number", **EXACT)
    customer_name = text_field("Name")
    customer_email = text_field("E-mail", type="email", inputmode="email")
    order_date = forms.CharField(
        label="Day of the order", required=False, widget=forms.DateInput({"type": "date"})
    )
    channel = forms.CharField(
        label="Where it was told", required=False, widget=forms.Select(choices=Channel.choices)
    )
    note = forms.CharField(
        label="Note, for colleagues", required=False, widget=forms.Textarea({"rows": 3})
    )
    said = forms.CharField(
        label="What did you say?", required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self,
        typed: Mapping[str, Any] | None = None,
        *,
        rulebook: Rulebook,
        channel: str = "",
    ) -> None:
        super().__init__(typed, rulebook=rulebook)
        self.initial["channel"] = channel
        sign = currency_symbol(rulebook.currency)
        self.fields["order_value"].widget.attrs["placeholder"] = sign
        self.reasons = [reason for reason in rulebook.reasons if reason.is_active]
        self.fields["reason_code"] = forms.CharField(label="What went wrong?", required=False)
        for fact in self.reason.facts if self.reason else ():
            self.fields[f"fact-{fact.key}"] = _fact_field(fact)

    @property
    def reason(self) -> ReasonTerms | None:
        """The reason code that was picked."""
        return self.rulebook.reason(str(self.data.get("reason_code", "")))

    @property
    def asked_fields(self) -> list[AskedField]:
        """The fields for the facts that the reason code asks for."""
        facts = self.reason.facts if self.reason else ()
        return [AskedField(fact, self[f"fact-{fact.key}"]) for fact in facts]

    @property
    def has_details(self) -> bool:
        """Whether something stands in the fields that are folded away."""
        folded = ("order_reference", "customer_name", "customer_email", "order_date", "note")
        return any(self.typed(name) or self[name].errors for name in folded)

    def problem(self, leaving_out: Collection[str] = (), *, briefly: bool = False) -> Problem:
        """What was told. Raises InvalidCase by field for what can't be read.

        Fields in `leaving_out` count as not told. `briefly` leaves out what decides nothing: who
        is still typing an e-mail address is not corrected half-way.
        """
        told = {name for name in self.fields if name not in leaving_out and self.typed(name)}
        errors: dict[str, list[str]] = {}
        problem = Problem(
            reason_code=self.typed("reason_code"),
            channel=self.typed("channel") or str(self.initial.get("channel") or ""),
            customer=self._customer(told, briefly=briefly),
            order_reference=self.typed("order_reference") if "order_reference" in told else "",
            order_value=self._order_value(errors) if "order_value" in told else None,
            order_date=self._order_date(errors) if "order_date" in told else None,
            facts={
                asked.fact.key: self.typed(asked.field.name)
                for asked in self.asked_fields
                if asked.field.name in told
            },
            note="" if briefly else self.typed("note"),
        )
        if errors:
            raise InvalidCase(errors)
        return problem

    def read(self) -> tuple[Problem, list[Give]]:
        """All that was told and chosen. Raises InvalidCase for all that can't be read."""
        errors: dict[str, list[str]] = {}
        try:
            problem = self.problem()
        except InvalidCase as wrong:
            errors |= wrong.errors
        try:
            gives = self.gives()
        except InvalidCase as wrong:
            errors |= wrong.errors
        if errors:
            raise InvalidCase(errors)
        return problem, gives

    def show(self, refusal: InvalidCase, gives: Sequence[Give] = ()) -> list[str]:
        """See `RequestForm.show`; codes, which programs are told, are not for people."""
        in_words = {key: [PICK[key]] for key in PICK if key in refusal.errors}
        return super().show(InvalidCase({**refusal.errors, **in_words}), gives)

    def field_named(self, key: str, gives: Sequence[Give]) -> str:
        """See `GivesForm.field_named`."""
        part, _, rest = key.partition(".")
        names = {"facts": f"fact-{rest}", "customer": f"customer_{rest}"}
        return super().field_named(names.get(part, key), gives)

    def _customer(self, told: set[str], *, briefly: bool) -> CustomerDetails | None:
        parts = {
            part: self.typed(f"customer_{part}") if f"customer_{part}" in told else ""
            for part in ("reference", "name", "email")
        }
        if briefly:
            return CustomerDetails(parts["reference"]) if parts["reference"] else None
        return CustomerDetails(**parts) if any(parts.values()) else None

    def _order_value(self, errors: dict[str, list[str]]) -> Decimal | None:
        try:
            return read_typed_money(self.typed("order_value"), self.rulebook.currency)
        except ValidationError as error:
            errors["order_value"] = error.messages
            return None

    def _order_date(self, errors: dict[str, list[str]]) -> date | None:
        try:
            return date.fromisoformat(self.typed("order_date"))
        except ValueError:
            errors["order_date"] = ["Write the day of the order, such as 2026-11-22."]
            return None


def _fact_field(fact: FactTerms) -> forms.Field:
    """A field by the fact's kind; the acts read and check what is typed into it."""
    label = fact.label[:1].upper() + fact.label[1:]
    if fact.unit and fact.unit not in fact.label:
        label = f"{label}, in {fact.unit}"
    match fact.kind:
        case FactKind.YES_NO:
            choices = [("yes", "Yes"), ("no", "No")]
        case FactKind.CHOICE:
            choices = [(choice, choice.capitalize()) for choice in fact.choices]
        case _:
            return text_field(label, inputmode="decimal", **EXACT)
    if len(choices) > FEW:
        widget: forms.Widget = forms.Select(choices=[("", "Choose …"), *choices])
    else:
        widget = forms.RadioSelect(choices=choices)
    return forms.CharField(label=label, required=False, widget=widget)
