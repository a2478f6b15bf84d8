"""Writing rules: drafts are edited, published versions are not. A change is the next version.

The page of a published rule shows a copy of it. Saving it writes a draft and publishes that, in
one transaction: when publishing is refused nothing is written, and the form says why.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from employees.admin.base import actor
from policies.complete import SAID, SCOPES, refuse_incomplete
from policies.errors import PolicyError
from policies.look_once_more import LookOnceMore, refuse_unseen
from policies.models import Policy, Status
from policies.publish import publish
from policies.versions import Standing, standing_of, versions_of, with_differences
from policies.warnings import warnings_before_publishing
from policies.words import date_words

if TYPE_CHECKING:
    from employees.admin.base import DivisionAdmin

    Base = DivisionAdmin
else:
    Base = object


class PublishingAdmin(Base):
    """The form for a rule, from the first draft to the last version."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a draft, or a copy of a published rule: saving it makes the next version."""
        row = self.get_object(request, unquote(object_id))
        if (
            row is None
            or row.status == Status.DRAFT
            or not self.has_change_permission(request, row)
        ):
            return super().change_view(request, object_id, form_url, extra_context)
        cast("Any", request).changes = row
        return self.changeform_view(request, None, form_url, {"title": row.title, "changes": row})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show again, with what was wrong, a form whose rule could not be published.

        The refusal has left Django's transaction by then, so that nothing is half done.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PolicyError as refusal:
            cast("Any", request).refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Tell the form which version it changes, and what was refused."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.changes = _changes(request)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A change begins with what the rule says now."""
        changes = _changes(request)
        if changes is None:
            return dict(super().get_changeform_initial_data(request))
        return model_to_dict(changes, fields=(*SAID, *SCOPES))

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """So do its conditions, which are new rows of the new version."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        changes = _changes(request)
        if changes is None:
            return kwargs
        if request.method == "GET":
            kwargs["initial"] = [
                model_to_dict(c, fields=inline.fields) for c in changes.conditions.all()
            ]
        else:
            # From a page that was opened when this was still a draft, they come as they were.
            sent = {k: v for k, v in request.POST.items() if not k.endswith(("-id", "-policy"))}
            kwargs["data"] = {**sent, f"{prefix}-INITIAL_FORMS": "0"}
        return kwargs

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Conditions are in the sentence already where nothing can be changed."""
        if obj is not None and not self.has_change_permission(request, obj):
            return []
        return super().get_inline_instances(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Publish, if that is what was asked for, now that scopes and conditions are written."""
        super().save_related(request, form, formsets, change)
        if _publishing(request):
            _publish(form.instance, request)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say what holds from when on."""
        return self._done(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say what holds from when on."""
        return self._done(request, obj)

    def _done(self, request: HttpRequest, rule: Policy) -> HttpResponse:
        if rule.status == Status.DRAFT:
            messages.success(request, f"“{rule.title}” is kept as a draft. It decides nothing yet.")
            where = reverse("admin:policies_policy_change", args=[rule.pk])
            return HttpResponseRedirect(where)
        since = since_words(cast("datetime", rule.starts_at))
        messages.success(request, f"“{rule.title}” holds {since}.")
        return HttpResponseRedirect(reverse("admin:policies_policy_changelist"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the versions below, with what each changed and why."""
        rule = kwargs.get("obj") or _changes(request)
        if rule is not None:
            versions = versions_of(rule)
            context["rule"] = next(v for v in versions if v.pk == rule.pk)
            context["versions"] = with_differences(versions)
            context["now"] = timezone.now()
        if (changes := _changes(request)) is not None:
            context["panels"] = self.panels_of(request, changes)
        context |= _warned(request, rule)
        return super().render_change_form(request, context, *args, **kwargs)


def _publish(draft: Policy, request: HttpRequest) -> None:
    """Publish it once it was looked at, a start that is past as now."""
    at = timezone.now()
    refuse_incomplete(draft)
    refuse_unseen(draft, looked_at=request.POST.get("looked_at", ""), at=at)
    if draft.starts_at is not None and draft.starts_at < at:
        draft.starts_at = None
    publish(draft, published_by=actor(request))


def _warned(request: HttpRequest, rule: Policy | None) -> dict[str, Any]:
    """What there is to know: about what was to be published, or about the rule as it stands."""
    refusal = getattr(request, "refusal", None)
    if isinstance(refusal, LookOnceMore):
        # Nothing is wrong with the form, so that it shows no errors.
        return {"warned": refusal.warned, "looked_at": refusal.fingerprint, "errors": None}
    at = timezone.now()
    if rule is None or standing_of(rule, at) == Standing.PAST:
        return {}
    return {"warned": warnings_before_publishing(rule, at=at)}


def since_words(starts: datetime) -> str:
    """From when on something holds that has just been published."""
    return "from now on" if starts <= timezone.now() else f"from {date_words(starts)} on"


def _changes(request: HttpRequest) -> Policy | None:
    """The published version that this request changes, if it does."""
    return cast("Policy | None", getattr(request, "changes", None))


def _publishing(request: HttpRequest) -> bool:
    """Asked for by name; a change of a published rule is published unless it is only saved."""
    changes_a_rule = _changes(request) is not None
    return "_publish" in request.POST or (changes_a_rule and "_save" not in request.POST)
