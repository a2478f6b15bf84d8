"""What may be told of a problem at once, or later: whose it is, which order, and what is asked."""

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
from policies.rules import ReasonTerms, Rulebook
from resolutions.errors import InvalidCase
from resolutions.forms.gives import EXACT, GivesForm, text_field
from resolutions.problem import CustomerDetails, Details, Give

FEW = 5  # choices that are shown side by side instead of in a list


@dataclass(frozen=True, slots=True)
class AskedField:
    """A field for a fact that the reason code asks for."""

    fact: FactTerms
    field: BoundField


class DetailsForm(GivesForm):
    """Details to tell, and remedies to choose. Nothing is required: the acts know what is."""

    order_value = text_field("Order value", inputmode="decimal", **EXACT)
    customer_reference = text_field("Customer", placeholder="phone or ID", **EXACT)
    order_reference = text_field("Order number", **EXACT)
    customer_name = text_field("Name")
    customer_email = text_field("E-mail", type="email", inputmode="email")
    order_date = forms.CharField(
        label="Day of the order", required=False, widget=forms.DateInput({"type": "date"})
    )
    apart_from_incident = forms.BooleanField(
        label="This case has nothing to do with it", required=False
    )

    def __init__(
        self,
        typed: Mapping[str, Any] | None = None,
        *,
        rulebook: Rulebook,
        reason: ReasonTerms | None,
    ) -> None:
        super().__init__(typed, rulebook=rulebook)
        self.reason = reason
        sign = currency_symbol(rulebook.currency)
        self.fields["order_value"].widget.attrs["placeholder"] = sign
        for fact in reason.facts if reason else ():
            self.fields[f"fact-{fact.key}"] = _fact_field(fact)

    @property
    def asked_fields(self) -> list[AskedField]:
        """The fields for the facts that the reason code asks for."""
        facts = self.reason.facts if self.reason else ()
        return [AskedField(fact, self[f"fact-{fact.key}"]) for fact in facts]

    @property
    def shown_facts(self) -> list[AskedField]:
        """Those of them that are on the page."""
        return [asked for asked in self.asked_fields if self.shows(asked.field.name)]

    def shows(self, name: str) -> bool:
        """Whether the field is on the page."""
        return name in self.fields

    @property
    def up_front(self) -> list[BoundField]:
        """The fields that decide most often."""
        return self._there("order_value", "customer_reference")

    @property
    def folded(self) -> list[BoundField]:
        """The fields that are folded away: short ones, two in a row."""
        return self._there("order_reference", "order_date", "customer_name", "customer_email")

    @property
    def folded_wide(self) -> list[BoundField]:
        """The fields that are folded away below these, one in a row."""
        return self._there("channel", "note")

    @property
    def is_unfolded(self) -> bool:
        """Whether something stands in the fields that are folded away, or is wrong in them."""
        folded = [*self.folded, *self._there("note")]
        return any(self.typed(field.name) or field.errors for field in folded)

    @property
    def is_apart(self) -> bool:
        """Whether it was ticked that the case is none of the incident that it looks like."""
        return "apart_from_incident" in self.data

    @property
    def who(self) -> CustomerDetails | None:
        """The customer by their reference, as typed."""
        reference = self.typed("customer_reference")
        return CustomerDetails(reference) if reference else None

    def details(self, leaving_out: Collection[str] = (), *, briefly: bool = False) -> Details:
        """What was told. Raises InvalidCase by field for what can't be read.

        Fields in `leaving_out` count as not told. `briefly` leaves out what decides nothing: who
        is still typing an e-mail address is not corrected half-way.
        """
        told = {name for name in self.fields if name not in leaving_out and self.typed(name)}
        errors: dict[str, list[str]] = {}
        details = Details(
            customer=self._customer(told, briefly=briefly),
            order_reference=self.typed("order_reference") if "order_reference" in told else "",
            order_value=self._order_value(errors) if "order_value" in told else None,
            order_date=self._order_date(errors) if "order_date" in told else None,
            facts={
                asked.fact.key: self.typed(asked.field.name)
                for asked in self.asked_fields
                if asked.field.name in told
            },
            apart_from_incident=self.is_apart,
        )
        if errors:
            raise InvalidCase(errors)
        return details

    def read(self) -> tuple[Details, list[Give]]:
        """All that was told and chosen. Raises InvalidCase for all that can't be read."""
        errors: dict[str, list[str]] = {}
        try:
            details = self.details()
        except InvalidCase as wrong:
            errors |= wrong.errors
        try:
            gives = self.gives()
        except InvalidCase as wrong:
            errors |= wrong.errors
        if errors:
            raise InvalidCase(errors)
        return details, gives

    def field_named(self, key: str, gives: Sequence[Give]) -> str:
        """See `GivesForm.field_named`."""
        part, _, rest = key.partition(".")
        names = {"facts": f"fact-{rest}", "customer": f"customer_{rest}"}
        return super().field_named(names.get(part, key), gives)

    def _there(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names if self.shows(name)]

    def _customer(self, told: set[str], *, briefly: bool) -> CustomerDetails | None:
        if briefly:
            return self.who if "customer_reference" in told else None
        parts = {
            part: self.typed(f"customer_{part}") if f"customer_{part}" in told else ""
            for part in ("reference", "name", "email")
        }
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
