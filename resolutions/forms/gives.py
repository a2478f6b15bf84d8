"""Choosing what to give: a tick for each remedy and, where it needs one, a measure.

The fields hold text as it was typed. What is not ticked is not read, so that a half-typed amount
of something else stands in nobody's way.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from employees.typed_money import read_typed_money
from policies.decision import Verdict
from policies.rules import RemedyTerms, Rulebook
from resolutions.errors import InvalidCase
from resolutions.forms.request import RequestForm
from resolutions.problem import Give

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
EXACT = {"autocomplete": "off", "class": "typed"}  # `typed`: a pause in typing asks again

NOTHING_CHOSEN = {"": ["Choose what you give, or open the case without giving anything yet."]}


def text_field(label: str, **attributes: Any) -> forms.CharField:
    """A line of text that nobody has to fill in; the acts say what is wrong with it."""
    widget = forms.TextInput({"autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=False, strip=False, widget=widget)


class GivesForm(RequestForm):
    """The remedies of a rulebook to choose from."""

    def __init__(self, typed: Mapping[str, Any] | None = None, *, rulebook: Rulebook) -> None:
        super().__init__(typed)
        self.rulebook = rulebook
        for remedy in self.remedies:
            self.fields |= dict(_fields_of(remedy))

    @property
    def remedies(self) -> list[RemedyTerms]:
        """The remedies in use."""
        return [remedy for remedy in self.rulebook.remedies if remedy.is_active]

    @property
    def ticked(self) -> list[RemedyTerms]:
        """What was chosen, in the form's order."""
        return [remedy for remedy in self.remedies if f"give-{remedy.code}" in self.data]

    def gives(self, leaving_out: Collection[str] = (), *, patiently: bool = False) -> list[Give]:
        """What is to be given. Raises InvalidCase by field for what can't be read.

        Remedies with a field in `leaving_out` are left out; `patiently` also those that were just
        ticked, whose amount is still to be typed.
        """
        errors: dict[str, list[str]] = {}
        wanted = [r for r in self.ticked if not _names(r) & set(leaving_out)]
        if patiently:
            wanted = [r for r in wanted if self._has_measure(r)]
        read = [self._give(remedy, errors) for remedy in wanted]
        if errors:
            raise InvalidCase(errors)
        return read

    def field_named(self, key: str, gives: Sequence[Give]) -> str:
        """The form's field for an act's key, such as "gives.0.amount"; "" for the whole form."""
        part, _, rest = key.partition(".")
        if part == "gives":
            place, _, what = rest.partition(".")
            codes = [give.remedy for give in gives] or [remedy.code for remedy in self.ticked]
            code = codes[int(place)]
            key = f"give-{code}" if what == "remedy" else f"{what}-{code}"
        return super().field_named(key, gives)

    def measure(self, remedy: RemedyTerms) -> str:
        """How much or how many, as typed; one, where nothing was typed yet."""
        if remedy.by_quantity:
            return str(self.data.get(f"quantity-{remedy.code}", "1"))
        return str(self.data.get(f"amount-{remedy.code}", ""))

    def offer_instead(self, decisions: Sequence[Mapping[str, Any]]) -> None:
        """After a refusal, ask for what may be given: less of the first that was too much.

        What else was refused is no longer ticked, as the first may leave nothing for it. Takes
        decisions as they are told, see `Decision.as_json`.
        """
        data = dict(self.data.items())
        lowered = False
        for told in decisions:
            if told["verdict"] != Verdict.OUTSIDE:
                continue
            code, may = told["remedy"], told["limit"]
            if not lowered and may is not None and Decimal(may) > 0:
                data[f"{told['measured_in']}-{code}"] = may
                lowered = True
            else:
                data.pop(f"give-{code}", None)
        self.data = data

    def _has_measure(self, remedy: RemedyTerms) -> bool:
        return bool(self.measure(remedy).strip())

    def _give(self, remedy: RemedyTerms, errors: dict[str, list[str]]) -> Give:
        amount = quantity = None
        typed = self.measure(remedy).strip()
        if not remedy.by_quantity:
            try:
                amount = read_typed_money(typed, remedy.currency)
            except ValidationError as error:
                wrong = error.messages[0] if typed else "Say how much."
                errors[f"amount-{remedy.code}"] = [wrong]
        elif remedy.max_quantity != 1 and _WHOLE.fullmatch(typed):
            quantity = int(typed)
        elif remedy.max_quantity != 1:
            unit = remedy.unit_plural or "of them"
            errors[f"quantity-{remedy.code}"] = [f"Say how many {unit}, as a whole number."]
        return Give(
            remedy=remedy.code,
            amount=amount,
            quantity=quantity,
            description=self.typed(f"description-{remedy.code}"),
        )


def _fields_of(remedy: RemedyTerms) -> Iterator[tuple[str, forms.Field]]:
    """The tick and, by its costing, how much or how many, and what."""
    yield f"give-{remedy.code}", forms.BooleanField(label=remedy.name, required=False)
    if not remedy.by_quantity:
        yield (
            f"amount-{remedy.code}",
            text_field(remedy.name, inputmode="decimal", **EXACT),
        )
    elif remedy.max_quantity != 1:
        field = text_field(remedy.name, inputmode="numeric", **EXACT)
        field.initial = "1"
        yield f"quantity-{remedy.code}", field
    if remedy.needs_description:
        yield f"description-{remedy.code}", text_field(remedy.name, maxlength=200)


def _names(remedy: RemedyTerms) -> set[str]:
    return {f"{part}-{remedy.code}" for part in ("give", "amount", "quantity", "description")}
