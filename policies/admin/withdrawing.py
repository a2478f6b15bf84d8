"""Withdrawing a rule: it ends at once or on a day, and says why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from employees.admin.base import MomentField, actor
from employees.plain_errors import speak_plainly
from policies.errors import PolicyError, StartsInThePast
from policies.models import Policy, Status
from policies.publish import withdraw
from policies.words import date_words


class WithdrawForm(forms.Form):
    """Why, and from when on."""

    change_reason = forms.CharField(
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why; the people who work by it will read it."},
        max_length=500,
        help_text="Kept with the rule's versions, for whoever asks later.",
    )
    starts_at = MomentField(
        label="From",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="In your time zone. Empty means now.",
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")
        speak_plainly(self.fields.values())


def withdraw_view(admin: Any, request: HttpRequest, rule: Policy | None) -> HttpResponse:
    """Ask why, then end the rule."""
    if rule is None or rule.status == Status.DRAFT or rule.withdrawn:
        raise Http404
    if not admin.has_change_permission(request, rule):
        raise PermissionDenied
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            last = withdraw(rule, withdrawn_by=actor(request), **form.cleaned_data)
        except PolicyError as refusal:
            where = "starts_at" if isinstance(refusal, StartsInThePast) else "change_reason"
            form.add_error(where, str(refusal))
        else:
            messages.success(request, _done(last))
            return HttpResponseRedirect(reverse("admin:policies_policy_changelist"))
    context = {
        **admin.admin_site.each_context(request),
        "title": f"Withdraw “{rule.title}”",
        "rule": rule,
        "form": form,
        "opts": admin.opts,
    }
    return TemplateResponse(request, "admin/policies/withdraw.html", context)


def _done(last: Policy) -> str:
    """That it is over, or when it will be."""
    if last.starts_at is not None and last.starts_at > timezone.now():
        return f"“{last.title}” ends on {date_words(last.starts_at)}."
    return f"“{last.title}” is withdrawn."
