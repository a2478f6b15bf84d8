"""Reason codes: what went wrong, and what the case form then asks."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from employees.admin.amounts import NONE
from employees.admin.base import TabularInline, actor
from employees.admin.forms import LabelledFormSet, ReasonedForm
from employees.admin.history import HistoryAdmin
from employees.admin.spreadsheets import CsvAdmin
from employees.changes import save_change
from employees.plain_errors import speak_plainly
from policies.admin.in_use import InUseAdmin
from policies.facts import FactKind
from policies.models import AskedFact, ReasonCode
from policies.resources import ReasonCodeResource
from policies.still_needed import refuse_to_stop_asking, refuse_to_stop_offering


class ReasonCodeForm(ReasonedForm):
    """A reason code."""

    class Meta:
        labels = {"position": "Place on the case form"}
        help_texts = {"position": "The lowest comes first."}


class AskedFactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A fact that is asked for; its key stays, because conditions use it."""

    class Meta:
        labels = {"label": "Question", "position": "Place"}
        help_texts = {
            "label": "On the case form, such as minutes late.",
            "key": "In rules and for other programs, such as minutes_late.",
            "unit": "After the answer, such as minutes.",
            "choices": "For one of a list: basic, plus, max.",
            "required": "Before anything can be given.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speak_plainly(self.fields.values())
        if self.instance.pk:
            self.fields["key"].disabled = True

    def clean_kind(self) -> str:
        """Refuse another kind of answer while rules compare this one."""
        kind = str(self.cleaned_data["kind"])
        if self.instance.pk and "kind" in self.changed_data:
            refuse_to_stop_asking(self.instance, at=timezone.now())
        return kind

    def clean_choices(self) -> str:
        """Refuse to take away a choice while rules compare the answer with it."""
        choices = str(self.cleaned_data["choices"])
        offered = AskedFact(kind=FactKind.CHOICE, choices=choices).offered
        gone = set(self.instance.offered) - set(offered)
        if self.instance.pk and gone:
            refuse_to_stop_offering(self.instance, gone, at=timezone.now())
        return choices


class AskedFactFormSet(LabelledFormSet):
    """All facts of one reason code."""

    def clean(self) -> None:
        """Refuse to stop asking for what rules compare: they would silently no longer apply."""
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk:
                refuse_to_stop_asking(form.instance, at=timezone.now())


class AskedFactInline(TabularInline):
    """The facts, beside the reason code that asks for them."""

    model = AskedFact
    form = AskedFactForm
    formset = AskedFactFormSet
    extra = 0
    verbose_name = "fact"
    verbose_name_plural = "asks for"
    about = "What the case form asks when this went wrong. Rules can depend on the answers."
    fields = ("label", "key", "kind", "unit", "choices", "required", "position")


@admin.register(ReasonCode)
class ReasonCodeAdmin(InUseAdmin, CsvAdmin, HistoryAdmin):
    """The division's reason codes, in the order of the case form."""

    form = ReasonCodeForm
    resource_classes = [ReasonCodeResource]
    inlines = (AskedFactInline,)
    list_display = ("name", "code", "asks", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "code", "asked_facts__label")
    fieldsets = ((None, {"fields": ["division", "name", "code", "position", "is_active"]}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what each asks for."""
        rows = super().get_queryset(request)
        return rows.select_related("division").prefetch_related("asked_facts")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A code stays: other programs use it."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "code"] if obj else fields

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep in the history, too, what the reason code asks for now."""
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            facts = ", ".join(f.label for f in form.instance.asked_facts.order_by("position", "id"))
            reason = form.cleaned_data.get("change_reason", "")
            save_change(
                form.instance,
                changed_by=actor(request),
                changed=["name"],
                reason=f"Asks for {facts or 'nothing'} now. {reason}",
            )

    @admin.display(description="asks for")
    def asks(self, reason: ReasonCode) -> str:
        """The facts that it asks for."""
        return ", ".join(fact.label for fact in reason.asked_facts.all()) or NONE
