"""The app's name and settings for Django, and its guards in the database."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What Django needs to know of this app."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the app's triggers in place."""
        from employees.triggers import keep
        from reports.guards import GUARDS

        keep(self, GUARDS)
