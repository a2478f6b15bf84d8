"""Answering gaps: those of a group, those chosen in the list, or one from its own page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from budgets.admin.chosen import CHOSEN, chosen_rows, is_manager, list_address
from employees.admin.base import actor
from employees.models import Employee
from employees.plain_errors import speak_plainly
from policies.models import Policy
from resolutions.admin.gap_filters import period_of
from resolutions.admin.gap_overview import OVERVIEW
from resolutions.answer_gaps import answer_gaps
from resolutions.errors import InvalidCase, NothingToAnswer
from resolutions.gap_groups import By, gaps_of_group, last_versions
from resolutions.gap_querysets import AuthorityGapQuerySet
from resolutions.models import AnswerKind, AuthorityGap

_SHOWN = 8


class AnswerForm(forms.Form):
    """What came of it, in words; the act says what is wrong with them."""

    error_css_class = "errors"
    kind = forms.ChoiceField(
        label="What came of it",
        choices=AnswerKind.choices,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
        required=False,
    )
    words = forms.CharField(
        label="Your words to them",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="They read it on their desk, with your name. It stays as you send it.",
    )
    policy = forms.ModelChoiceField(
        label="The rule it is about",
        queryset=Policy.objects.none(),
        required=False,
        empty_label="No rule in particular",
        help_text="They get the way to it in their handbook.",
    )
    # Whatever comes while the manager is writing was not what the answer was written for.
    up_to = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, reader: Employee, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        speak_plainly(self.fields.values())
        rules: Any = self.fields["policy"]
        rules.queryset = last_versions(reader)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which gaps the answer is for, and where one came from."""

    gaps: AuthorityGapQuerySet
    back: str
    series: UUID | None = None  # the rule that stopped all of them


def answer_view(admin: Any, request: HttpRequest) -> HttpResponse:
    """Show what would be answered, ask for the answer, then give it to all of them."""
    if not is_manager(request):
        raise PermissionDenied
    me, chosen = actor(request), _chosen(admin, request)
    waiting = chosen.gaps.answerable_by(me)
    counted = _counted(chosen.gaps, me)
    rule = chosen.series and last_versions(me).filter(series=chosen.series).first()
    first = {"policy": rule, "up_to": counted["up_to"]}
    form = AnswerForm(request.POST or None, reader=me, initial=first)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        up_to = told.pop("up_to")
        shown = waiting if up_to is None else waiting.filter(pk__lte=up_to)
        try:
            number = answer_gaps(shown, answered_by=me, **told)
        except InvalidCase as refusal:
            for field, words in refusal.errors.items():
                form.add_error(field, words)
        except NothingToAnswer as nothing:
            messages.warning(request, str(nothing))
            return HttpResponseRedirect(chosen.back)
        else:
            messages.success(request, _done(number))
            return HttpResponseRedirect(chosen.back)
    context = {
        **admin.admin_site.each_context(request),
        "title": "Answer",
        "opts": admin.opts,
        "form": form,
        "back": chosen.back,
        "counted": counted,
        "gaps": waiting.select_related("division", "employee", "remedy", "policy")[:_SHOWN],
        "more": max(counted["waiting"] - _SHOWN, 0),
    }
    return TemplateResponse(request, "admin/resolutions/answer_gaps.html", context)


def _chosen(admin: Any, request: HttpRequest) -> Chosen:
    """A group, or what was chosen in the list. Raises Http404 for what there is not."""
    gaps = AuthorityGap.objects.visible_to(actor(request))
    if CHOSEN in request.GET:
        rows = chosen_rows(request, gaps.select_related("policy"))
        filters = admin.get_preserved_filters(request)
        back = list_address(AuthorityGap, filters)
        if len(rows) == 1 and not filters:
            back = reverse("admin:resolutions_authoritygap_change", args=[rows[0].pk])
        rules = {row.policy and row.policy.series for row in rows}
        series = rules.pop() if len(rules) == 1 else None
        return Chosen(gaps.filter(pk__in=[row.pk for row in rows]), back, series)
    key, period = request.GET.get("of", ""), period_of(request)
    try:
        by = By(request.GET.get("by", ""))
        of_group = gaps_of_group(gaps.filter(period.gaps), by, key)
    except ValueError as error:
        raise Http404 from error
    back = f"{reverse(OVERVIEW)}?by={by}&period={period.key}"
    is_rule = by == By.RULE and key.startswith("rule-")
    return Chosen(of_group, back, UUID(key.removeprefix("rule-")) if is_rule else None)


def _counted(gaps: AuthorityGapQuerySet, me: Employee) -> dict[str, Any]:
    """How many wait for an answer, of how many people; how many are answered, and how many own."""
    open_, own = Q(answer__isnull=True), Q(employee=me.pk)
    return gaps.order_by().aggregate(
        waiting=Count("pk", filter=open_ & ~own),
        people=Count("employee", filter=open_ & ~own, distinct=True),
        own=Count("pk", filter=open_ & own),
        answered=Count("answer"),
        up_to=Max("pk", filter=open_ & ~own),
    )


def _done(number: int) -> str:
    if number == 1:
        return "Answered. Whoever had it reads it on their desk."
    return f"Answered all {number}. Those who had them read it on their desks."
