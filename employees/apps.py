"""The app's name and settings for Django, and what is kept right after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EmployeesConfig(AppConfig):
    """What Django needs to know of this app."""

    name = "employees"
    verbose_name = "People and authority"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have roles' permissions and rows' transactions set right after each `migrate`."""
        from employees.guards import GUARDS
        from employees.roles import keep_roles_right
        from employees.transactions import count_as_written_now
        from employees.triggers import keep

        keep(self, GUARDS)
        post_migrate.connect(count_as_written_now, sender=self, dispatch_uid="employees.restored")
        post_migrate.connect(keep_roles_right, dispatch_uid="employees.keep_roles_right")
