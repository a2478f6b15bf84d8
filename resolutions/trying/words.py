"""What is tried, and what came out, in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from employees.models import AuthorityTier
from employees.money import format_money
from policies.models import Effect, Policy
from policies.sentences import how_much
from resolutions.models import Trial, TrialDifference, TrialState

_NOTHING = "Nothing would have been different"


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


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a trial: how many were different in a way, and what more they cost."""

    kind: str
    label: str
    count: int
    cost: Decimal


def headline(trial: Trial) -> str:
    """What came out: "31 of 37 refusals gone, $486.00 more spent, $260.40 of approvals saved"."""
    if trial.state == TrialState.FAILED:
        return "It could not be carried out"
    if trial.state != TrialState.DONE:
        return "Under way"
    result, currency = trial.result, trial.division.currency
    count = {kind: each["count"] for kind, each in result["kinds"].items()}
    gone, new = count.get("allowed", 0) + count.get("spared", 0), count.get("refused", 0)
    cost, saved = Decimal(result["cost"]), Decimal(result["saved"])
    parts = [
        f"{gone} of {result['refusals']} refusals gone" if gone else "",
        f"{new} new refusal{'' if new == 1 else 's'}" if new else "",
        f"{format_money(abs(cost), currency)} {'more' if cost > 0 else 'less'} spent"
        if cost
        else "",
        f"{format_money(saved, currency)} of approvals saved" if saved > 0 else "",
        f"{format_money(-saved, currency)} more for approvals" if saved < 0 else "",
    ]
    told = ", ".join(part for part in parts if part)
    if told:
        return told
    return "The same would have been given, for the same" if any(count.values()) else _NOTHING


def numbers_of(trial: Trial) -> list[Number]:
    """The numbers behind the headline, as far as there are any."""
    kinds = trial.result.get("kinds", {})
    return [
        Number(kind.value, str(kind.label), kinds[kind]["count"], Decimal(kinds[kind]["cost"]))
        for kind in TrialDifference.Kind
        if kinds.get(kind, {}).get("count")
    ]
