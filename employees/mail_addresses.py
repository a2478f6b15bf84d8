"""Addresses: where mails go to, and where ours come from."""

from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def is_mail_address(text: str) -> bool:
    """Whether a mail can be sent there, as far as its letters tell."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def own_address() -> str:
    """Where our mails come from, without a name."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def own_domain() -> str:
    """What the names end with that are to be the only ones in the world."""
    return own_address().rpartition("@")[2] or "localhost"
