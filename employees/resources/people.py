"""Employees as a CSV file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export.fields import Field

from employees import cells
from employees.changes import OWN_LIMITS
from employees.models import AuthorityTier, Division, Employee, Role, Team
from employees.resources.amounts import Amount
from employees.resources.rows import DivisionResource, column


class EmployeeResource(DivisionResource):
    """People, by their username. A new one can sign in once somebody sets a password."""

    key = "username"
    needs_reason = OWN_LIMITS

    username = column("username")
    first_name = column("first_name")
    last_name = column("last_name")
    email = column("email")
    job_title = column("job_title")
    division = Field(attribute="division__code", column_name="division", readonly=True)
    role = column("role", cells.OneOf(list(Role.choices)))
    team = column("team")
    tier = column("tier")
    personal_limit = Amount("personal_limit")
    personal_budget = Amount("personal_budget")
    customer_reference = column("customer_reference")
    is_active = column("is_active", cells.YesNo())

    class Meta:
        model = Employee
        fields = (
            "username", "first_name", "last_name", "email", "job_title", "division", "role",
            "team", "tier", "personal_limit", "personal_budget", "customer_reference", "is_active",
        )  # fmt: skip
        import_id_fields = ("username",)

    def __init__(self, *, actor: Employee, reason: str = "") -> None:
        super().__init__(actor=actor, reason=reason)
        self._named_rows: dict[tuple[str, Any, str], Any] = {}
        self._taken: dict[str, str] = {}  # all usernames, folded; "" for those one may not see
        self._added: dict[str, str] = {}  # those that are new with this file
        for what in ("team", "tier"):
            self.fields[what].widget = cells.RowByName(self._finder(what), what)

    def get_queryset(self) -> QuerySet[Any]:
        """With the teams and tiers that the file names."""
        return super().get_queryset().select_related("team", "tier")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Read the teams and tiers too; a username is unique among all divisions."""
        super().before_import(dataset, **kwargs)
        everyone, seen = Employee.objects.all(), Employee.objects.visible_to(self.actor)
        self._taken = {_folded(name): "" for name in everyone.values_list("username", flat=True)}
        self._taken |= {_folded(name): name for name in seen.values_list("username", flat=True)}
        for what, model in (("team", Team), ("tier", AuthorityTier)):
            for row in model.objects.visible_to(self.actor):
                self._named_rows[what, row.division_id, row.name] = row

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        """The person who is meant; a new one needs a username that nobody has."""
        found = super().get_instance(instance_loader, row)
        if found is None:
            self._refuse_taken(Employee.normalize_username(cells.Text().clean(row["username"])))
        return found

    def _refuse_taken(self, name: str) -> None:
        """Raise ValidationError when someone is called so, or so but for capital letters.

        Colleagues would take FORNO.DRIVER1 for forno.driver1, and the one's cases for the other's.
        """
        like = self._taken.get(_folded(name), self._added.get(_folded(name)))
        if like is None:
            self._added[_folded(name)] = name
        elif like in {"", name}:
            raise ValidationError({"username": f"“{name[:80]}” is taken."})
        else:
            raise ValidationError(
                {
                    "username": f"“{name[:80]}” differs from “{like}” only in capital letters. "
                    "Write it the same way for the same person, or choose another name."
                }
            )

    def division_of(self, row: Any) -> Division | None:
        """Administrators and finance may belong to none."""
        code = cells.Text().clean(row.get("division"))
        group = {Role.FINANCE, Role.ADMINISTRATOR}
        if not code and self.actor.division is None and row.get("role") in group:
            return None
        return super().division_of(row)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        """A new account is closed until it has a password."""
        if new:
            instance.set_unusable_password()
        super().after_init_instance(instance, new, row, **kwargs)
        if new:
            self._before["role"] = ""

    def _finder(self, what: str) -> Any:
        def find(name: str, row: Any) -> Any:
            division = self.division_of(row)
            return self._named_rows.get((what, division.pk if division else None, name))

        return find


def _folded(username: str) -> str:
    return Employee.normalize_username(username).lower()
