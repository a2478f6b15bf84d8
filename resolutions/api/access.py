"""Who asks, whether they may act, and which case they mean."""

from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from employees.api.authentication import employee_of
from employees.models import Employee, Role
from resolutions.ask import rulebook_for
from resolutions.models import Case


class HasAuthority(BasePermission):
    """Whoever changes something in a case, or asks what they may give, has a tier."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let readers through, and whoever has a tier. Raises NoAuthority."""
        if request.method not in SAFE_METHODS:
            rulebook_for(employee_of(request))
        return True


def sees_names(employee: Employee) -> bool:
    """Whether they see who a customer is; finance knows them by their reference only."""
    return employee.role != Role.FINANCE


def visible_case(request: Request, case_id: int) -> Case:
    """Return the case with all that is told of it. Raises NotFound, also for a foreign one."""
    cases = Case.objects.visible_to(employee_of(request)).with_receipt()
    return _found(cases.filter(pk=case_id).first())


def case_to_take_up(request: Request, case_id: int, *, customer: str) -> Case:
    """Return a case they see, or one of the division whose customer's reference they know.

    The customer may come back to anyone; their reference is the key to a colleague's case.
    Raises NotFound.
    """
    seen = Case.objects.visible_to(employee_of(request)).filter(pk=case_id).first()
    if seen is None and customer:
        division = employee_of(request).division_id
        known = Case.objects.filter(division=division, customer__reference=customer)
        seen = known.filter(pk=case_id).first()
    return _found(seen)


def _found(case: Case | None) -> Case:
    if case is None:
        raise NotFound("There is no such case among those you can see.")
    return case
