"""What the API answers about closed months, and how it is described for OpenAPI."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from employees.money import money_text
from reports.closing.order import Standing
from reports.closing.preview import Preview, over_at
from reports.journal import document_of
from reports.models import CloseLine, LineKind, PeriodClose
from resolutions.api.strict import Strict, TextField

MONEY = "Text in the currency's own places, such as 9.00."
MONTH = "Such as 2026-10."


class CloseSaid(Strict):
    """A month to close."""

    division = TextField(help_text="Its code.")
    month = TextField(help_text=MONTH)


class CloseLineAnswer(serializers.Serializer[Any]):
    """What one remedy cost one cost centre, or one give-back of an earlier close."""

    kind = serializers.ChoiceField(choices=LineKind.values)
    account = serializers.CharField(help_text="The remedy's, as it was then; empty if it had none.")
    cost_centre = serializers.CharField(help_text="The team's, as it was then.")
    remedy = serializers.CharField(help_text="Its code; empty for what belongs to no resolution.")
    amount = serializers.CharField(help_text="Never negative: `kind` says which way. " + MONEY)
    entries = serializers.IntegerField(help_text="How many ledger entries it sums up.")
    original_entry = serializers.IntegerField(
        allow_null=True, help_text="The entry that was given back, if it is in an earlier close."
    )
    original_month = serializers.CharField(
        allow_null=True, help_text="The month in whose close that one is, or was given. " + MONTH
    )


class PeriodCloseAnswer(serializers.Serializer[Any]):
    """A closed month. It never changes."""

    id = serializers.IntegerField()
    document = serializers.CharField(help_text="What it is called in the books: forno-2026-10.")
    division = serializers.CharField(help_text="Its code")
    month = serializers.CharField(help_text=MONTH)
    currency = serializers.CharField(help_text="ISO 4217")
    budget_account = serializers.CharField(help_text="What paid for all remedies then.")
    spent = serializers.CharField(help_text="Spent and lent. " + MONEY)
    given_back = serializers.CharField(help_text=MONEY)
    entries = serializers.IntegerField(help_text="How many ledger entries it holds.")
    checksum = serializers.CharField(help_text="The SHA-256 of the journal file.")
    closed_by = serializers.CharField(help_text="A username.")
    closed_at = serializers.DateTimeField()


class WholeCloseAnswer(PeriodCloseAnswer):
    """A closed month with its lines."""

    lines = CloseLineAnswer(many=True)


class NextCloseAnswer(serializers.Serializer[Any]):
    """What the next close of a division would hold now."""

    division = serializers.CharField(help_text="Its code")
    month = serializers.CharField(
        allow_null=True, help_text="The month to close next; null while nothing was given. " + MONTH
    )
    could_begin_with = serializers.ListField(
        child=serializers.CharField(),
        help_text="Of a division that closed none yet: the months it may close first.",
    )
    over_at = serializers.DateTimeField(
        allow_null=True, help_text="The moment from which it can be closed."
    )
    is_over = serializers.BooleanField(help_text="Whether it can be closed now.")
    currency = serializers.CharField(help_text="ISO 4217")
    budget_account = serializers.CharField(help_text="Empty: the journal would miss it.")
    spent = serializers.CharField(help_text="So far. " + MONEY)
    given_back = serializers.CharField(help_text="So far. " + MONEY)
    entries = serializers.IntegerField()
    lines = CloseLineAnswer(many=True)
    remedies_without_account = serializers.ListField(
        child=serializers.CharField(), help_text="Remedies that were given and have none: codes."
    )
    teams_without_cost_centre = serializers.ListField(
        child=serializers.CharField(), help_text="Teams that have none, where one is missed."
    )


def close_json(close: PeriodClose) -> dict[str, Any]:
    """A close as a program reads it; it was read with its division and who closed it."""
    return {
        "id": close.pk,
        "document": document_of(close),
        "division": close.division.code,
        "month": f"{close.month:%Y-%m}",
        "currency": close.currency,
        "budget_account": close.budget_account,
        "spent": money_text(close.spent, close.currency),
        "given_back": money_text(close.given_back, close.currency),
        "entries": close.entries,
        "checksum": close.checksum,
        "closed_by": close.closed_by.username,
        "closed_at": close.closed_at.isoformat(),
    }


def whole_close_json(close: PeriodClose) -> dict[str, Any]:
    """A close with its lines."""
    return {**close_json(close), "lines": _lines_json(close.lines.all(), close.currency)}


def next_close_json(standing: Standing, division: Any, held: Preview | None) -> dict[str, Any]:
    """What the next close of a division would hold; nothing where nothing was given."""
    currency, moment = division.currency, over_at(standing)
    return {
        "division": division.code,
        "month": f"{standing.next:%Y-%m}" if standing.next else None,
        "could_begin_with": [f"{month:%Y-%m}" for month in standing.could_begin_with],
        "over_at": moment and moment.isoformat(),
        "is_over": standing.is_over,
        "currency": currency,
        "budget_account": division.budget_account,
        "spent": money_text(held.spent if held else Decimal(0), currency),
        "given_back": money_text(held.given_back if held else Decimal(0), currency),
        "entries": held.entries if held else 0,
        "lines": _lines_json(held.lines if held else (), currency),
        "remedies_without_account": [r.code for r in held.remedies] if held else [],
        "teams_without_cost_centre": [t.name for t in held.teams] if held else [],
    }


def _lines_json(lines: Iterable[CloseLine], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": line.kind,
            "account": line.account,
            "cost_centre": line.cost_centre,
            "remedy": line.remedy,
            "amount": money_text(line.amount, currency),
            "entries": line.entries,
            "original_entry": line.original_id,
            "original_month": f"{line.original_month:%Y-%m}" if line.original_month else None,
        }
        for line in lines
    ]
