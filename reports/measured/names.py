"""What the numbers in figures are called: teams, tiers, remedies and reasons, and rules.

Names stand in alphabetical order: nothing here says who is better. All versions of a rule are one,
named as the last of them that refused something.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from employees.models import AuthorityTier, Division, Team
from policies.models import Channel, Policy, ReasonCode, Remedy
from reports.figures import By, GapCount, Key
from resolutions.decision_words import kind_words

_NONE = {
    By.TEAM: "Without a team",
    By.TIER: "Without a tier",
    By.REMEDY: "Without a remedy",
    By.REASON: "Without a reason",
    By.CHANNEL: "Without a channel",
}
SAID = "Said in words only"
Names = Mapping[By, Mapping[Key, str]]


@dataclass(frozen=True, slots=True)
class Refused:
    """What one rule, or one kind of bound, refused. `series` is the rule in all its versions."""

    name: str
    gaps: int
    cost: Decimal
    series: UUID | None
    bound: str


def names_of(division: Division) -> Names:
    """All names of a division, by number, in alphabetical order. Four queries."""
    models = {By.TEAM: Team, By.TIER: AuthorityTier, By.REMEDY: Remedy, By.REASON: ReasonCode}
    named: dict[By, dict[Key, str]] = {
        by: dict(
            model._default_manager.filter(division=division)
            .order_by("name", "pk")
            .values_list("pk", "name")
        )
        for by, model in models.items()
    }
    return {**named, By.CHANNEL: {str(value): label for value, label in Channel.choices}}


def name_of(names: Names, by: By, key: Key) -> str:
    """What it is called; what has no team, tier and so on is said so."""
    return _NONE[by] if key is None else names[by].get(key, _NONE[by])


def refused_by(counts: Sequence[GapCount]) -> list[Refused]:
    """What was refused, by the name of the rule that did, or of the limit. One query."""
    rules = {
        rule.pk: rule
        for rule in Policy.objects.filter(
            pk__in=[count.policy for count in counts if count.policy is not None]
        ).order_by("version")
    }
    titles = {rule.series: rule.title for rule in rules.values()}
    found: dict[tuple[UUID | None, str], Refused] = {}
    for count in counts:
        rule = rules.get(count.policy or 0)
        series = rule.series if rule else None
        bound = "" if rule else count.bound
        name = titles[rule.series] if rule else kind_words(count.bound) or SAID
        before = found.get((series, bound), Refused(name, 0, Decimal(0), series, bound))
        found[series, bound] = Refused(
            name, before.gaps + count.gaps, before.cost + count.cost, series, bound
        )
    return list(found.values())
