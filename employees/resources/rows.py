"""What all CSV files have in common.

A file is brought into one's own division only, and whatever one may not change by hand can't be
changed by a file. Rows that say what is there already change nothing.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export import resources
from import_export.fields import Field

from employees import cells
from employees.changes import (
    refuse_change,
    refuse_without_reason,
    save_change,
)
from employees.models import Division, Employee
from employees.own_authority import EmployeesError


def column(name: str, widget: Any = None) -> Any:
    """A column that is named as the row's field is."""
    return Field(attribute=name, column_name=name, widget=widget or cells.Text())


class DivisionResource(resources.ModelResource):  # type: ignore[misc]
    """Rows of a division, each found by `key` within its division."""

    key: ClassVar[str]
    needs_reason: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *, actor: Employee, reason: str = "") -> None:
        super().__init__()
        self.actor, self.reason = actor, reason
        self._divisions: dict[str, Division] = {}
        self._rows: dict[tuple[Any, str], Any] = {}
        self._met: set[tuple[Any, str]] = set()
        self._before: dict[str, Any] = {}

    def get_queryset(self) -> QuerySet[Any]:
        """Only what this person may see."""
        rows: Any = self._meta.model._default_manager.all()
        visible: QuerySet[Any] = rows.visible_to(self.actor).select_related("division")
        return visible

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Refuse a file with strange columns, and read all that rows will be compared with."""
        known = {field.column_name for field in self.get_import_fields()}
        headers = [str(header or "").strip() for header in dataset.headers or ()]
        dataset.headers = headers
        if self.key not in headers:
            raise ValidationError(
                f"The column “{self.key}” is missing: it says which row is meant."
            )
        for header in headers:
            if header not in known:
                listed = ", ".join(sorted(known))
                raise ValidationError(f"The column “{header[:40]}” is not known. Known: {listed}.")
        self._divisions = {d.code: d for d in Division.objects.visible_to(self.actor)}
        self._rows = {(r.division_id, getattr(r, self.key)): r for r in self.get_queryset()}

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        """The row that is meant, if it is there."""
        division = self.division_of(row)
        name = cells.Text().clean(row.get(self.key))
        place = (division.pk if division else None, name)
        if place in self._met:
            raise ValidationError({self.key: f"“{name[:80]}” is in the file twice."})
        self._met.add(place)
        return self._rows.get(place)

    def division_of(self, row: Any) -> Division | None:
        """The division that a row of the file is about. Raises ValidationError."""
        code = cells.Text().clean(row.get("division"))
        if not code:
            if self.actor.division is None:
                raise ValidationError({"division": "Write the division's code."})
            return self.actor.division
        if code not in self._divisions:
            raise ValidationError({"division": f"“{code[:40]}” is not a division of yours."})
        return self._divisions[code]

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        """A new row belongs to its division from the start."""
        if new:
            instance.division = self.division_of(row)
        self._before = {f.attname: getattr(instance, f.attname) for f in instance._meta.fields}

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Check it as the form would, and that this person may change it so."""
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as error:
            raise self._named(error) from error
        try:
            refuse_change(self.actor, instance, role_before=self._before.get("role") or None)
            if instance.pk is not None:
                refuse_without_reason(self._changed(instance), self.needs_reason, self.reason)
        except EmployeesError as error:
            raise ValidationError(str(error)) from error

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Save it as the form would, with who and why."""
        save_change(
            instance,
            changed_by=self.actor,
            changed=self._changed(instance),
            needing=self.needs_reason,
            reason=self.reason,
        )

    def _changed(self, instance: Any) -> list[str]:
        return [
            f.name
            for f in instance._meta.fields
            if getattr(instance, f.attname) != self._before[f.attname]
        ]

    def _named(self, error: ValidationError) -> ValidationError:
        """The error with fields named as the file's columns are; the rest is about the row."""
        known = {field.attribute for field in self.get_import_fields()}
        by_column: dict[str, list[Any]] = {}
        for name, errors in error.update_error_dict({}).items():
            by_column.setdefault(name if name in known else "__all__", []).extend(errors)
        return ValidationError(by_column)
