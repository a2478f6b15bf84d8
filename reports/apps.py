"""The app's name and settings for Django, and its guards in the database."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What Django needs to know of this app."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the app's triggers in place, and tell agents on their desk how their month went."""
        from employees.triggers import keep
        from reports.guards import GUARDS
        from reports.views.own_month import how_it_went
        from resolutions.views import desk

        keep(self, GUARDS)
        desk.panels.append(how_it_went)
