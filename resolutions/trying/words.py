"""What is tried, and what came out, in words."""

from decimal import Decimal

from django.utils import timezone

from employees.models import AuthorityTier
from employees.money import format_money
from policies.models import Effect, Policy
from policies.sentences import how_much


def limit_words(tier: AuthorityTier, limit: Decimal, grace_percent: int) -> str:
    """Another limit: "Driver: $40.00 instead of $25.00"."""
    currency = tier.division.currency
    words = f"{tier.name}: {format_money(limit, currency)}"
    if limit != tier.limit_per_case:
        words += f" instead of {format_money(tier.limit_per_case, currency)}"
    if grace_percent != tier.grace_percent:
        words += f", grace {grace_percent} % instead of {tier.grace_percent} %"
    return words


def rule_words(draft: Policy) -> str:
    """A draft: "Vouchers: $40.00 per case instead of $25.00 per case", or only its title."""
    held = _held_before(draft)
    now, then = how_much(draft), how_much(held) if held else ""
    if held is None or Effect(held.effect) != Effect(draft.effect) or now == then:
        return draft.title
    return f"{draft.title}: {now} instead of {then}"


def _held_before(draft: Policy) -> Policy | None:
    """The version that holds now, in whose place the draft would stand."""
    versions = Policy.objects.filter(series=draft.series)
    return versions.in_force(timezone.now()).readable().first()
