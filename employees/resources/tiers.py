"""Authority tiers as a CSV file."""

from import_export.fields import Field

from employees import cells
from employees.changes import TIER_LIMITS
from employees.models import AuthorityTier
from employees.resources.amounts import Amount
from employees.resources.rows import DivisionResource, column


class TierResource(DivisionResource):
    """Tiers, by their name."""

    key = "name"
    needs_reason = TIER_LIMITS

    division = Field(attribute="division__code", column_name="division", readonly=True)
    name = column("name")
    limit_per_case = Amount("limit_per_case")
    monthly_budget = Amount("monthly_budget")
    grace_percent = column("grace_percent", cells.WholeNumber())
    over_budget_percent = column("over_budget_percent", cells.WholeNumber())
    rationale = column("rationale")

    class Meta:
        model = AuthorityTier
        fields = (
            "division", "name", "limit_per_case", "monthly_budget", "grace_percent",
            "over_budget_percent", "rationale",
        )  # fmt: skip
        import_id_fields = ("name",)
