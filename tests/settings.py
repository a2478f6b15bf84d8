"""The program's own settings, with what would only slow the tests down taken out."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, STORAGES

# Signing in costs half a second with the real hasher, on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Nothing is collected before a test: pages name static files as they are, found in the apps.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Each is looked up when it is asked for. Listing them all first takes a tenth of a second, and a
# test's client does so with its first request.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# For `manage.py lintmigrations`: our own migrations must not stop a version that still runs.
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
MIGRATION_LINTER_OPTIONS = {
    "include_apps": ["employees", "policies", "budgets", "resolutions", "reports"],
    "no_cache": True,
    "sql_analyser": "postgresql",
}
