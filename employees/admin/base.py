"""What every page of the admin keeps to.

One sees and edits one's own division only: rows, choices, filters and searches come from
`visible_to`. A manager's division is not asked for but given. Who may look but not change is told
why. Higher apps put panels of their own beside a page by appending to `panels`.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import DataError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.text import capfirst

from employees.admin.amounts import NONE, AmountField, is_amount, money_column
from employees.admin.forms import DivisionForm
from employees.models import Employee, Role
from employees.moments import in_utc
from employees.money import MoneyField

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StockTabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    StockTabularInline = admin.TabularInline

Panel = Callable[[HttpRequest, Any], str]


def actor(request: HttpRequest) -> Employee:
    """Who is at the door. The site lets nobody in who is not signed in."""
    return cast("Employee", request.user)


def called(employee: Employee | None, nobody: str = NONE) -> str:
    """What colleagues call someone, where there may be nobody."""
    return employee.called if employee else nobody


@admin.display(description="when", ordering="at")
def when(row: Any) -> str:
    """A column, or a read-only field: the row's `at`, in the person's time zone."""
    return str(formats.localize(timezone.localtime(row.at)))


def person_column(field: str, label: str, nobody: str = NONE) -> Callable[[Any], str]:
    """A read-only field for someone of the row, by name, with the way to their page."""

    def column(row: Any) -> str:
        person = getattr(row, field)
        if person is None:
            return nobody
        where = reverse("admin:employees_employee_change", args=[person.pk])
        return format_html('<a href="{}">{}</a>', where, called(person))

    column.short_description = label  # type: ignore[attr-defined]
    column.__name__ = field
    return column


def sees_several(employee: Employee) -> bool:
    """Whether they see more than one division: an administrator, or somebody of the group."""
    return employee.role == Role.ADMINISTRATOR or employee.division_id is None


class DivisionChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among rows of several divisions, each named with its division."""

    def label_from_instance(self, row: Any) -> str:
        """Such as "Forno · Brooklyn"."""
        return f"{row.division} · {row}" if hasattr(row, "division") else str(row)


class MomentField(forms.DateTimeField):
    """A day and a time of it; 9999, which may mean for ever, is asked to be left empty."""

    def clean(self, value: Any) -> Any:
        """Refuse what no other time zone could say. Raises ValidationError."""
        moment = super().clean(value)
        return moment and in_utc(moment)


class TabularInline(StockTabularInline):
    """Rows in a form, whose fields say what they are where there is no room for a table."""

    template = "admin/rows.html"
    about: ClassVar[str] = ""  # a line above the rows


class DivisionAdmin(ModelAdmin):
    """A model of a division, or one that leads to one."""

    form = DivisionForm
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        MoneyField: {"form_class": AmountField},
        models.DateField: {
            "form_class": forms.DateField,
            "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        },
        models.DateTimeField: {
            "form_class": MomentField,
            "widget": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            ),
        },
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})},
    }
    # The way from a row to the division whose currency its amounts are in; "" is the row itself.
    division_path: ClassVar[str] = "division"
    panels: ClassVar[list[Panel]]
    keeps_history: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give each admin a list of panels of its own."""
        super().__init_subclass__(**kwargs)
        cls.panels = []

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Only what this person may see."""
        rows: Any = super().get_queryset(request)
        return cast("models.QuerySet[Any]", rows.visible_to(actor(request)))

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest | None
    ) -> models.QuerySet[Any] | None:
        """Offer, and accept, only rows that this person may see."""
        if request is None:
            return None
        rows: Any = db_field.remote_field.model._default_manager.all()
        rows = rows.visible_to(actor(request))
        if sees_several(actor(request)) and hasattr(rows.model, "division"):
            rows = rows.select_related("division")
        return cast("models.QuerySet[Any]", rows)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "forms.ModelChoiceField[Any] | None":
        """Name the division of each choice where there are several."""
        if sees_several(actor(request)):
            kwargs.setdefault("form_class", DivisionChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> forms.Field | None:
        """Leave out the plus, pencil and eye beside each choice."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Call the list what is in it; an address with a year that there is not leads to it."""
        title = capfirst(str(self.opts.verbose_name_plural))
        try:
            page = super().changelist_view(request, {"title": title, **(extra_context or {})})
            # Rendered here: the rows are read while rendering.
            return page.render() if isinstance(page, TemplateResponse) else page
        except (OverflowError, ValueError, DataError):
            if not request.GET:
                raise
            return HttpResponseRedirect(request.path)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> "type[forms.ModelForm[Any]]":
        """Tell the form who fills it in; the class is made anew for each request."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.actor = actor(request)
        return cast("type[forms.ModelForm[Any]]", form)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The division only where there is a choice; amounts readable where nothing is edited."""
        fieldsets = super().get_fieldsets(request, obj)
        hidden = set() if sees_several(actor(request)) else {"division"}
        looking = obj is not None and not self.has_change_permission(request, obj)
        if looking:
            hidden.add("change_reason")
        return [
            (name, {**options, "fields": fields})
            for name, options in fieldsets
            if (fields := self._shown(options["fields"], hidden, looking=looking))
        ]

    def _shown(self, fields: Sequence[Any], hidden: set[str], *, looking: bool) -> list[Any]:
        shown: list[Any] = []
        for field in fields:
            if isinstance(field, (list, tuple)):
                if inner := self._shown(field, hidden, looking=looking):
                    shown.append(inner)
            elif looking and is_amount(self.model, field):
                shown.append(self._amount(field))
            elif field not in hidden:
                shown.append(field)
        return shown

    def _amount(self, field: str) -> Callable[[Any], str]:
        label = str(self.opts.get_field(field).verbose_name)  # type: ignore[union-attr]
        return money_column(field, label, self.division_path)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A row never moves to another division."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "division"] if obj is not None and hasattr(obj, "division") else fields

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Add the division where there are several."""
        columns = list(super().get_list_display(request))
        return [*columns, *self._division_column(request)]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Begin with the division where there are several."""
        return [*self._division_column(request), *super().get_list_filter(request)]

    def _division_column(self, request: HttpRequest) -> list[str]:
        several = sees_several(actor(request)) and self.division_path == "division"
        return ["division"] if several else []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Histories and versions say who changed what, and why; a second log would not."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See `log_addition`."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """See `log_addition`."""

    def title_of(self, obj: Any) -> str:
        """What the row is called at the top of its page."""
        return str(obj)

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """Why this person can look at the row and not change it; empty where it needs no words."""
        return ""

    def panels_of(self, request: HttpRequest, obj: Any) -> list[str]:
        """What stands beside the row's page."""
        return [html for panel in self.panels if (html := panel(request, obj))]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the panels beside the form, and why something can't be changed."""
        obj = kwargs.get("obj")
        context |= {"subtitle": None, "show_save_and_add_another": obj is None}
        if "changes" not in context:
            context["title"] = self.title_of(obj) if obj else f"New {self.opts.verbose_name}"
        if obj is not None:
            context["hide_history"] = not self.keeps_history
            context["panels"] = self.panels_of(request, obj)
            if not self.has_change_permission(request, obj):
                context["why_not"] = self.why_not(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)


class LookOnly:
    """Nothing is added, changed or deleted here: mixed into an admin or an inline."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False
