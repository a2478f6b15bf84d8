"""Production refuses to start with an insecure value, and says what to do instead."""

import os
import subprocess
import sys

import pytest
from pytest_django import Settings

from config.checks import CannotStart, check_settings, refuse_insecure
from config.datadir import BASE_DIR

GOOD_KEY = "k7Zq2mXw9RtB4vNs8LpC3yHd6JfG1aEu5QoT0iWbVxMzKcYnSrPgDhFjLkAe"


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Settings as they should be in production."""
    settings.EMBEDDED = False
    settings.DEBUG = False
    settings.HTTPS = True
    settings.LEEWAY_DEMO = False
    settings.SECRET_KEY = GOOD_KEY
    settings.SECRET_KEY_IS_SET = True
    settings.ALLOWED_HOSTS = ["leeway.example.com"]
    settings.REDIS_URL = "redis://redis.example.com"
    settings.EMAIL_IS_SET = True
    settings.PUBLIC_URL = "https://leeway.example.com"
    return settings


def test_good_production_settings_pass(production: Settings) -> None:
    assert check_settings() == []
    refuse_insecure()


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SECRET_KEY", "secret", "SECRET_KEY can be guessed"),
        ("SECRET_KEY", "x" * 80, "SECRET_KEY can be guessed"),
        ("SECRET_KEY", "django-insecure-" + GOOD_KEY, "SECRET_KEY can be guessed"),
        ("SECRET_KEY_FALLBACKS", ["old"], "SECRET_KEY can be guessed"),
        ("SECRET_KEY_IS_SET", False, "SECRET_KEY is not set"),
        ("DEBUG", True, "DEBUG is on while others can reach leeway.example.com"),
        ("ALLOWED_HOSTS", ["*"], "every host name"),
        ("CSRF_TRUSTED_ORIGINS", ["https://*"], "trusts every site"),
        ("HTTPS", False, "in the clear"),
        ("LEEWAY_DEMO", True, "known password"),
    ],
)
def test_production_refuses_an_insecure_value(
    production: Settings, setting: str, value: object, said: str
) -> None:
    setattr(production, setting, value)
    [found] = check_settings()
    assert said in found.msg
    assert found.is_serious()
    assert found.hint
    with pytest.raises(CannotStart, match="Leeway does not start like this"):
        refuse_insecure()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("REDIS_URL", ""), ("EMAIL_IS_SET", False), ("PUBLIC_URL", "http://localhost:8000")],
)
def test_production_is_warned_of_what_will_surprise(
    production: Settings, setting: str, value: object
) -> None:
    setattr(production, setting, value)
    [found] = check_settings()
    assert not found.is_serious()
    refuse_insecure()


def test_the_embedded_default_may_be_reached_from_the_local_network(
    production: Settings,
) -> None:
    production.EMBEDDED = True
    production.HTTPS = False
    production.LEEWAY_DEMO = True
    production.SECRET_KEY_IS_SET = False
    production.ALLOWED_HOSTS = ["localhost", "192.168.1.20"]
    assert check_settings() == []


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "granian", "--interface", "wsgi", "--port", "1", "config.wsgi:application"],
        ["-m", "celery", "--app", "config.celery", "--quiet", "worker"],
        ["-m", "celery", "--app", "config.celery", "--quiet", "beat"],
        ["manage.py", "migrate"],
    ],
    ids=["web", "worker", "beat", "command"],
)
def test_no_door_opens_with_an_insecure_value(command: list[str]) -> None:
    insecure = {
        "DATABASE_URL": "postgres://leeway@db.example.com/leeway",
        "SECRET_KEY": "secret",
        "ALLOWED_HOSTS": "leeway.example.com",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, *command],
        cwd=BASE_DIR,
        env={**os.environ, **insecure},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "SECRET_KEY can be guessed." in done.stdout + done.stderr
