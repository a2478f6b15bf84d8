"""What authority would have to be told, in words, and the form's field to tell it in."""

from collections.abc import Mapping

from resolutions.forms.problem import CaseForm
from resolutions.views.offers import Need

_OF_THE_ORDER = {
    "order_value": Need("the order value", "id_order_value"),
    "order_reference": Need("the order number", "id_order_reference"),
    "days_since_order": Need("the day of the order", "id_order_date"),
}
_OF_THE_CUSTOMER = (
    "customer",
    "customer_segment",
    "days_as_customer",
    "earlier_resolutions",
    "earlier_value",
    "second_failure",
)
_WHO = Need("who the customer is", "id_customer_reference")


def needs_on(form: CaseForm) -> Mapping[str, Need]:
    """The needs that this form can answer. What it can't, such as a segment, is not asked for."""
    facts = {
        asked.fact.key: Need(asked.fact.label, f"id_fact-{asked.fact.key}")
        for asked in form.asked_fields
    }
    of_customer = {} if form.typed("customer_reference") else dict.fromkeys(_OF_THE_CUSTOMER, _WHO)
    return {**_OF_THE_ORDER, **of_customer, **facts}
