"""Who pulls an export: someone of finance, a manager, or a machine with a token.

An export asks the reader what it may show, and nobody else. What a reader sees is resolved when
the request comes in: a token opens what its maker may give at that moment.
"""

from dataclasses import dataclass

from employees.models import Division, Employee, Role
from reports.errors import NoExports, TokenOpensNothing
from reports.models import ExportName, MachineToken
from reports.tokens import divisions_opened, opens_own_words

EXPORTS_ARE_FOR = (Role.FINANCE, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and what: these exports, of these divisions (ordered by pk).

    Without `own_words`, nothing that people wrote in their own words is for them: customers are
    known to them by reference only. Either `employee` or `token` is set.
    """

    name: str
    exports: frozenset[str]
    divisions: tuple[Division, ...]
    own_words: bool
    employee: Employee | None = None
    token: MachineToken | None = None

    is_authenticated = True
    is_active = True

    @property
    def key(self) -> str:
        """What requests are counted by: "employee:7" or "token:3"."""
        if self.token is not None:
            return f"token:{self.token.pk}"
        return f"employee:{self.employee.pk}" if self.employee else ""

    @property
    def pk(self) -> str:
        """The key again, for what asks every user for one."""
        return self.key


def reader_of_employee(employee: Employee) -> Reader:
    """Finance and managers, with all they see. One query. Raises NoExports for everyone else."""
    if not employee.is_active or employee.role not in EXPORTS_ARE_FOR:
        raise NoExports
    return Reader(
        name=employee.called,
        exports=frozenset(ExportName.values),
        divisions=tuple(Division.objects.visible_to(employee).order_by("pk")),
        own_words=employee.role == Role.MANAGER,
        employee=employee,
    )


def reader_of_token(token: MachineToken) -> Reader:
    """A machine, with what its token opens now. One query. Raises TokenOpensNothing.

    The token is one that `find_token` has found: it comes with its maker.
    """
    divisions = tuple(divisions_opened(token))
    if not divisions:
        raise TokenOpensNothing(
            "Whoever made this token sees none of its divisions any more. Ask for a new one."
        )
    return Reader(
        name=token.name,
        exports=frozenset(token.exports),
        divisions=divisions,
        own_words=opens_own_words(token),
        token=token,
    )
