"""The app's name and settings for Django, and its guards in the database."""

from django.apps import AppConfig


class BudgetsConfig(AppConfig):
    """What Django needs to know of this app."""

    name = "budgets"
    verbose_name = "Money"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the app's triggers in place after every migrate."""
        from budgets.guards import GUARDS
        from employees.triggers import keep

        keep(self, GUARDS)
