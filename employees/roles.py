"""Roles as groups with permissions, kept right after every migration.

One table says what each role may do in the admin; `keep_roles_right` makes the groups match it.
Which rows they may do it to is `visible_to`'s answer, not a permission's.
"""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet

from employees.models import Employee, Role

VIEW, EDIT, MAKE = "view", "view change", "view add change"

# Model -> what each role may do with it in the admin. Agents and leads have no door there, but
# their groups exist, so that every employee's role names a group.
PERMISSIONS: dict[str, dict[Role, str]] = {
    "employees.division": {Role.MANAGER: EDIT, Role.ADMINISTRATOR: MAKE},
    "employees.team": {Role.MANAGER: MAKE, Role.ADMINISTRATOR: MAKE},
    "employees.authoritytier": {Role.MANAGER: MAKE, Role.ADMINISTRATOR: MAKE},
    "employees.employee": {Role.MANAGER: MAKE, Role.ADMINISTRATOR: MAKE},
    "policies.reasoncode": {Role.MANAGER: MAKE, Role.ADMINISTRATOR: VIEW},
    "policies.askedfact": {Role.MANAGER: "view add change delete", Role.ADMINISTRATOR: VIEW},
    "policies.remedy": {Role.MANAGER: MAKE, Role.ADMINISTRATOR: VIEW},
    "policies.policy": {Role.MANAGER: "view add change delete", Role.ADMINISTRATOR: VIEW},
    "policies.condition": {Role.MANAGER: "view add change delete", Role.ADMINISTRATOR: VIEW},
    "budgets.budget": {Role.MANAGER: VIEW},
    "budgets.ledgerentry": {Role.MANAGER: VIEW},
    "resolutions.customer": {Role.MANAGER: EDIT},
    "resolutions.incident": {Role.MANAGER: MAKE},
    "resolutions.case": {Role.MANAGER: VIEW},
    "resolutions.contact": {Role.MANAGER: VIEW},
    "resolutions.resolution": {Role.MANAGER: VIEW},
    "resolutions.authoritygap": {Role.MANAGER: VIEW},
    "reports.baseline": {Role.MANAGER: MAKE},
    "reports.reportpreference": {Role.ADMINISTRATOR: MAKE},
    "reports.reportdelivery": {Role.ADMINISTRATOR: VIEW},
}


def keep_roles_right(sender: AppConfig, **kwargs: Any) -> None:
    """Give each role's group exactly the permissions of the table, no more and no fewer.

    Runs after `migrate` of every app. Permissions of an app that is not migrated yet do not
    exist then; the run for that app adds them.
    """
    wanted: dict[str, set[str]] = {role.value: set() for role in Role}
    for model, by_role in PERMISSIONS.items():
        app, name = model.split(".")
        for role, verbs in by_role.items():
            wanted[role.value].update(f"{app}.{verb}_{name}" for verb in verbs.split())
    existing = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role_name, names in wanted.items():
        group, _ = Group.objects.get_or_create(name=role_name)
        group.permissions.set([existing[name] for name in sorted(names) if name in existing])


class RoleBackend(ModelBackend):
    """Signs employees in, and answers for their permissions by their role's group."""

    def _get_user_permissions(self, user_obj: Employee) -> QuerySet[Permission]:
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: Employee) -> QuerySet[Permission]:
        return Permission.objects.filter(group__name=user_obj.role)

    def get_user(self, user_id: Any) -> Employee | None:
        """Load the signed-in employee with their team, tier and division, in one query."""
        employee = Employee.objects.with_authority().filter(pk=user_id).first()
        return employee if employee is not None and self.user_can_authenticate(employee) else None
