"""Something more in a case that is there already: what was not told yet, and what to give."""

from collections.abc import Mapping
from typing import Any

from policies.rules import Rulebook
from resolutions.forms.details import DetailsForm
from resolutions.models import Case
from resolutions.problem import facts_of


class MoreForm(DetailsForm):
    """The remedies, with fields for no more than what was not told yet of a case."""

    def __init__(
        self, typed: Mapping[str, Any] | None = None, *, rulebook: Rulebook, case: Case
    ) -> None:
        reason = next(r for r in rulebook.reasons if r.id == case.reason_code_id)
        super().__init__(typed, rulebook=rulebook, reason=reason)
        told = {f"fact-{key}" for key in facts_of(reason, case.facts)}
        told |= {
            name
            for name in ("order_value", "order_reference", "order_date")
            if getattr(case, name) not in (None, "")
        }
        if case.customer is not None:
            told |= {"customer_reference", "customer_name", "customer_email"}
        for name in told:
            del self.fields[name]

    @property
    def asks_more(self) -> bool:
        """Whether there is something that was not told yet."""
        return bool(self.asked_fields or self.up_front or self.folded)
