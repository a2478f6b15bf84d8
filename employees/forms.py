"""Signing in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"

    error_messages = {
        "invalid_login": "That user name and password don't belong together. Look at both again; "
        "capitals count.",
        "inactive": "This account is closed. Ask your manager.",
    }
