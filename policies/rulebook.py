"""Each division's rulebook, loaded once and kept until something in it changes.

`Division.rulebook_version` is raised by triggers whenever a published policy, a remedy, a reason
code or what it asks for changes. It is read together with the employee, so a warm rulebook costs
no query, and a change is seen by every process at its next request.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.core.exceptions import ValidationError

from employees.models import Division
from policies.condition_words import all_words
from policies.facts import (
    ORDER_OPERATORS,
    ORDERED,
    FactKind,
    FactTerms,
    FactValue,
    Operator,
    comparable_facts,
    read_value,
    read_values,
)
from policies.models import AskedFact, Condition, Policy, ReasonCode, Remedy, Status
from policies.rules import HUNDRED, ConditionTerms, ReasonTerms, RemedyTerms, Rule, Rulebook

_kept: dict[int, Rulebook] = {}


def rulebook_of(division: Division) -> Rulebook:
    """The division's rulebook as of `division.rulebook_version`."""
    kept = _kept.get(division.pk)
    if kept is None or kept.version != division.rulebook_version:
        kept = _kept[division.pk] = load_rulebook(division)
    return kept


def load_rulebook(division: Division) -> Rulebook:
    """Read the whole rulebook, in nine queries however many rules there are.

    Scheduled and past rules are in it too: a rule comes into force and ends by its dates, with
    nothing to reload.
    """
    reasons = tuple(
        ReasonTerms(
            id=reason.pk,
            code=reason.code,
            name=reason.name,
            facts=tuple(fact_terms(fact) for fact in reason.asked_facts.all()),
            is_active=reason.is_active,
        )
        for reason in ReasonCode.objects.filter(division=division).prefetch_related("asked_facts")
    )
    known = comparable_facts(fact for reason in reasons for fact in reason.facts)
    return Rulebook(
        division_id=division.pk,
        version=division.rulebook_version,
        currency=division.currency,
        remedies=tuple(
            remedy_terms(remedy, division.currency)
            for remedy in Remedy.objects.filter(division=division)
        ),
        reasons=reasons,
        rules=tuple(_load_rules(division, known)),
    )


def draft_rule(draft: Policy, *, starts_at: datetime) -> Rule:
    """A draft as the rule that it would be if it held from `starts_at` on, in five queries."""
    asked = AskedFact.objects.filter(reason_code__division=draft.division_id)
    known = comparable_facts(fact_terms(fact) for fact in asked)
    return rule_as_from(draft, known, starts_at=starts_at)


def rule_as_from(policy: Policy, known: dict[str, FactTerms], *, starts_at: datetime) -> Rule:
    """The same where the division's facts are known: its relations are all that is read."""
    return replace(
        _rule(policy, policy.ends_at, known, policy.division.currency), starts_at=starts_at
    )


def remedy_terms(remedy: Remedy, currency: str) -> RemedyTerms:
    """A remedy's row as what deciding needs of it."""
    share = Decimal(remedy.cost_share_percent or 100) / HUNDRED
    return RemedyTerms(
        id=remedy.pk,
        code=remedy.code,
        name=remedy.name,
        rationale=remedy.rationale,
        customer_wording=remedy.customer_wording,
        currency=currency,
        cost_share=share if remedy.costing == "share" else Decimal(1),
        cost_per_unit=remedy.cost_per_unit if remedy.costing == "per_unit" else None,
        face_per_unit=_first(remedy.face_value_per_unit, remedy.cost_per_unit, Decimal(0)),
        max_quantity=remedy.max_quantity if remedy.costing == "per_unit" else None,
        unit=remedy.unit,
        unit_plural=remedy.unit_plural or remedy.unit,
        needs_description=remedy.needs_description,
        is_active=remedy.is_active,
    )


def fact_terms(fact: AskedFact) -> FactTerms:
    """An asked fact's row as what deciding needs of it."""
    return FactTerms(
        key=fact.key,
        label=fact.label,
        kind=FactKind(fact.kind),
        unit=fact.unit,
        choices=fact.offered,
        required=fact.required,
    )


def condition_terms(condition: Condition, known: dict[str, FactTerms]) -> ConditionTerms:
    """A condition's row with its value read by the fact's kind.

    A fact that nothing asks for any more stays: it is never known, so it never makes a grant
    apply and never makes a restriction fall away.
    """
    fact = known.get(condition.fact) or FactTerms(
        condition.fact, condition.fact.replace("_", " "), FactKind.CHOICE
    )
    value = compared_value(condition, fact)
    if value is None:
        # The fact's kind was changed under a published rule: treat the fact as unknown.
        fact, value = FactTerms(f"{fact.key}:changed", fact.label, FactKind.CHOICE), ""
    return ConditionTerms(fact, condition.operator, value, condition.window_days)


def compared_value(
    condition: Condition, fact: FactTerms
) -> FactValue | frozenset[FactValue] | None:
    """What the fact is compared with; None where that makes no sense for its kind."""
    if condition.operator in ORDER_OPERATORS and fact.kind not in ORDERED:
        return None
    read = read_values if condition.operator == Operator.IN else read_value
    try:
        # A choice that is offered no more is still told apart from those that are.
        return read(replace(fact, choices=()), condition.value)
    except ValidationError:
        return None


def _load_rules(division: Division, known: dict[str, FactTerms]) -> list[Rule]:
    rows = (
        Policy.objects.filter(division=division, status=Status.PUBLISHED)
        .prefetch_related("reason_codes", "remedies", "tiers", "teams", "conditions")
        .order_by("pk")
    )
    by_series: defaultdict[object, list[Policy]] = defaultdict(list)
    for row in rows:
        by_series[row.series].append(row)
    return [
        _rule(row, _effective_end(row, by_series[row.series]), known, division.currency)
        for row in rows
        if not row.withdrawn
    ]


def _effective_end(row: Policy, series: list[Policy]) -> datetime | None:
    """The rule's own end, or the first start of a later version, whichever comes first."""
    ends = [row.ends_at] + [p.starts_at for p in series if (p.version or 0) > (row.version or 0)]
    return min((end for end in ends if end is not None), default=None)


def _rule(
    row: Policy, ends_at: datetime | None, known: dict[str, FactTerms], currency: str
) -> Rule:
    conditions = list(row.conditions.all())
    return Rule(
        id=row.pk,
        version=row.version or 0,
        title=row.title,
        effect=row.effect,
        measure=row.measure,
        value=row.value if row.value is not None else Decimal(0),
        per=row.per,
        window_days=row.window_days,
        entitlement=row.entitlement,
        allows_grace=row.allows_grace,
        review_afterwards=row.review_afterwards,
        rationale=row.rationale,
        customer_wording=row.customer_wording,
        starts_at=cast("datetime", row.starts_at),  # the database keeps every published rule dated
        ends_at=ends_at,
        reason_codes=frozenset(r.pk for r in row.reason_codes.all()),
        remedies=frozenset(r.pk for r in row.remedies.all()),
        tiers=frozenset(t.pk for t in row.tiers.all()),
        teams=frozenset(t.pk for t in row.teams.all()),
        channels=frozenset(row.channels),
        conditions=tuple(condition_terms(c, known) for c in conditions),
        only_when=all_words(conditions, known, currency),
    )


def _first(*amounts: Decimal | None) -> Decimal:
    return next(amount for amount in amounts if amount is not None)
