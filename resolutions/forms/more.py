"""Something more in a case that is there already: what was not told yet, and what to give."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policies.rules import Rulebook
from resolutions.forms.details import DetailsForm
from resolutions.models import Case
from resolutions.problem import CustomerDetails


class MoreForm(DetailsForm):
    """The remedies, and what was not told yet of a case.

    What was told has no field on the page. Sent all the same, by a double tap or an old page, it
    is read: the act tells a repeat from a contradiction.
    """

    def __init__(
        self, typed: Mapping[str, Any] | None = None, *, rulebook: Rulebook, case: Case
    ) -> None:
        reason = rulebook.reason_of(case.reason_code_id)
        super().__init__(typed, rulebook=rulebook, reason=reason)
        columns = ("order_value", "order_reference", "order_date")
        self._told = {name for name in columns if getattr(case, name) not in (None, "")}
        self._told |= {f"fact-{key}" for key in case.facts}
        self._known = case.customer
        self._was_apart = case.apart_from_incident
        if case.customer is not None:
            known = [name for name in ("name", "email") if getattr(case.customer, name)]
            self._told |= {f"customer_{name}" for name in ("reference", *known)}

    def shows(self, name: str) -> bool:
        """Whether the field is on the page: it was not told yet, or told differently just now."""
        return super().shows(name) and (name not in self._told or bool(self.typed(name)))

    @property
    def is_apart(self) -> bool:
        """As it was said before, until something else is sent."""
        return super().is_apart if self.is_bound else self._was_apart

    @property
    def asks_more(self) -> bool:
        """Whether there is something that was not told yet."""
        return bool(self.shown_facts or self.up_front or self.folded)

    def _customer(self, told: set[str], *, briefly: bool) -> CustomerDetails | None:
        """Whom the case knows needs no reference, to be told a name or an address of."""
        customer = super()._customer(told, briefly=briefly)
        if customer is None or customer.reference or self._known is None:
            return customer
        return replace(customer, reference=self._known.reference)
