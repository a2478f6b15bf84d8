"""Nobody edits their own tier, limit, budget or role.

The same rule stands in the database, in the triggers on the history tables.
"""

from employees.models import AuthorityTier, Employee


class EmployeesError(Exception):
    """Something about people or tiers was refused."""

    code = "employees"


class OwnAuthority(EmployeesError):
    """Someone tried to change how far their own word goes."""

    code = "own-authority"

    def __init__(self) -> None:
        super().__init__(
            "You can't change your own tier, limit, budget or role. Ask a colleague who manages "
            "this division, or an administrator."
        )


def is_own(actor: Employee, row: Employee | AuthorityTier) -> bool:
    """Whether changing this row would change how far the actor's own word goes."""
    if isinstance(row, Employee):
        return row.pk == actor.pk
    return actor.tier_id is not None and row.pk == actor.tier_id


def refuse_own(actor: Employee, row: Employee | AuthorityTier) -> None:
    """Raise OwnAuthority when changing this row would change the actor's own authority."""
    if is_own(actor, row):
        raise OwnAuthority
