"""What had been given before, for many requests at once: by case, by order and by customer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from employees.models import Division
from resolutions.measure import measure_of
from resolutions.models import Case, Resolution
from resolutions.trying.asked import Asked, Before, Earlier
from resolutions.trying.bearing import Bearing

_COLUMNS = (
    "pk", "case_id", "case__customer_id", "case__order_reference", "remedy_id", "quantity",
    "face_value", "cost", "against_limit", "at",
)  # fmt: skip


def earlier_for(
    division: Division, asked: Sequence[tuple[Asked, Bearing]]
) -> list[tuple[Asked, Before]]:
    """Each request with what was given around it and may count, in one query; or none."""
    cases = {a.case_id for a, _ in asked if a.goes_on and a.case_id is not None}
    customers = {a.customer_id for a, b in asked if b.per_customer and a.customer_id is not None}
    orders = {a.question.order_reference for a, b in asked if b.per_order} - {""}
    until = max((a.question.at for a, _ in asked), default=None)
    around = _Around(_given(division, cases, customers, orders, until=until))
    return [(a, around.of(a, b)) for a, b in asked]


class _Around:
    """Rows by their case, customer and order."""

    def __init__(self, rows: Iterable[Earlier]) -> None:
        self._by_case: defaultdict[int | None, list[Earlier]] = defaultdict(list)
        self._by_customer: defaultdict[int | None, list[Earlier]] = defaultdict(list)
        self._by_order: defaultdict[str, list[Earlier]] = defaultdict(list)
        for row in rows:
            self._by_case[row.case_id].append(row)
            self._by_customer[row.customer_id].append(row)
            self._by_order[row.order_reference].append(row)

    def of(self, asked: Asked, bearing: Bearing) -> Before:
        """Those of the request's case, customer and order, each once."""
        found = list(self._by_case.get(asked.case_id, ())) if asked.goes_on else []
        if bearing.per_customer and asked.customer_id is not None:
            found += self._by_customer.get(asked.customer_id, ())
        if bearing.per_order and asked.question.order_reference:
            found += self._by_order.get(asked.question.order_reference, ())
        return list({row.id: row for row in found}.values())


def _given(
    division: Division,
    cases: set[int],
    customers: set[int],
    orders: set[str],
    *,
    until: datetime | None,
) -> Iterable[Earlier]:
    related = Q()
    for name, values in (("pk", cases), ("customer", customers), ("order_reference", orders)):
        if values:
            related |= Q(**{f"{name}__in": values})
    if not related:
        return
    of_these = Case.objects.filter(related, division=division)
    rows = Resolution.objects.standing().filter(case__in=of_these, at__lte=until).order_by("pk")
    for pk, case, customer, order, remedy, quantity, face, cost, against, at in rows.values_list(
        *_COLUMNS
    ):
        measure = measure_of(face, quantity)
        yield Earlier(pk, case, customer, order, remedy, measure, face, cost, against, at)
