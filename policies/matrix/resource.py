"""The matrix as django-import-export asks for it: looked at first, then all of it or nothing."""

from contextlib import nullcontext
from hashlib import sha256
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from import_export.resources import Resource
from import_export.results import Error, InvalidRow, Result, RowResult

from employees.models import Division, Employee
from employees.resources.files import refuse_file
from policies.errors import PolicyError
from policies.matrix.bring_in import bring_in
from policies.matrix.codes import Codes
from policies.matrix.columns import COLUMNS, KEY
from policies.matrix.current import Current
from policies.matrix.plan import Planned, Planner, What
from policies.matrix.rows import cells_of
from policies.matrix.table import Table
from policies.matrix.worth_knowing import note_what_is_worth_knowing
from policies.publish import line_up

_REASON_MISSING = (
    "Say why the rules change, in the field “Why” below; the people who work by them will read it."
)
_TYPES = {
    What.NEW: RowResult.IMPORT_TYPE_NEW,
    What.CHANGED: RowResult.IMPORT_TYPE_UPDATE,
    What.SAME: RowResult.IMPORT_TYPE_SKIP,
}


class PlannedRow(RowResult):  # type: ignore[misc]
    """A row of the answer, with what was planned for it."""

    def __init__(self, planned: Planned) -> None:
        super().__init__()
        self.planned = planned
        self.import_type = _TYPES[planned.what]


class MatrixResource(Resource):  # type: ignore[misc]
    """One row a rule. `publishing` says whether rows become rules at once, or drafts."""

    def __init__(
        self,
        *,
        actor: Employee,
        reason: str = "",
        publishing: bool = False,
        seen: str | None = None,
    ) -> None:
        super().__init__()
        self.actor, self.reason, self.publishing = actor, reason.strip(), publishing
        self.seen = seen  # the fingerprint of what a preview was made with

    @classmethod
    def get_display_name(cls) -> str:
        """What it is called in a choice of one."""
        return "rules"

    def import_data(self, dataset: Table, *, dry_run: bool = False, **kwargs: Any) -> Result:
        """Say what the table would do; outside a dry run do it, unless anything is wrong."""
        result = Result()
        try:
            refuse_file(dataset, KEY, [column.name for column in COLUMNS])
            with nullcontext() if dry_run else transaction.atomic():
                self._fill(result, dataset, dry_run=dry_run)
        except (ValidationError, PolicyError) as error:
            result.append_base_error(Error(_as_validation_error(error)))
        return result

    def write(self, division: Division) -> list[dict[str, str]]:
        """The rows of the division's rules in force and scheduled."""
        codes = Codes.of(division)
        current = Current.of(division, seen_by=self.actor, at=timezone.now())
        return [cells_of(rule, codes) for rule in current.rules]

    def _fill(self, result: Result, table: Table, *, dry_run: bool) -> None:
        division = self._division(lock=not dry_run)
        at = timezone.now()  # once it is our turn: what was published before us is before this
        current = Current.of(division, seen_by=self.actor, at=at)
        publisher = self.actor if self.publishing else None
        codes = Codes.of(division)
        planned = Planner(codes, current, at, publisher).plan(table)
        result.seen = _fingerprint(division, planned, codes)
        if self.seen is not None and self.seen != result.seen:
            raise ValidationError("The rules were changed since this was shown.")
        for row in planned:
            if row.errors:
                error = ValidationError(row.errors)
                result.invalid_rows.append(InvalidRow(row.line - 1, error, ()))
            else:
                result.append_row_result(PlannedRow(row))
                result.increment_row_result_total(result.rows[-1])
        if result.invalid_rows:
            return
        if self.publishing and not self.reason and _replaces_a_version(planned):
            raise ValidationError(_REASON_MISSING)
        if dry_run and self.publishing:
            note_what_is_worth_knowing(planned, codes, current, at=at)
        if not dry_run:
            bring_in(
                planned,
                brought_in_by=self.actor,
                publishing=self.publishing,
                change_reason=self.reason,
                at=at,
            )

    def _division(self, *, lock: bool) -> Division:
        """The actor's own."""
        own = Division.objects.visible_to(self.actor).get(pk=cast("int", self.actor.division_id))
        return line_up(own.pk) if lock else own


def _replaces_a_version(planned: list[Planned]) -> bool:
    """Whether a version is published after another one, which needs a reason."""
    written = [row for row in planned if row.what != What.SAME]
    if any(row.base is not None and not row.of_draft for row in written):
        return True
    return len({row.rule.series for row in written}) != len(written)


def _fingerprint(division: Division, planned: list[Planned], codes: Codes) -> str:
    """What the rows were compared with: the published rules, and the drafts as they were.

    Anyone may edit a draft, which changes nothing of the rulebook; bringing a file in writes over
    no words that were not looked at.
    """
    drafts = [
        (row.line, row.base.pk, cells_of(row.base, codes))
        for row in planned
        if row.base is not None and row.of_draft
    ]
    return sha256(repr((division.rulebook_version, drafts)).encode()).hexdigest()


def _as_validation_error(error: Exception) -> ValidationError:
    return error if isinstance(error, ValidationError) else ValidationError(str(error))
