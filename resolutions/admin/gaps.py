"""Authority gaps: what someone wanted to do and was not allowed to, and what came of it."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from budgets.admin.chosen import MOST_CHOSEN, address_of, is_manager
from employees.admin.amounts import NONE, money_column
from employees.admin.base import DivisionAdmin, LookOnly, actor, called, person_column, when
from resolutions.admin.advice import advice_view
from resolutions.admin.gap_answers import answer_view
from resolutions.admin.gap_filters import AnsweredFilter, BoundFilter, PeriodFilter, RuleFilter
from resolutions.admin.gap_overview import ANSWER, overview
from resolutions.answer_gaps import may_answer
from resolutions.decision_words import decision_words, kind_words
from resolutions.gap_words import asked_words
from resolutions.models import AnswerKind, AuthorityGap

_LONGEST_SAID = 80


@admin.register(AuthorityGap)
class AuthorityGapAdmin(LookOnly, DivisionAdmin):
    """The division's gaps: in groups, one by one, and answered."""

    change_form_template = "admin/resolutions/gap.html"
    change_list_template = "admin/resolutions/gaps.html"
    show_full_result_count = False
    list_display = (
        when,
        "who",
        "remedy",
        "asked",
        "reason_code",
        "what",
        "answered",
    )
    list_select_related = (
        "division", "employee", "tier", "remedy", "reason_code", "policy", "answer",
    )  # fmt: skip
    list_filter = (
        PeriodFilter,
        AnsweredFilter,
        BoundFilter,
        RuleFilter,
        ("remedy", admin.RelatedOnlyFieldListFilter),
        ("tier", admin.RelatedOnlyFieldListFilter),
        ("team", admin.RelatedOnlyFieldListFilter),
        ("reason_code", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("words", "employee__username", "policy__title", "remedy__name")
    date_hierarchy = "at"
    actions = ("answer",)
    fieldsets: ClassVar[Any] = (
        (
            None,
            {
                "fields": [
                    when, person_column("employee", "who"), "team", "tier", "remedy", "asked",
                    money_column("cost", "it would have cost"),
                    "reason_code", "case", "customer", "stopped_by", "in_words",
                ]
            },
        ),
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        """The groups, answering and the limit advisor have pages of their own."""
        opened = self.admin_site.admin_view
        return [
            path("groups/", opened(self.groups), name="resolutions_authoritygap_groups"),
            path("advice/", opened(self.advice), name="resolutions_authoritygap_advice"),
            path("answer/", opened(self.give_answer), name="resolutions_authoritygap_answer"),
            *super().get_urls(),
        ]

    def groups(self, request: HttpRequest) -> HttpResponse:
        """The gaps of a period in groups."""
        return overview(self, request)

    def advice(self, request: HttpRequest) -> HttpResponse:
        """Which limits cost more than they save."""
        return advice_view(self, request)

    def give_answer(self, request: HttpRequest) -> HttpResponse:
        """Answer a group, or what was chosen."""
        return answer_view(self, request)

    def has_manager_permission(self, request: HttpRequest) -> bool:
        """For the division's managers only."""
        return is_manager(request)

    @admin.action(description="Answer…", permissions=["manager"])
    def answer(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Go and say what came of it."""
        numbers = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_CHOSEN + 1])
        if len(numbers) > MOST_CHOSEN:
            words = f"At most {MOST_CHOSEN} at once: choose fewer, or answer a whole group."
            messages.error(request, words)
            return None
        return HttpResponseRedirect(
            address_of(ANSWER, numbers, self.get_preserved_filters(request))
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the decision, in words, and the answer or the way to give one."""
        gap = cast("AuthorityGap", kwargs["obj"])
        context["decision"] = decision_words(gap.decision, gap.division.currency)
        context["answer"] = gap.answer
        if gap.answer is None and may_answer(gap, actor(request)):
            context["answer_address"] = address_of(ANSWER, [gap.pk])
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
        return asked_words(gap) or NONE

    @admin.display(description="refused by")
    def refused_by(self, gap: AuthorityGap) -> str:
        """The rule, or the kind of bound."""
        return str(gap.policy) if gap.policy else kind_words(gap.bound) or NONE

    @admin.display(description="refused by")
    def stopped_by(self, gap: AuthorityGap) -> str:
        """The same, with the way there: to the rule, to the tier, or to the remedy."""
        page, row = "policies_policy", gap.policy_id
        if row is None and gap.bound in ("tier", "budget"):
            page, row = "employees_authoritytier", gap.tier_id
        elif row is None and gap.bound == "remedy":
            page, row = "policies_remedy", gap.remedy_id
        if row is None:
            return self.refused_by(gap)
        where = reverse(f"admin:{page}_change", args=[row])
        return format_html('<a href="{}">{}</a>', where, self.refused_by(gap))

    @admin.display(description="in their words")
    def in_words(self, gap: AuthorityGap) -> str:
        """All that they said."""
        return gap.words or NONE

    @admin.display(description="refused by")
    def what(self, gap: AuthorityGap) -> str:
        """What refused it; where nothing did, the beginning of what they said."""
        said = Truncator(gap.words).chars(_LONGEST_SAID)
        return f"“{said}”" if said else self.refused_by(gap)

    @admin.display(description="answer", ordering="answer__kind")
    def answered(self, gap: AuthorityGap) -> str:
        """What came of it, if there is an answer."""
        if gap.answer is None:
            return NONE
        changed = gap.answer.kind == AnswerKind.CHANGED
        mark = ("go", "Changed") if changed else ("plain", "Explained")
        return format_html('<span class="mark {}">{}</span>', *mark)
