"""Setting the limit of one cell of the grid: the rule behind it is published.

What must stay true: either the cell says exactly the limit that was asked for, from the moment for
which it was asked, or nothing is written and the refusal names what stands in the way. The tier's
own limit is changed on the tier's page, and never here.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee
from employees.money import refuse_too_many_places
from policies.cell_change import Change, InTheWay, Place, change_of, says
from policies.decision import Bound, BoundKind
from policies.errors import AlreadyPublished, IncompleteRule, PolicyError, ReasonMissing
from policies.grid import TierTerms
from policies.look_once_more import refuse_unseen
from policies.models import Policy, ReasonCode, Remedy
from policies.publish import line_up, new_version, publish, refuse_past
from policies.rulebook import load_rulebook
from policies.rules import RemedyTerms, Rule, Rulebook
from policies.versions import end_to_keep
from policies.words import measured

_LONGEST_TITLE = 120
_SAID = ("effect", "measure", "value", "per", "window_days", "entitlement", "allows_grace")


class AlreadyThatLimit(PolicyError):
    """The cell says that already."""

    code = "already-that-limit"


class StandsInTheWay(PolicyError):
    """No rule about this cell alone makes it say that; `bounds` are what holds it back."""

    code = "stands-in-the-way"

    def __init__(self, place: Place, bounds: Sequence[Bound]) -> None:
        self.bounds = tuple(bounds)
        super().__init__(" ".join(_in_the_way(place, bound) for bound in bounds))


@transaction.atomic
def set_limit(
    *,
    tier: AuthorityTier,
    remedy: Remedy,
    limit: Decimal,
    change_reason: str,
    published_by: Employee | None,
    reasons: Sequence[ReasonCode] = (),
    for_all_of: int | None = None,
    rationale: str = "",
    customer_wording: str = "",
    starts_at: datetime | None = None,
    as_draft: bool = False,
    looked_at: str | None = None,
    at: datetime | None = None,
) -> Policy:
    """Publish what makes `limit` the limit of a tier for a remedy, from `starts_at` on.

    The limit is in the remedy's measure: an amount at face value in the division's currency, or a
    quantity; 0 forbids. Without `reasons` it is for any reason. The cell's own rule gets a next
    version, whose words stay where none are given; otherwise a rule is written for this cell
    alone. `for_all_of` is the id of a broader rule's version in force, which is changed for all
    that it covers. `looked_at` stands for what was shown to whoever publishes it, see
    `look_once_more.py`; None asks for no look.

    Raises LookOnceMore, AlreadyThatLimit, StandsInTheWay, AlreadyPublished where that version is
    over, or what `publish` raises; nothing is written then.
    """
    # What is tried here must still be so when it is published.
    division = line_up(tier.division_id)
    at = at or timezone.now()
    begins = starts_at or at
    rulebook = load_rulebook(division)
    place = place_of(rulebook, tier, remedy, reasons)
    _refuse_odd(place, limit)
    if not change_reason.strip():
        raise ReasonMissing("Say why the limit changes; the people who work by it will read it.")
    refuse_past(begins, at=at)
    if says(rulebook, place, limit, begins):
        raise AlreadyThatLimit(f"It is {measured(place.remedy, limit)} already.")
    broader = None if for_all_of is None else _in_force(rulebook, for_all_of, begins)
    change = change_of(rulebook, place, limit, at=begins, for_all_of=broader)
    if isinstance(change, InTheWay):
        raise StandsInTheWay(place, change.bounds)
    draft = _draft(division, change, place, rationale.strip(), customer_wording.strip())
    draft.change_reason = change_reason.strip()
    draft.starts_at = starts_at if as_draft else begins
    if as_draft:
        draft.save()
        return draft
    if looked_at is not None:
        refuse_unseen(draft, looked_at=looked_at, at=at)
    return publish(draft, published_by=published_by, at=at)


def tier_terms(tier: AuthorityTier) -> TierTerms:
    """A tier's row as what the grid needs of it."""
    return TierTerms(tier.pk, tier.name, tier.limit_per_case, Decimal(tier.grace_percent))


def place_of(
    rulebook: Rulebook, tier: AuthorityTier, remedy: Remedy, reasons: Sequence[ReasonCode]
) -> Place:
    """The cell of these rows. Raises KeyError where they belong to another division."""
    return Place(
        rulebook.remedy_by_id(remedy.pk),
        tier_terms(tier),
        tuple(rulebook.reason_of(reason.pk) for reason in reasons),
    )


def _in_force(rulebook: Rulebook, version: int, at: datetime) -> Rule:
    """The rule as it decides then. Raises AlreadyPublished where another version does."""
    for rule in rulebook.in_force(at):
        if rule.id == version:
            return rule
    raise AlreadyPublished("That rule says something else by then. Look at it once more.")


def _refuse_odd(place: Place, limit: Decimal) -> None:
    """Raise IncompleteRule for what is no amount, or no quantity, of the remedy."""
    try:
        _refuse_no_measure(limit, place.remedy)
    except ValidationError as error:
        raise IncompleteRule(ValidationError({"value": error})) from error


def _refuse_no_measure(limit: Decimal, remedy: RemedyTerms) -> None:
    if not limit.is_finite():
        raise ValidationError("Write a number.")
    Policy._meta.get_field("value").run_validators(limit)
    if not remedy.by_quantity:
        refuse_too_many_places(limit, remedy.currency)
    elif limit % 1:
        raise ValidationError("Write a whole number.")


def _draft(
    division: Division, change: Change, place: Place, rationale: str, customer_wording: str
) -> Policy:
    if change.replaces is None:
        draft = Policy(division=division, title=_title(place))
    else:
        published = Policy.objects.get(pk=change.replaces.id)
        draft = new_version(published)
        draft.ends_at = end_to_keep(published, change.rule.starts_at)
    for column in _SAID:
        setattr(draft, column, getattr(change.rule, column))
    if change.rule.effect == "forbid":
        draft.value = None
    draft.rationale = rationale or draft.rationale
    draft.customer_wording = customer_wording or draft.customer_wording
    try:
        draft.full_clean(exclude=["series", "published_by"])
    except ValidationError as error:
        raise IncompleteRule(error) from error
    draft.save()
    if change.replaces is None:
        _set_scopes(draft, change.rule)
    return draft


def _set_scopes(draft: Policy, rule: Rule) -> None:
    draft.tiers.set(rule.tiers)
    draft.remedies.set(rule.remedies)
    draft.reason_codes.set(rule.reason_codes)


def _title(place: Place) -> str:
    """What a rule about this cell alone is called: "Driver: Money off the bill, after Late"."""
    title = f"{place.tier.name}: {place.remedy.name}"
    if place.reasons:
        title += f", after {', '.join(reason.name for reason in place.reasons)}"
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _in_the_way(place: Place, bound: Bound) -> str:
    """What holds the cell back, by name, and where that could be changed."""
    much = measured(place.remedy, bound.limit)
    match bound.kind:
        case BoundKind.FORBIDDEN:
            return f"“{bound.title}” forbids it."
        case BoundKind.RESTRICTION:
            return f"“{bound.title}” allows {much} at most."
        case BoundKind.GRANT:
            return f"“{bound.title}” grants {much} all the same."
        case BoundKind.REMEDY:
            return f"One case can have {much} at most: that is set on the remedy’s own page."
    return f"{place.tier.name} goes as far as {much}: that is set on the tier’s own page."
