"""What is tried, on which days, and what came out, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from employees.counts import counted
from employees.models import AuthorityTier
from employees.money import format_money
from policies.decision import Verdict
from policies.models import Effect, Policy
from policies.sentences import how_much
from resolutions.models import Trial, TrialDifference, TrialState
from resolutions.trying.limits import tier_during

_NOTHING = "Nothing would have been different"


def change_words(trial: Trial) -> str:
    """What is tried, as its rule or its tier stands now."""
    if trial.policy is not None:
        return rule_words(trial.policy)
    assert trial.tier is not None  # noqa: S101  (the database keeps it to one of them)
    return _limit_words(trial, trial.tier)


def rule_words(draft: Policy) -> str:
    """A draft: "Vouchers: $40.00 per case instead of $25.00 per case", or its figure alone."""
    held = _held_before(draft)
    now, then = _figure(draft), _figure(held) if held else ""
    if held is None or Effect(held.effect) != Effect(draft.effect) or now == then:
        return f"{draft.title}: {now}"
    return f"{draft.title}: {now} instead of {then}"


def days_words(trial: Trial) -> str:
    """From its first to its last day, where who tries it works: "1 to 31 October 2026"."""
    zone = trial.asked_by.zone
    first = trial.since.astimezone(zone)
    last = trial.until.astimezone(zone) - timedelta.resolution
    same = (first.year == last.year) + (first.timetuple()[:2] == last.timetuple()[:2])
    begins = first.strftime(("%-d %B %Y", "%-d %B", "%-d")[same])
    ends = f"{last:%-d %B %Y}"
    return ends if first.date() == last.date() else f"{begins} to {ends}"


def _limit_words(trial: Trial, tier: AuthorityTier) -> str:
    """Another limit: "Driver: $40.00 instead of $25.00", which is what they had in those days."""
    limit, grace = trial.limit_per_case or Decimal(0), trial.grace_percent or 0
    then = tier_during(tier, trial.since, trial.until)
    limits, graces = {each.limit for each in then}, {each.grace_percent for each in then}
    words = f"{tier.name}: {_limit(tier, limit)}"
    if limits != {limit}:
        words += f" instead of {_limits_of_then(tier, limits)}"
    if graces != {grace}:
        was = f"{graces.pop():f} %" if len(graces) == 1 else "what it was then"
        words += f", grace {grace} % instead of {was}"
    return words


def _limits_of_then(tier: AuthorityTier, limits: Collection[Decimal]) -> str:
    """What is compared; where it is not the limit of today, that is said."""
    if len(limits) > 1:
        return "the limits of then"
    (limit,) = limits
    words = _limit(tier, limit)
    return words if limit == tier.limit_per_case else f"the {words} of then"


def _limit(tier: AuthorityTier, limit: Decimal) -> str:
    return format_money(limit, tier.division.currency)


def _figure(rule: Policy) -> str:
    return how_much(rule) or "not at all"


def _held_before(draft: Policy) -> Policy | None:
    """The version that holds now, in whose place the draft would stand."""
    versions = Policy.objects.filter(series=draft.series).exclude(pk=draft.pk)
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
    refusals = result["refusals"]
    count = {kind: each["count"] for kind, each in result["kinds"].items()}
    gone, new = count.get("allowed", 0) + count.get("spared", 0), count.get("refused", 0)
    cost, approvals = Decimal(result["cost"]), Decimal(result["saved"])
    returns = Decimal(result.get("returns", {}).get("saved", 0))
    parts = [
        f"{gone:,} of {counted(refusals, 'refusal')} gone" if gone else "",
        counted(new, "new refusal") if new else "",
        f"{format_money(abs(cost), currency)} {'more' if cost > 0 else 'less'} spent"
        if cost
        else "",
        _saved(approvals, "approvals", currency),
        _saved(returns, "returns", currency),
    ]
    told = ", ".join(part for part in parts if part)
    if told:
        return told
    return "The same would have been given, for the same" if any(count.values()) else _NOTHING


def what_else(difference: TrialDifference, currency: str) -> str:
    """What else is different of one thing: who pays for it, or whether it takes grace."""
    amount = format_money(abs(difference.month), currency)
    if difference.kind == TrialDifference.Kind.PAYER:
        return f"{amount} {'more' if difference.month > 0 else 'less'} from the month"
    then, now = (verdict == Verdict.GRACE for verdict in (difference.before, difference.after))
    return f"a little further {'now' if now else 'then'}, read afterwards" if then != now else ""


def _saved(amount: Decimal, by: str, currency: str) -> str:
    if amount < 0:
        return f"{format_money(-amount, currency)} more for {by}"
    return f"{format_money(amount, currency)} of {by} saved" if amount else ""


def numbers_of(trial: Trial) -> list[Number]:
    """The numbers behind the headline, as far as there are any."""
    kinds = trial.result.get("kinds", {})
    return [
        Number(kind.value, str(kind.label), kinds[kind]["count"], Decimal(kinds[kind]["cost"]))
        for kind in TrialDifference.Kind
        if kinds.get(kind, {}).get("count")
    ]
