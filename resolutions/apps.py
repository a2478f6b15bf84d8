"""The app's name and settings for Django, and its guards in the database."""

from django.apps import AppConfig


class ResolutionsConfig(AppConfig):
    """What Django needs to know of this app."""

    name = "resolutions"
    verbose_name = "Cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the app's triggers in place after every migrate."""
        from employees.triggers import keep
        from resolutions.guards import GUARDS

        keep(self, GUARDS)
