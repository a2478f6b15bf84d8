"""Forms that know who fills them in, and ask why."""

from typing import Any, ClassVar

from django import forms

from employees.admin.amounts import AmountField
from employees.changes import WHY_IS_MISSING, ReasonMissing, refuse_without_reason
from employees.models import Division, Employee
from employees.plain_errors import speak_plainly


class DivisionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of a division: for whoever has only one, it is theirs without asking."""

    actor: ClassVar[Employee]  # set on the class that the admin makes for each request

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        speak_plainly(self.fields.values())
        row: Any = self.instance
        is_new = row.pk is None and getattr(row, "division_id", 0) is None
        if is_new and "division" not in self.fields:
            row.division = self.actor.division
        told = row.pk or getattr(row, "division_id", None)
        self._write_amounts(self._division_of(row) if told else None)

    def _division_of(self, row: Any) -> Any:
        """The row's division, which it may be itself."""
        return row if isinstance(row, Division) else getattr(row, "division", None)

    def _write_amounts(self, division: Any) -> None:
        """Show each amount in its currency's places, and with its sign."""
        for field in self.fields.values():
            if isinstance(field, AmountField) and division is not None:
                field.in_currency(division.currency)

    def _get_validation_exclusions(self) -> set[str]:
        """A name is unique within a division, also where the division is not asked for."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"division"}


class ReasonedForm(DivisionForm):
    """A row whose changes are kept with a reason; some changes need one."""

    needs_reason: ClassVar[frozenset[str]] = frozenset()

    change_reason = forms.CharField(
        label="Why",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kept in the history, with your name and the values before and after.",
    )

    def clean(self) -> dict[str, Any] | None:
        """Refuse a change of a limit, a budget, a role or a cost that does not say why."""
        cleaned = super().clean()
        if self.instance.pk is not None:
            try:
                reason = self.cleaned_data.get("change_reason", "")
                refuse_without_reason(self.changed_data, self.needs_reason, reason)
            except ReasonMissing:
                self.add_error("change_reason", WHY_IS_MISSING)
        return cleaned

    @property
    def changed_columns(self) -> list[str]:
        """The changed fields that are the row's own."""
        own = {field.name for field in self.instance._meta.concrete_fields}
        return [name for name in self.changed_data if name in own]


class LabelledFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows of a table, whose fields are named by their column's heading only: name each."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give every field its name, for those who don't see the heading."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            label = str(field.label or name).capitalize()
            field.widget.attrs.setdefault("aria-label", label)
