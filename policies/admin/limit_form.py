"""The form for the limit of a cell of the grid: how far, its why, and why it changes and when."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms

from employees.admin.amounts import AmountField
from employees.admin.base import MomentField
from employees.plain_errors import MISSING, speak_plainly
from policies.cell_change import Place
from policies.errors import IncompleteRule, PolicyError, ReasonMissing, StartsInThePast
from policies.rules import Rule
from policies.set_limit import AlreadyThatLimit, StandsInTheWay

_FIELDS: dict[type[PolicyError], str] = {
    ReasonMissing: "change_reason",
    StartsInThePast: "starts_at",
    StandsInTheWay: "limit",
    AlreadyThatLimit: "limit",
}


_WORDS = ("rationale", "customer_wording")


class LimitForm(forms.Form):
    """The new limit, its why, and why it changes."""

    error_css_class: ClassVar[str] = "errors"
    limit = AmountField(label="New limit", error_messages={"required": "Write how much."})
    for_all_of = forms.TypedChoiceField(
        label="What changes",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
        error_messages={"invalid_choice": "That rule has just changed. Look at it once more."},
    )
    rationale = forms.CharField(
        label="Why this far",
        required=False,  # the act asks for it, where there is no rule with words of its own
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The employee reads it, above all when it is less than they hoped.",
    )
    customer_wording = forms.CharField(
        label="Words to say to the customer",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As it is said, beginning with what can be done.",
    )
    change_reason = forms.CharField(
        label="Why it changes",
        error_messages={"required": "Say why; the people who work by it will read it."},
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept with the rule's versions, for whoever asks later.",
    )
    starts_at = MomentField(
        label="From",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="In your time zone. Empty means now.",
    )

    def __init__(
        self, data: Any, *, place: Place, own: Rule | None, broader: Sequence[Rule], asked: str = ""
    ) -> None:
        initial = {name: getattr(own, name) for name in _WORDS} if own else {}
        initial |= {"limit": asked} if asked else {}
        super().__init__(data, initial=initial, label_suffix="")
        self.in_the_way: set[int] = set()  # the ids of the rules that were
        remedy, limit = place.remedy, cast("AmountField", self.fields["limit"])
        limit.in_currency("" if remedy.by_quantity else remedy.currency)
        unit = f"In {remedy.unit_plural}" if remedy.by_quantity else "At face value"
        limit.help_text = f"{unit}, in one case. 0 means not at all."
        self._has_words = own is not None
        self._offer(broader)
        speak_plainly(self.fields.values())

    def _offer(self, broader: Sequence[Rule]) -> None:
        """Ask whether a broader rule is to change instead; not asked where none binds.

        One that was chosen and binds no more is refused, and not changed into this cell's own.
        """
        if not broader and not self.data.get("for_all_of"):
            del self.fields["for_all_of"]
            return
        field = cast("forms.TypedChoiceField", self.fields["for_all_of"])
        field.choices = [
            ("", "This cell alone"),
            *((rule.id, f"“{rule.title}”, for all that it covers") for rule in broader),
        ]
        field.help_text = "A rule that changes as a whole keeps its words where you write none."

    def clean(self) -> dict[str, Any]:
        """Leave out words that are not meant, and ask at once for those that will be missing.

        The cell's own, left as they were, are none for a broader rule. Where nothing else is wrong
        the act asks: what stands in the way is to be known before words are written.
        """
        if self.cleaned_data.get("for_all_of"):
            self.cleaned_data |= dict.fromkeys(set(_WORDS) - set(self.changed_data), "")
        elif self.errors and not self._has_words and "for_all_of" not in self.errors:
            for name in _WORDS:
                if self.cleaned_data.get(name) == "":
                    self.add_error(name, MISSING)
        return self.cleaned_data

    def say(self, refusal: PolicyError) -> None:
        """Tell at its field what was refused."""
        if isinstance(refusal, StandsInTheWay):
            self.in_the_way = {b.policy_id for b in refusal.bounds if b.policy_id is not None}
        if not isinstance(refusal, IncompleteRule):
            self.add_error(_FIELDS.get(type(refusal)), str(refusal))
            return
        for name, errors in refusal.error.update_error_dict({}).items():
            field = "limit" if name == "value" else name
            self.add_error(field if field in self.fields else None, errors)
