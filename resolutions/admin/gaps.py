"""Authority gaps: what someone wanted to do and was not allowed to."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from employees.admin.amounts import NONE, money, money_column
from employees.admin.base import DivisionAdmin, LookOnly, called, person_column, when
from resolutions.decision_words import decision_words, kind_words
from resolutions.models import AuthorityGap


class BoundFilter(admin.SimpleListFilter):
    """What refused it."""

    title = "refused by"
    parameter_name = "bound"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds of bounds that refuse; a grant never does."""
        kinds = ("tier", "restriction", "forbidden", "remedy", "budget")
        return [(kind, kind_words(kind)) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Only these."""
        return queryset.filter(bound=self.value()) if self.value() else queryset


@admin.register(AuthorityGap)
class AuthorityGapAdmin(LookOnly, DivisionAdmin):
    """The division's gaps."""

    change_form_template = "admin/resolutions/decision.html"
    show_full_result_count = False
    list_display = (
        when,
        "who",
        "remedy",
        "asked",
        "reason_code",
        "refused_by",
        "said",
    )
    list_select_related = ("division", "employee", "tier", "remedy", "reason_code", "policy")
    list_filter = (
        BoundFilter,
        ("policy", admin.RelatedOnlyFieldListFilter),
        ("remedy", admin.RelatedOnlyFieldListFilter),
        ("tier", admin.RelatedOnlyFieldListFilter),
        ("reason_code", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("words", "employee__username", "policy__title", "remedy__name")
    date_hierarchy = "at"
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": [
                    when, person_column("employee", "who"), "tier", "remedy", "asked",
                    money_column("cost", "it would have cost"),
                    "reason_code", "case", "customer", "refused_by", "in_words",
                ]
            },
        ),
    )  # fmt: skip

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the decision, in words."""
        gap = cast("AuthorityGap", kwargs["obj"])
        context["decision"] = decision_words(gap.decision, gap.division.currency)
        return super().render_change_form(request, context, *args, **kwargs)

    def title_of(self, obj: Any) -> str:
        """What was wanted."""
        return f"{obj.remedy or 'In words'}, {called(obj.employee)}"

    @admin.display(description="who", ordering="employee")
    def who(self, gap: AuthorityGap) -> str:
        """Who wanted it."""
        return called(gap.employee)

    @admin.display(description="asked", ordering="face_value")
    def asked(self, gap: AuthorityGap) -> str:
        """How much: a quantity, or an amount at face value."""
        if gap.remedy is None:
            return NONE
        if gap.quantity is not None:
            several = gap.remedy.unit_plural or gap.remedy.unit
            return f"{gap.quantity} {gap.remedy.unit if gap.quantity == 1 else several}"
        return money(gap.face_value, gap.division.currency)

    @admin.display(description="refused by")
    def refused_by(self, gap: AuthorityGap) -> str:
        """The rule, or the kind of bound."""
        return str(gap.policy) if gap.policy else kind_words(gap.bound) or NONE

    @admin.display(description="in their words")
    def in_words(self, gap: AuthorityGap) -> str:
        """All that they said."""
        return gap.words or NONE

    @admin.display(description="in their words")
    def said(self, gap: AuthorityGap) -> str:
        """The beginning of what they said."""
        return f"{gap.words[:79]}…" if len(gap.words) > 80 else gap.words or NONE  # noqa: PLR2004
