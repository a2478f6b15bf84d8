"""Employees: who works here, what they may see, and how far their word goes."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from employees.admin.amounts import NONE, money
from employees.admin.base import actor, called
from employees.admin.history import HistoryAdmin
from employees.admin.people_forms import NewPasswordForm, NewPersonForm, PersonForm
from employees.admin.spreadsheets import CsvAdmin
from employees.changes import appointable_roles, save_change
from employees.models import Employee
from employees.own_authority import OwnAuthority, is_own
from employees.resources.people import EmployeeResource

admin.site.unregister(Group)  # roles are kept right by the program

_AUTHORITY = (
    "What they may see and give",
    {
        "fields": [
            ("role", "team"),
            "tier",
            ("personal_limit", "personal_budget"),
        ],
        "description": "The role says what they may see and edit; the tier how far their word "
        "goes. A personal limit or budget stands instead of the tier's.",
    },
)
_PERSON = ("first_name", "last_name")


@admin.register(Employee)
class EmployeeAdmin(CsvAdmin, HistoryAdmin, UserAdmin):  # type: ignore[type-arg]
    """The division's people. Nobody changes themselves; nobody is deleted, only deactivated."""

    form = PersonForm
    add_form = NewPersonForm
    add_form_template = None
    change_password_form = NewPasswordForm
    resource_classes = [EmployeeResource]
    list_display = (
        "name",
        "job_title",
        "role",
        "team",
        "tier",
        "limit",
        "budget",
        "is_active",
    )
    list_select_related = ("division", "team", "tier")
    list_filter = (
        "is_active",
        "role",
        ("team", admin.RelatedOnlyFieldListFilter),
        ("tier", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = (
        "username", "first_name", "last_name", "email", "job_title", "customer_reference",
    )  # fmt: skip
    filter_horizontal = ()
    ordering = ("username",)
    actions = ("deactivate", "activate")
    readonly_fields = ("password_words",)
    add_fieldsets: Any = (
        (None, {"fields": ["division", "username", _PERSON, "email", "job_title"]}),
        _AUTHORITY,
        ("Signing in", {"fields": [("password1", "password2")]}),
    )
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ["division", "username", _PERSON, "email", "job_title", "is_active"]}),
        _AUTHORITY,
        ("If they are a customer too", {"fields": ["customer_reference"]}),
        ("Signing in", {"fields": ["password_words"]}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not oneself, and nobody above oneself."""
        if not super().has_change_permission(request, obj):
            return False
        me = actor(request)
        return obj is None or (not is_own(me, obj) and obj.role in appointable_roles(me))

    def why_not(self, request: HttpRequest, obj: Any) -> str:
        """It is they themselves, or someone above them."""
        if is_own(actor(request), obj):
            return f"This is you. {OwnAuthority()}"
        return "Only an administrator appoints, or changes, managers, finance and administrators."

    def title_of(self, obj: Any) -> str:
        """Their name."""
        return called(obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the password where nothing can be changed."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [f for f in fieldsets if f[0] != "Signing in"]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only the roles that this person may give."""
        if db_field.name == "role":
            kwargs["choices"] = [(r.value, r.label) for r in appointable_roles(actor(request))]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on as after any other addition: everything was asked at once."""
        return super(UserAdmin, self).response_add(request, obj, post_url_continue)

    @admin.action(description="Deactivate: they can no longer sign in", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Employee]) -> None:
        """Close the accounts; everything they did stays."""
        self._set_active(request, queryset, active=False)

    @admin.action(description="Activate again", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Employee]) -> None:
        """Open the accounts again."""
        self._set_active(request, queryset, active=True)

    def _set_active(
        self, request: HttpRequest, queryset: QuerySet[Employee], *, active: bool
    ) -> None:
        """Row by row, so that each is in the history; those one may not change are left."""
        chosen = list(queryset.select_related("division", "team", "tier"))
        done = [e for e in chosen if self.has_change_permission(request, e)]
        for employee in done:
            employee.is_active = active
            save_change(employee, changed_by=actor(request), changed=["is_active"])
        word = "activated" if active else "deactivated"
        messages.success(request, f"{len(done)} {'person' if len(done) == 1 else 'people'} {word}.")
        for employee in chosen:
            if employee not in done:
                messages.warning(request, f"{employee}: {self.why_not(request, employee)}")

    @admin.display(description="name", ordering="first_name")
    def name(self, employee: Employee) -> str:
        """First and last name, with the username below."""
        full = employee.get_full_name()
        if not full:
            return employee.username
        return format_html('{} <span class="below quiet">{}</span>', full, employee.username)

    @admin.display(description="password")
    def password_words(self, employee: Employee) -> str:
        """Whether one is set, and the way to a new one; it is kept so that nobody can read it."""
        where = reverse("admin:auth_user_password_change", args=[employee.pk])
        words = "Is set." if employee.has_usable_password() else "None yet: they can't sign in."
        return format_html('{} <a href="{}">Set a new one</a>', words, where)

    @admin.display(description="limit per case")
    def limit(self, employee: Employee) -> str:
        """What they may give in one case, marked where it is their own and not the tier's."""
        return _amount(employee, employee.limit_per_case, own=employee.personal_limit is not None)

    @admin.display(description="monthly budget")
    def budget(self, employee: Employee) -> str:
        """What is theirs each month."""
        return _amount(employee, employee.monthly_budget, own=employee.personal_budget is not None)


def _amount(employee: Employee, amount: Any, *, own: bool) -> str:
    if employee.tier is None or employee.division is None:
        return NONE
    text = money(amount, employee.division.currency)
    return format_html('{} <span class="quiet">personal</span>', text) if own else text
