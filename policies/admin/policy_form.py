"""The form for a rule: what it does, where it applies, only if what, and why."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from employees.admin.amounts import AmountField
from employees.admin.base import TabularInline
from employees.admin.forms import DivisionForm, LabelledFormSet
from employees.plain_errors import speak_plainly
from policies.complete import known_facts, refuse_bad_comparison
from policies.errors import IncompleteRule, PolicyError, ReasonMissing, StartsInThePast
from policies.facts import FactTerms
from policies.models import Channel, Condition, Effect, Measure, Policy

_FIELD_OF = {ReasonMissing: "change_reason", StartsInThePast: "starts_at"}


class PolicyForm(DivisionForm):
    """A draft, or the next version of a published rule, as a copy of it."""

    changes: ClassVar[Policy | None] = None  # the published version that this one replaces
    refusal: ClassVar[PolicyError | None] = None  # why publishing what was sent was refused

    class Meta:
        labels = {
            "value": "How much",
            "measure": "Counted as",
            "per": "Together per",
            "window_days": "Within days",
            "entitlement": "The customer is owed it",
            "rationale": "Why",
            "customer_wording": "Words to say to the customer",
            "starts_at": "From",
            "ends_at": "Until",
            "change_reason": "Why it changes",
        }
        help_texts = {
            "title": "What colleagues would call it: Never more than the order.",
            "value": "Such as 25.00 or, for a percentage, 100.",
            "measure": "An amount is in your currency, and at face value.",
            "window_days": "Such as 30. Empty: ever.",
            "entitlement": "Charged to the division, not to the employee's month.",
            "allows_grace": "The tier's grace may go beyond it.",
            "review_afterwards": "Someone reads what was decided under it. Nobody has to wait.",
            "rationale": "The employee reads it, above all when the rule says no.",
            "customer_wording": "As it is said, beginning with what can be done.",
            "starts_at": "In your time zone. Empty: as soon as it is published.",
            "ends_at": "Empty: until it is changed.",
            "change_reason": "Kept with the versions, for whoever asks later.",
        }

    channels = forms.MultipleChoiceField(
        choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_value(self.changes or self.instance)
        if self.changes is not None:
            self.instance.series = self.changes.series
            self.instance.division = self.changes.division

    def _write_value(self, rule: Policy) -> None:
        """The figure is an amount only where the rule counts amounts: no sign, 25.00 but 14."""
        if isinstance(value := self.fields.get("value"), AmountField):
            value.in_currency("")
            value.at_least = 2 if rule.measure == Measure.AMOUNT else 0

    def clean(self) -> dict[str, Any] | None:
        """Leave out figures of a rule that forbids, and say what publishing refused."""
        cleaned = super().clean()
        if self.cleaned_data.get("effect") == Effect.FORBID:
            self.cleaned_data |= {"measure": "", "value": None}
        if self.refusal is not None:
            self._say(self.refusal)
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        """What could not be read is not missing as well: one error says what to write."""
        for name in self.errors:
            errors.error_dict.pop(name, None)
        super()._update_errors(errors)  # type: ignore[misc]

    def _say(self, refusal: PolicyError) -> None:
        if not isinstance(refusal, IncompleteRule):
            self.add_error(_FIELD_OF.get(type(refusal)), str(refusal))
            return
        for name, errors in refusal.error.update_error_dict({}).items():
            known = name if name in self.fields and name != NON_FIELD_ERRORS else None
            self.add_error(known, errors)


class ConditionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One comparison: the fact is chosen among those that are known in the division."""

    facts: ClassVar[Mapping[str, FactTerms]]  # set on the class made for each request

    class Meta:
        labels = {"operator": "Compared", "window_days": "Within days"}
        help_texts = {
            "value": "Such as 30 or yes; with commas for is one of.",
            "window_days": "For earlier resolutions. Empty: ever.",
        }

    fact = forms.ChoiceField(label="Fact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self.fields.values())
        choices = [(key, fact.label) for key, fact in self.facts.items()]
        if self.instance.fact and self.instance.fact not in self.facts:
            choices.append((self.instance.fact, f"{self.instance.fact} (asked no more)"))
        self.fields["fact"].choices = [("", "Choose a fact"), *choices]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                refuse_bad_comparison(self.instance, self.facts)
            except ValidationError as error:
                self.add_error(None if hasattr(error, "error_dict") else "value", error)


class ConditionInline(TabularInline):
    """All of them have to hold."""

    model = Condition
    form = ConditionForm
    formset = LabelledFormSet
    verbose_name_plural = "only if"
    about = "All of these have to be so. Without any, the rule always applies."
    verbose_name = "condition"
    fields = ("fact", "operator", "value", "window_days")
    extra = 0

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Offer the facts of the division."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        policy = obj or getattr(request, "changes", None)
        division_id = policy.division_id if policy else request.user.division_id
        formset.form.facts = known_facts(division_id)
        return formset

    def get_extra(self, request: Any, obj: Any = None, **kwargs: Any) -> int:
        """As many rows as the version has that is changed, and one for a new rule."""
        changes: Policy | None = getattr(request, "changes", None)
        return 0 if obj else changes.conditions.count() if changes else 1
