"""The forms for a new employee and for a change of one."""

from typing import Any

from django.contrib.auth.forms import AdminPasswordChangeForm, SetPasswordMixin

from employees.admin.forms import ReasonedForm
from employees.changes import OWN_LIMITS

# What it means when no password is set; Django's style sheet shows the list where it is chosen.
_WITHOUT_ONE = (
    "Without one they can't sign in; everything they did stays."
    '<ul id="id_unusable_warning" class="messagelist"><li class="warning">'
    "Their password is forgotten; they can't sign in until a new one is set.</li></ul>"
)


class PersonForm(ReasonedForm):
    """An employee: a change of their role, tier, limit or budget says why."""

    needs_reason = OWN_LIMITS

    class Meta:
        help_texts = {
            "username": "What they sign in with: letters, digits and @ . + - _",
            "personal_limit": "For one case, at cost. Empty: as far as the tier goes.",
            "personal_budget": "For one month, at cost. Empty: what the tier has.",
            "customer_reference": "What they are known by as a customer. Nobody resolves their "
            "own case.",
            "is_active": "Untick it when someone leaves: they can't sign in any more, and "
            "everything they did stays.",
        }


class NewPersonForm(SetPasswordMixin, PersonForm):  # type: ignore[type-arg]
    """A new employee, with a password or, for now, without."""

    password1, password2 = SetPasswordMixin.create_password_fields("Password", "Once more")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, help_text in (
            ("password1", "Leave both empty and nobody can sign in yet; you can set one later."),
            ("password2", ""),
        ):
            self.fields[name].required = False
            self.fields[name].help_text = help_text

    def clean(self) -> dict[str, Any] | None:
        """Refuse two passwords that differ, or one that was typed only once."""
        cleaned = super().clean()
        first, second = (self.cleaned_data.get(n, "") for n in ("password1", "password2"))
        if bool(first) != bool(second):
            self.add_error("password2", "Type the password twice, or leave both empty.")
        self.validate_passwords("password1", "password2")
        return cleaned

    def _post_clean(self) -> None:
        """Refuse a weak password, once the person is known: it must not be their name."""
        super()._post_clean()  # type: ignore[misc]
        if self.cleaned_data.get("password2"):
            self.validate_password_for_user(self.instance, "password2")

    def save(self, commit: bool = True) -> Any:
        """Keep the password's hash, or a mark that none is set."""
        employee: Any = super().save(commit=False)
        employee.set_password(self.cleaned_data.get("password1") or None)
        return employee


class NewPasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """A new password for someone else; that it was set is in their history."""

    usable_password_help_text = _WITHOUT_ONE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if "usable_password" in self.fields:
            self.fields["usable_password"].label = "Signing in with a password"

    def save(self, commit: bool = True) -> Any:
        """Keep its hash."""
        self.user._change_reason = "A new password was set."
        return super().save(commit)
