"""The rows that were chosen in a list, on the way to the page of an act, and the way back."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from employees.admin.base import actor
from employees.models import Role
from employees.row_numbers import is_row_number

CHOSEN = "chosen"
MOST_CHOSEN = 100  # at once: an act holds all of them until it is through


def is_manager(request: HttpRequest) -> bool:
    """Whether they decide on their division's money."""
    me = actor(request)
    return me.role == Role.MANAGER and me.division_id is not None


def address_of(act: str, numbers: Iterable[int], filters: str = "") -> str:
    """The page of an act with these rows chosen, which remembers the list's filters."""
    asked = urlencode({CHOSEN: ",".join(map(str, numbers))})
    return f"{reverse(act)}?{asked}" + (f"&{filters}" if filters else "")


def chosen_rows(request: HttpRequest, rows: QuerySet[Any]) -> list[Any]:
    """The chosen of these rows, all of them: one that is not there is not found."""
    asked = request.GET.get(CHOSEN, "").split(",")
    if not all(map(is_row_number, asked)):
        raise Http404
    numbers = set(map(int, asked))
    found = list(rows.filter(pk__in=numbers)) if len(numbers) <= MOST_CHOSEN else []
    if len(found) != len(numbers):
        raise Http404
    return found


def list_address(model: type[Model], filters: str = "") -> str:
    """The list as it was left, with its filters."""
    meta = model._meta
    where = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return str(add_preserved_filters({"preserved_filters": filters, "opts": meta}, where))
