"""What a client says: a problem, and what is to be given. The acts check what it means."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from budgets.models import NOTE_LENGTH
from policies.models import Channel
from resolutions.api.strict import (
    FactsField,
    MoneyTextField,
    QuantityField,
    Strict,
    TextField,
    YesNoField,
    text,
)
from resolutions.checks import LONGEST
from resolutions.problem import CustomerDetails, Details, Give, Problem

MOST_GIVES = 40
CODE = {"type": "string", "minLength": 1}
WORDS = text(LONGEST["note"], lines=True)
SOME_WORDS = text(LONGEST["note"], filled=True, lines=True)


class CustomerSaid(Strict):
    """Who the customer is."""

    reference = TextField(
        described=text(LONGEST["reference"], filled=True),
        help_text="What they are known by: an account, a phone number …",
    )
    name = TextField(described=text(LONGEST["name"]), required=False)
    email = TextField(required=False)


@extend_schema_field(
    {
        "oneOf": [
            {
                "type": "object",
                "properties": {
                    "reference": text(LONGEST["reference"], filled=True),
                    "name": text(LONGEST["name"]),
                    "email": {"type": "string", "maxLength": LONGEST["email"]},
                },
                "required": ["reference"],
                "additionalProperties": False,
            },
            text(LONGEST["reference"], filled=True) | {"description": "Their reference only."},
        ]
    }
)
class CustomerField(serializers.Field[Any, Any, Any, Any]):
    """The customer as an object, or by their reference only."""

    def to_internal_value(self, data: Any) -> CustomerDetails:
        """Read who it is."""
        said = {"reference": data} if isinstance(data, str) else data
        return CustomerDetails(**_reader(CustomerSaid).run_validation(said))


class GiveSaid(Strict):
    """A remedy to give: an amount at face value, or a quantity, by how the remedy is costed."""

    remedy = TextField(described=CODE, help_text="Its code")
    amount = MoneyTextField(required=False, allow_null=True)
    quantity = QuantityField(required=False, allow_null=True)
    description = TextField(
        described=text(LONGEST["description"]),
        required=False,
        help_text="For remedies that ask what it is.",
    )


class Gives(serializers.ListField):
    """What is to be given in one go."""

    child = GiveSaid()

    default_error_messages = {
        "not_a_list": "Send a list of objects.",
        "min_length": "Say what to give.",
        "max_length": f"Give at most {MOST_GIVES} remedies in one go.",
    }


@extend_schema_field({"type": "string", "enum": list(Channel.values)})
class ChannelField(TextField):
    """Where it was told."""


class DetailsSaid(Strict):
    """Whose problem it is, with which order, and what the reason code asks for."""

    order_value = MoneyTextField(required=False, allow_null=True)
    order_date = serializers.DateField(required=False, allow_null=True)
    order_reference = TextField(described=text(LONGEST["order_reference"]), required=False)
    facts = FactsField(required=False)
    customer = CustomerField(required=False, allow_null=True)
    apart_from_incident = YesNoField(
        required=False,
        help_text="It is none of the mass incident that it looks like: your month pays.",
    )


class ProblemSaid(Strict):
    """What went wrong, and where it was told."""

    reason_code = TextField(described=CODE, help_text="What went wrong, by code")
    channel = ChannelField()


class QuestionSaid(ProblemSaid, DetailsSaid):
    """A customer's problem, and what was chosen already."""

    gives = Gives(required=False, max_length=MOST_GIVES)


class CaseSaid(QuestionSaid):
    """A customer's problem, and what is to be given at once; with no gives the case stays open."""

    note = TextField(described=WORDS, required=False)


class ChosenSaid(DetailsSaid):
    """What was not told yet, and what was chosen already, next to which the rest is asked for."""

    gives = Gives(required=False, max_length=MOST_GIVES)


class MoreSaid(DetailsSaid):
    """What to give (more) in a case that is there already, and what was not told yet."""

    gives = Gives(min_length=1, max_length=MOST_GIVES)


class ClosingSaid(Strict):
    """What was said to the customer: an explanation or an apology was enough."""

    said = TextField(described=SOME_WORDS)


class HandingOverSaid(Strict):
    """To whom the customer is handed over after all, and why."""

    to = TextField(described=text(LONGEST["name"], filled=True))
    reason = TextField(described=SOME_WORDS)


class GivingBackSaid(Strict):
    """Why a remedy could not be carried out."""

    reason = TextField(described=text(NOTE_LENGTH, filled=True))


class ContactSaid(Strict):
    """The customer came back about the same case."""

    channel = ChannelField()
    note = TextField(described=WORDS, required=False)
    customer = TextField(
        described=text(LONGEST["reference"]),
        required=False,
        help_text="Their reference, for a colleague's case.",
    )


def read(form: type[Strict], request: Request) -> dict[str, Any]:
    """Read the request's body by its form. Raises ValidationError."""
    told: dict[str, Any] = _reader(form).run_validation(request.data)
    return told


@cache
def _reader(form: type[Strict]) -> Strict:
    """A form that is made once: making one takes longer than all it reads, and it keeps nothing."""
    return form()


def problem_in(told: Mapping[str, Any]) -> Problem:
    """The problem that a `QuestionSaid` or `CaseSaid` tells."""
    return Problem(**_but_gives(told))


def details_in(told: Mapping[str, Any]) -> Details:
    """What a `ChosenSaid` or `MoreSaid` tells that was not told before."""
    return Details(**_but_gives(told))


def gives_in(told: Mapping[str, Any]) -> list[Give]:
    """What is to be given."""
    return [Give(**give) for give in told.get("gives", ())]


def _but_gives(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "gives"}
