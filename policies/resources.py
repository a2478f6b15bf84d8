"""Remedies and reason codes as CSV files, each found by its code within its division."""

from typing import Any

from django.utils import timezone
from import_export.fields import Field

from employees import cells
from employees.resources.amounts import Amount
from employees.resources.rows import DivisionResource, column
from policies.costing import COSTING
from policies.models import Costing, ReasonCode, Remedy
from policies.still_needed import refuse_to_stop_counting


class RemedyResource(DivisionResource):
    """Remedies, with how they are costed."""

    key = "code"
    needs_reason = COSTING

    division = Field(attribute="division__code", column_name="division", readonly=True)
    code = column("code")
    name = column("name")
    rationale = column("rationale")
    customer_wording = column("customer_wording")
    costing = column("costing", cells.OneOf(list(Costing.choices)))
    cost_share_percent = column("cost_share_percent", cells.WholeNumber())
    cost_per_unit = Amount("cost_per_unit")
    face_value_per_unit = Amount("face_value_per_unit")
    unit = column("unit")
    unit_plural = column("unit_plural")
    max_quantity = column("max_quantity", cells.WholeNumber())
    needs_description = column("needs_description", cells.YesNo())
    avoids_return = column("avoids_return", cells.YesNo())
    position = column("position", cells.WholeNumber())
    is_active = column("is_active", cells.YesNo())
    gl_account = column("gl_account")

    class Meta:
        model = Remedy
        fields = (
            "division", "code", "name", "rationale", "customer_wording", "costing",
            "cost_share_percent", "cost_per_unit", "face_value_per_unit", "unit", "unit_plural",
            "max_quantity", "needs_description", "avoids_return", "position", "is_active",
            "gl_account",
        )  # fmt: skip
        import_id_fields = ("code",)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Refuse, too, to give by amount what rules count: only such a change asks the database."""
        super().validate_instance(instance, import_validation_errors, validate_unique)
        if instance.pk is not None and "costing" in self._changed(instance):
            refuse_to_stop_counting(instance, instance.costing, at=timezone.now())


class ReasonCodeResource(DivisionResource):
    """Reason codes; the facts that they ask for are kept as they are."""

    key = "code"

    division = Field(attribute="division__code", column_name="division", readonly=True)
    code = column("code")
    name = column("name")
    position = column("position", cells.WholeNumber())
    is_active = column("is_active", cells.YesNo())

    class Meta:
        model = ReasonCode
        fields = ("division", "code", "name", "position", "is_active")
        import_id_fields = ("code",)
