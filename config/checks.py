"""Production refuses to start with an insecure value.

`manage.py check` and every other command run these; the web server and Celery run them through
`refuse_insecure`. *Embedded* (no DATABASE_URL) is meant for one machine or its local network and
may do without a certificate; it may not do with a weak key or with DEBUG where others can reach it.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

_LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", ".localhost", "testserver"}
_KEY_LENGTH = 50
_NEW_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"


class CannotStart(SystemExit):
    """The settings are insecure; the message names each and what to do."""


def refuse_insecure(**_: Any) -> None:
    """Stop this process if a setting is insecure. Raises CannotStart, which is a SystemExit."""
    errors = [found for found in checks.run_checks(tags=["leeway"]) if found.is_serious()]
    if errors:
        lines = [f"- {found.msg} {found.hint}" for found in errors]
        raise CannotStart("\n".join(["Leeway does not start like this:", *lines]))


@checks.register("leeway", checks.Tags.security)
def check_settings(**_: Any) -> list[checks.CheckMessage]:
    """Return what is insecure, and what will surprise, about the settings."""
    return [*_secret_key(), *_debug_and_hosts(), *_transport(), *_production()]


def _reachable() -> list[str]:
    """Return the hosts by which others than this machine can reach the program."""
    return [host for host in settings.ALLOWED_HOSTS if host not in _LOCAL_HOSTS]


def _secret_key() -> Iterator[checks.CheckMessage]:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        varied = len(set(key)) > _KEY_LENGTH // 5
        if len(key) < _KEY_LENGTH or not varied or key.startswith("django-insecure"):
            yield checks.Error(
                "SECRET_KEY can be guessed.",
                hint=f"Set it to at least {_KEY_LENGTH} random characters: {_NEW_KEY}",
                id="leeway.E001",
            )
    if not (settings.SECRET_KEY_IS_SET or settings.EMBEDDED or settings.DEBUG):
        yield checks.Error(
            "SECRET_KEY is not set, so that each machine would use another one.",
            hint=f"Set it to the same value for all processes: {_NEW_KEY}",
            id="leeway.E002",
        )


def _debug_and_hosts() -> Iterator[checks.CheckMessage]:
    if settings.DEBUG and _reachable():
        yield checks.Error(
            f"DEBUG is on while others can reach {', '.join(_reachable())}.",
            hint="DEBUG shows the program's inside to everyone: unset it, or ALLOWED_HOSTS.",
            id="leeway.E003",
        )
    if any(host.strip(".") in {"*", ""} for host in settings.ALLOWED_HOSTS):
        yield checks.Error(
            "ALLOWED_HOSTS lets every host name through.",
            hint="Name the hosts under which Leeway is reached, such as leeway.example.com.",
            id="leeway.E004",
        )
    if any(origin.endswith("://*") for origin in settings.CSRF_TRUSTED_ORIGINS):
        yield checks.Error(
            "CSRF_TRUSTED_ORIGINS trusts every site.",
            hint="Name the origins to trust, such as https://leeway.example.com.",
            id="leeway.E005",
        )


def _transport() -> Iterator[checks.CheckMessage]:
    if not (settings.HTTPS or settings.EMBEDDED) and _reachable():
        yield checks.Error(
            "LEEWAY_HTTPS is off: passwords and tokens would travel in the clear.",
            hint="Unset it and serve Leeway over TLS (behind a proxy, set LEEWAY_PROXY_COUNT).",
            id="leeway.E006",
        )
    if settings.LEEWAY_DEMO and not settings.EMBEDDED and _reachable():
        yield checks.Error(
            "LEEWAY_DEMO is on: the sign-in page would show accounts with a known password.",
            hint="Unset LEEWAY_DEMO, and do not load the demo into this database.",
            id="leeway.E007",
        )


def _production() -> Iterator[checks.CheckMessage]:
    if settings.EMBEDDED or settings.DEBUG:
        return
    if not settings.REDIS_URL:
        yield checks.Warning(
            "REDIS_URL is not set: jobs and request limits stay on this one machine.",
            hint="Set it as soon as there is more than one web process or machine.",
            id="leeway.W001",
        )
    if not settings.EMAIL_IS_SET:
        yield checks.Warning(
            f"EMAIL_URL is not set: mails are only written into {settings.EMAIL_FILE_PATH}.",
            hint="Set it to your mail server: smtp+tls://user:password@mail.example.com:587",
            id="leeway.W002",
        )
    if settings.EMAIL_IS_SET and urlsplit(settings.PUBLIC_URL).hostname in _LOCAL_HOSTS:
        yield checks.Warning(
            f"LEEWAY_URL is {settings.PUBLIC_URL}: links in mails would lead nowhere.",
            hint="Set it to where people reach Leeway, such as https://leeway.example.com.",
            id="leeway.W003",
        )
