"""The app's name and settings for Django, and its guards in the database."""

from django.apps import AppConfig


class ResolutionsConfig(AppConfig):
    """What Django needs to know of this app."""

    name = "resolutions"
    verbose_name = "Cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the app's triggers in place, and have its part of the money proved."""
        from budgets.check import PROOFS
        from employees.triggers import keep
        from resolutions.guards import GUARDS
        from resolutions.proof import resolutions_agree_with_the_ledger

        keep(self, GUARDS)
        PROOFS.append(resolutions_agree_with_the_ledger)
