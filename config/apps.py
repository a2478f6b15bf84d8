"""What Django needs to know of the program as a whole."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConfigConfig(AppConfig):
    """The top of the house: commands, checks, base templates and static files."""

    name = "config"
    verbose_name = "Leeway"

    def ready(self) -> None:
        """Take up the Celery app, so that tasks find their broker, and the system checks."""
        from config import celery, checks  # noqa: F401


class AdminDoor(admin_apps.AdminConfig):
    """Django's admin, with our site in place of its own."""

    default = False  # the default of this module is the program itself
    default_site = "config.admin_site.LeewaySite"
