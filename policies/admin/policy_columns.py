"""What the list of rules shows, and the page of a rule that can't be changed: rules in words."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from employees.admin.amounts import NONE
from policies import sentences
from policies.models import Effect, Policy
from policies.versions import Standing, end_of, standing_of

if TYPE_CHECKING:
    from employees.admin.base import DivisionAdmin

    Base = DivisionAdmin
else:
    Base = object


class PolicyColumns(Base):
    """Columns and fieldsets."""

    list_display = (
        "title", "effect_words", "how_much", "scope", "dates", "version_words", "read_by",
    )  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form; or, where nothing can be changed, the rule in words."""
        if obj is not None and not self.has_change_permission(request, obj):
            words = ["sentence", "customer_wording", "dates", "change_reason"]
            return [(None, {"fields": words})]
        changes = getattr(request, "changes", None) or (obj if obj and self._is_next(obj) else None)
        return [
            (
                "The rule",
                {
                    "fields": [
                        "title",
                        "effect",
                        ("value", "measure", "per", "window_days"),
                        ("entitlement", "allows_grace", "review_afterwards"),
                    ],
                    "classes": ["rule"],
                },
            ),
            (
                "Where it applies",
                {
                    "fields": ["remedies", "reason_codes", "tiers", "teams", "channels"],
                    "description": "Where nothing is ticked in a line, all of them are meant.",
                    "classes": ["scopes"],
                },
            ),
            ("Why, and what to say", {"fields": ["rationale", "customer_wording"]}),
            (
                "When",
                {"fields": [("starts_at", "ends_at"), *(["change_reason"] if changes else [])]},
            ),
        ]

    def _is_next(self, draft: Policy) -> bool:
        """Whether the draft changes a rule that is published already."""
        return Policy.objects.filter(series=draft.series, status="published").exists()

    @admin.display(description="it says")
    def sentence(self, policy: Policy) -> str:
        """The whole rule, and why."""
        return "Withdrawn." if policy.withdrawn else sentences.whole_rule(policy)

    @admin.display(description="effect", ordering="effect")
    def effect_words(self, policy: Policy) -> str:
        """Marked by colour and by word."""
        kind = (
            "go" if policy.effect == "grant" else "stop" if policy.effect == "forbid" else "plain"
        )
        words = "Withdrawn" if policy.withdrawn else sentences.effect_words(policy)
        return format_html('<span class="mark {}">{}</span>', kind, words)

    @admin.display(description="how much")
    def how_much(self, policy: Policy) -> str:
        """The figure and what it counts together."""
        return sentences.how_much(policy) or NONE

    @admin.display(description="covers")
    def scope(self, policy: Policy) -> str:
        """What it is about, and its conditions."""
        covers, conditions = sentences.scope_words(policy), sentences.conditions_words(policy)
        return capfirst(f"{covers}, only if {conditions}" if conditions else covers)

    @admin.display(description="holds", ordering="starts_at")
    def dates(self, policy: Policy) -> str:
        """From when to when."""
        if policy.starts_at is None:
            return NONE
        starts, end = timezone.localtime(policy.starts_at), end_of(policy)
        text = f"from {starts:%-d %b %Y}"
        return f"{text} to {timezone.localtime(end):%-d %b %Y}" if end else text

    @admin.display(description="read by")
    def read_by(self, policy: Policy) -> str:
        """How many of those who work by a hard rule have confirmed it."""
        standing = standing_of(policy, timezone.now())
        if policy.effect != Effect.FORBID or standing in (Standing.DRAFT, Standing.PAST):
            return NONE
        counted: Any = policy
        return f"{counted.have_read} of {counted.readers}"

    @admin.display(description="version", ordering="version")
    def version_words(self, policy: Policy) -> str:
        """Its number, and where it stands."""
        standing = standing_of(policy, timezone.now())
        if standing == Standing.DRAFT:
            return "draft"
        return f"{policy.version} · {standing.label.lower()}"
