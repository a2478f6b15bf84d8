"""What authority would have to be told, in words, and the form's field to tell it in."""

from collections.abc import Mapping

from resolutions.forms.details import DetailsForm
from resolutions.views.offers import Need

_OF_THE_ORDER = {
    "order_value": ("the order value", "order_value"),
    "order_reference": ("the order number", "order_reference"),
    "days_since_order": ("the day of the order", "order_date"),
}
_OF_THE_CUSTOMER = (
    "customer",
    "customer_segment",
    "days_as_customer",
    "earlier_resolutions",
    "earlier_value",
    "earlier_same",
    "lifetime_value",
    "second_failure",
)
_WHO = ("who the customer is", "customer_reference")


def needs_on(form: DetailsForm) -> Mapping[str, Need]:
    """The needs that this form can answer. What it can't, such as a segment, is not asked for."""
    facts = {
        asked.fact.key: (asked.fact.label, f"fact-{asked.fact.key}") for asked in form.asked_fields
    }
    of_customer = {} if form.typed("customer_reference") else dict.fromkeys(_OF_THE_CUSTOMER, _WHO)
    return {
        key: Need(label, f"id_{name}")
        for key, (label, name) in {**_OF_THE_ORDER, **of_customer, **facts}.items()
        if form.shows(name)
    }
