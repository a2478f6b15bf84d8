"""The form for the limit of a cell of the grid: how far, its why, and why it changes and when."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms

from employees.admin.amounts import AmountField
from employees.admin.base import MomentField
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
        words = ("rationale", "customer_wording")
        initial = {name: getattr(own, name) for name in words} if own else {}
        initial |= {"limit": asked} if asked else {}
        super().__init__(data, initial=initial, label_suffix="")
        self.in_the_way: set[int] = set()  # the ids of the rules that were
        remedy, limit = place.remedy, cast("AmountField", self.fields["limit"])
        limit.in_currency("" if remedy.by_quantity else remedy.currency)
        unit = f"In {remedy.unit_plural}" if remedy.by_quantity else "At face value"
        limit.help_text = f"{unit}, in one case. 0 means not at all."

        self._offer(broader)

    def _offer(self, broader: Sequence[Rule]) -> None:
        """Ask whether a broader rule is to change instead; not asked where none binds."""
        if not broader:
            del self.fields["for_all_of"]
            return
        field = cast("forms.TypedChoiceField", self.fields["for_all_of"])
        field.choices = [
            ("", "This cell alone"),
            *((rule.id, f"“{rule.title}”, for all that it covers") for rule in broader),
        ]
        field.help_text = "A rule that changes as a whole keeps its words where you write none."

    def clean(self) -> dict[str, Any]:
        """The words of the cell's own rule, left as they were, are none for a broader one."""
        if self.cleaned_data.get("for_all_of"):
            words = ("rationale", "customer_wording")
            self.cleaned_data |= dict.fromkeys(set(words) - set(self.changed_data), "")
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
