"""Signing in and out."""

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.views import LoginView

from employees.doors import front_page
from employees.forms import SignInForm

if TYPE_CHECKING:
    from employees.models import Employee


class SignIn(LoginView):
    """The way in for everyone; each lands on their own front page."""

    template_name = "employees/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """The page that was asked for, or the person's front page."""
        asked_for = self.get_redirect_url()
        if asked_for not in ("", "/"):
            return asked_for
        return front_page(cast("Employee", self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In the demo, and only there, the accounts to try are listed."""
        return super().get_context_data(
            accounts=settings.DEMO_ACCOUNTS, password=settings.DEMO_PASSWORD, **kwargs
        )
