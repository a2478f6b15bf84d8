"""Taking a reason code or a remedy out of use, and putting it back: nothing is deleted."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from employees.admin.base import actor
from employees.changes import save_change

if TYPE_CHECKING:
    from employees.admin.history import HistoryAdmin

    Base = HistoryAdmin
else:
    Base = object


class InUseAdmin(Base):
    """Actions for models with `is_active`."""

    actions = ("take_out_of_use", "put_back_in_use")

    @admin.action(description="Take out of use", permissions=["change"])
    def take_out_of_use(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """It is not offered any more; what was given with it stays."""
        self._set(request, queryset, active=False)

    @admin.action(description="Put back in use", permissions=["change"])
    def put_back_in_use(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """It is offered again."""
        self._set(request, queryset, active=True)

    def _set(self, request: HttpRequest, queryset: QuerySet[Any], *, active: bool) -> None:
        """Row by row, so that each is in the history."""
        rows = list(queryset.select_related("division"))
        for row in rows:
            row.is_active = active
            save_change(row, changed_by=actor(request), changed=["is_active"])
        where = "back in use" if active else "out of use"
        messages.success(request, f"{', '.join(row.name for row in rows)}: {where}.")
