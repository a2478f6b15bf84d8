"""What all CSV files have in common.

A file is brought into one's own division only, and whatever one may not change by hand can't be
changed by a file. Rows that say what is there already change nothing.

Agents never wait for a file for long: looking at one writes and locks nothing, and bringing it in
is one transaction of at most `MOST_ROWS` rows. So whatever can be wrong with a file is found before
any of it is saved; the database's own constraints stand behind that.
"""

from contextlib import nullcontext
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from import_export import resources
from import_export.fields import Field

from employees import cells
from employees.changes import refuse_change, refuse_without_reason, save_change
from employees.models import Division, Employee
from employees.own_authority import EmployeesError
from employees.resources.files import is_text, refuse_cells, refuse_file


def column(name: str, widget: Any = None) -> Any:
    """A column that is named as the row's field is."""
    return Field(attribute=name, column_name=name, widget=widget or cells.Text())


class DivisionResource(resources.ModelResource):  # type: ignore[misc]
    """Rows of a division, each found by `key` within its division."""

    key: ClassVar[str]
    needs_reason: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        # The library would copy every row, with its division, team and tier, to compare it later.
        skip_diff = True
        report_skipped = False

    def __init__(self, *, actor: Employee, reason: str = "") -> None:
        super().__init__()
        self.actor, self.reason = actor, reason
        self._divisions: dict[str, Division] = {}
        self._rows: dict[tuple[Any, str], Any] = {}
        self._met: set[tuple[Any, str]] = set()
        self._before: dict[str, Any] = {}
        self._difference: Any = None

    def import_data(
        self, dataset: Any, dry_run: bool = False, raise_errors: bool = False, **kwargs: Any
    ) -> Any:
        """Bring in all of a file or nothing; in a dry run only say what would change.

        The library's own dry run saves every row and rolls back, and in SQLite nobody else could
        write meanwhile.
        """
        known = {field.column_name for field in self.get_import_fields()}
        try:
            refuse_file(dataset, self.key, known)
        except ValidationError as error:
            refused = self.get_result_class()()
            refused.append_base_error(self.get_error_result_class()(error))
            return refused
        with nullcontext() if dry_run else transaction.atomic():
            result = self.import_data_inner(
                dataset,
                dry_run,
                raise_errors,
                using_transactions=False,  # no savepoint for each row: one wrong row ends it all
                collect_failed_rows=False,
                **kwargs,
            )
            if not dry_run and (result.has_errors() or result.has_validation_errors()):
                transaction.set_rollback(True)
        return result

    def get_queryset(self) -> QuerySet[Any]:
        """Only what this person may see."""
        rows: Any = self._meta.model._default_manager.all()
        visible: QuerySet[Any] = rows.visible_to(self.actor).select_related("division")
        return visible

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Read, once, all that the file's rows will be compared with."""
        self._divisions = {d.code: d for d in Division.objects.visible_to(self.actor)}
        named = {cells.Text().clean(cell) for cell in dataset[self.key] if is_text(cell)}
        there = self.get_queryset().filter(**{f"{self.key}__in": named})
        self._rows = {(row.division_id, getattr(row, self.key)): row for row in there}

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Refuse cells that are no text."""
        refuse_cells(row)

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
        if kwargs.get("dry_run"):
            self._difference = self.get_diff_class()(self, instance, new)

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        """Whether it is as it was."""
        is_new = instance.pk is None
        return not (is_new or import_validation_errors or self._changed(instance))

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Check it as the form would, and that this person may change it so.

        Nothing is asked of the database here: what is unique was looked for in the whole file at
        once, divisions, teams and tiers were found among those that are there, and the model's own
        checks say first, and in words, what its constraints would refuse.
        """
        errors = dict(import_validation_errors or {})
        found_by_name = {field.name for field in instance._meta.fields if field.is_relation}
        try:
            instance.full_clean(
                exclude={*errors, *found_by_name}, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise self._named(ValidationError(errors))
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

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """In a dry run it was not saved, and is as it would be."""
        if kwargs.get("dry_run"):
            self._difference.compare_with(self, instance)

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        """Show what would change."""
        if kwargs.get("dry_run") and not row_result.is_skip():
            row_result.diff = self._difference.as_html()

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Leave PostgreSQL's sequences alone: no file brings numbers for rows of its own.

        The library would set them back to the highest number it sees, and take a number twice
        that another transaction has drawn and not committed yet.
        """

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
