"""`GET budgets/`, `GET budgets/{id}/` and `GET budgets/{id}/entries/`."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from budgets.api.answers import (
    EntryAnswer,
    WholeBudgetAnswer,
    entry_json,
    sees_own_words,
    whole_budgets_json,
)
from budgets.api.filters import BudgetFilters, EntryFilters
from budgets.models import Budget, LedgerEntry
from budgets.querysets import BudgetQuerySet
from employees.api.authentication import employee_of


class Budgets(GenericAPIView[Budget]):
    """Budgets: months, funds and entitlements."""

    queryset = Budget.objects.none()
    filterset_class = BudgetFilters
    orders = ("-id", "id", "-month", "month")
    orders_help = "By month are those that have one: funds have none."

    def get_queryset(self) -> BudgetQuerySet:
        """Return the budgets that this person sees, with all that is told of them."""
        seen = Budget.objects.visible_to(employee_of(self.request))
        return seen.select_related("division", "employee__team")

    @extend_schema(
        operation_id="list_budgets", tags=["budgets"], responses=WholeBudgetAnswer(many=True)
    )
    def get(self, request: Request) -> Response:
        """List the budgets that you see, the latest first.

        An agent sees their own months, a lead the team's, a manager and finance all of the
        division's, with its incidents' funds and what customers were owed. A month that nobody
        has opened yet is not among them; `me/` tells what yours will be.
        """
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(whole_budgets_json(page))


class OneBudget(APIView):
    """A budget."""

    @extend_schema(operation_id="read_a_budget", tags=["budgets"], responses=WholeBudgetAnswer)
    def get(self, request: Request, budget_id: int) -> Response:
        """Read a budget: what was set aside, what was used of it, and what is left."""
        seen = Budget.objects.visible_to(employee_of(request)).select_related("employee__team")
        return Response(whole_budgets_json([_found(seen, budget_id)])[0])


class Entries(GenericAPIView[LedgerEntry]):
    """The ledger of a budget."""

    queryset = LedgerEntry.objects.none()
    filterset_class = EntryFilters
    orders = ("-id", "id")

    @extend_schema(operation_id="list_entries", tags=["budgets"], responses=EntryAnswer(many=True))
    def get(self, request: Request, budget_id: int) -> Response:
        """List every movement of a budget, the latest first. Entries are never changed."""
        reader = employee_of(request)
        budget = _found(Budget.objects.visible_to(reader), budget_id)
        entries = LedgerEntry.objects.filter(budget=budget).select_related("actor")
        page = self.paginate_queryset(self.filter_queryset(entries)) or []
        currency, words = budget.division.currency, sees_own_words(reader)
        return self.get_paginated_response(
            [entry_json(entry, currency, own_words=words) for entry in page]
        )


def _found(seen: BudgetQuerySet, budget_id: int) -> Budget:
    """Return the budget with its division. Raises NotFound, also for a foreign one."""
    budget = seen.select_related("division").filter(pk=budget_id).first()
    if budget is None:
        raise NotFound("There is no such budget among those you can see.")
    return budget
