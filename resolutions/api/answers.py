"""What the API answers, described for OpenAPI. `receipt.py` and `Decision.as_json` make it."""

from typing import Any

from rest_framework import serializers

from budgets.models import BudgetKind
from policies.decision import BoundKind, Verdict
from policies.models import Channel
from resolutions.models import CaseState

MONEY = "Text in the currency's own places, such as 9.00."
MEASURE = "An amount or a quantity, by `measured_in`; null where there is no limit."


class BoundAnswer(serializers.Serializer[Any]):
    """One thing that was considered: how far it lets one go, and why."""

    kind = serializers.ChoiceField(choices=[str(kind) for kind in BoundKind])
    limit = serializers.CharField(allow_null=True, help_text=MEASURE)
    limit_with_grace = serializers.CharField(allow_null=True)
    policy = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    rationale = serializers.CharField(help_text="Why, for the employee.")
    customer_wording = serializers.CharField(help_text="Words to say to the customer.")
    only_when = serializers.CharField(
        required=False, help_text="Its conditions in words; empty where it always holds."
    )
    needs = serializers.ListField(
        child=serializers.CharField(), help_text="Facts that are not known and would have to be."
    )


class InsteadAnswer(serializers.Serializer[Any]):
    """What can be given instead, now."""

    remedy = serializers.CharField()
    limit = serializers.CharField(allow_null=True, help_text=MEASURE)
    why = serializers.CharField()


class DecisionAnswer(serializers.Serializer[Any]):
    """What may be given of one remedy, and what was asked."""

    remedy = serializers.CharField(help_text="Its code")
    verdict = serializers.ChoiceField(choices=[str(verdict) for verdict in Verdict])
    measured_in = serializers.ChoiceField(choices=["amount", "quantity"])
    unit = serializers.CharField()
    asked = serializers.CharField(allow_null=True)
    limit = serializers.CharField(allow_null=True, help_text=MEASURE)
    limit_with_grace = serializers.CharField(allow_null=True)
    cost = serializers.CharField(help_text="What it costs the company. " + MONEY)
    owed = serializers.BooleanField(help_text="The customer is owed it; no month is charged.")
    review_afterwards = serializers.BooleanField()
    needs = serializers.ListField(child=serializers.CharField())
    binding = BoundAnswer(help_text="The bound that sets the limit.")
    bounds = BoundAnswer(many=True, help_text="Every bound that was considered.")
    alternatives = InsteadAnswer(many=True)


class OptionAnswer(DecisionAnswer):
    """A remedy with its decision: what could be given of it now."""

    name = serializers.CharField()
    why = serializers.CharField(help_text="The reason behind the limit, in a line.")


class BudgetAnswer(serializers.Serializer[Any]):
    """What is left of the employee's month."""

    month = serializers.DateField(allow_null=True, help_text="Its first day.")
    allotted = serializers.CharField(help_text=MONEY)
    spent = serializers.CharField()
    left = serializers.CharField(help_text="Below zero once someone went over.")
    currency = serializers.CharField()


class IncidentAnswer(serializers.Serializer[Any]):
    """The mass incident that the case is one of."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class IncidentOfferedAnswer(IncidentAnswer):
    """The mass incident that the case looks like, with what is left of its fund."""

    left = serializers.CharField(help_text=MONEY)
    pays = serializers.BooleanField(
        help_text="Whether its fund pays for what is chosen; else your month does."
    )
    rationale = serializers.CharField(help_text="What happened, for the employee.")
    customer_wording = serializers.CharField(help_text="Words to say to the customer.")


class AuthorityAnswer(serializers.Serializer[Any]):
    """Every remedy with its decision; and, next to each other, those that were chosen."""

    remedies = OptionAnswer(many=True)
    chosen = DecisionAnswer(many=True)
    budget = BudgetAnswer()
    incident = IncidentOfferedAnswer(allow_null=True)


class GivenBackAnswer(serializers.Serializer[Any]):
    """It could not be carried out: its money went back to where it came from."""

    at = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField(help_text="In their own words; left empty for finance.")
    amount = serializers.CharField(help_text="All that it had cost. " + MONEY)


class ResolutionAnswer(serializers.Serializer[Any]):
    """One remedy given, with the decision as it was."""

    id = serializers.IntegerField()
    remedy = serializers.CharField(help_text="Its code")
    amount = serializers.CharField(help_text="What it is worth to the customer. " + MONEY)
    quantity = serializers.IntegerField(allow_null=True)
    cost = serializers.CharField(help_text="What it costs the company. " + MONEY)
    description = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["within", "grace"])
    owed = serializers.BooleanField()
    charged_to = serializers.ChoiceField(
        choices=BudgetKind.values, help_text="Whose money it was: a month, a fund, or the division."
    )
    review_afterwards = serializers.BooleanField()
    given_by = serializers.CharField()
    at = serializers.DateTimeField()
    given_back = GivenBackAnswer(
        allow_null=True, help_text="Null while it stands; else it counts on no limit any more."
    )
    decision = DecisionAnswer()


class CustomerAnswer(serializers.Serializer[Any]):
    """The customer; finance sees the reference only."""

    reference = serializers.CharField()
    name = serializers.CharField(required=False)


class CaseAnswer(serializers.Serializer[Any]):
    """A customer's problem, and what was given in it."""

    id = serializers.IntegerField()
    number = serializers.CharField(help_text="What people call it: F-2051.")
    division = serializers.CharField()
    state = serializers.ChoiceField(choices=CaseState.values)
    reason_code = serializers.CharField()
    channel = serializers.ChoiceField(choices=Channel.values)
    customer = CustomerAnswer(allow_null=True)
    incident = IncidentAnswer(allow_null=True)
    order_reference = serializers.CharField()
    order_value = serializers.CharField(allow_null=True, help_text=MONEY)
    order_date = serializers.DateField(allow_null=True)
    currency = serializers.CharField()
    facts = serializers.DictField(child=serializers.JSONField())
    note = serializers.CharField()
    second_failure = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome_note = serializers.CharField(help_text="What was said, or why, when it last ended so.")
    handed_over_to = serializers.CharField()
    resolutions = ResolutionAnswer(many=True)


class ReceiptAnswer(CaseAnswer):
    """The case as it is now, and what is left of the month."""

    budget = BudgetAnswer()
