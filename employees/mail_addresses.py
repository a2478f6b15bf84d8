"""Addresses that mails are sent to."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def is_mail_address(text: str) -> bool:
    """Whether a mail can be sent there, as far as its letters tell."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
