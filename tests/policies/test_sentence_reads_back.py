"""A rule's sentence says all that the rule says: read back, it is the rule."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.complete import known_facts
from policies.facts import FactKind
from policies.models import Channel, Policy
from policies.sentences import rule_sentence, whole_rule
from tests.cast import Cast, draft_rule
from tests.policies.sentence_reader import Said, plain, read
from tests.policies.strategies import law

_BY_UNIT = ["payment-extension"]
_ALL = ["bill-credit", "fee-waiver", "payment-extension", "extra-data"]
_CHOICES = {"channel": ["chat", "phone"], "customer_segment": ["gold", "small business"]}


@st.composite
def conditions(draw: st.DrawFn, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Comparisons of different facts, each with a value of its kind."""
    found = []
    for key in draw(st.lists(st.sampled_from(sorted(facts)), unique=True, max_size=3)):
        fact = facts[key]
        ordered = fact.kind in (FactKind.NUMBER, FactKind.MONEY)
        operators = ["eq", "ne", "in"] + ["lt", "le", "gt", "ge"] * ordered
        operator = draw(st.sampled_from(operators))
        values: st.SearchStrategy[str] = st.sampled_from(
            ["0", "3", "30", "1250", "12.5"]
            if ordered
            else ["yes", "no"]
            if fact.kind == FactKind.YES_NO
            else list(fact.choices) or _CHOICES[key]
        )
        listed = draw(st.lists(values, min_size=1, max_size=2 if operator == "in" else 1))
        days = [draw(st.sampled_from([1, 90]))] if fact.windowed and draw(st.booleans()) else []
        found.append((key, operator, ", ".join(listed), *days))
    return found


@st.composite
def rules(draw: st.DrawFn, facts: dict[str, Any]) -> dict[str, Any]:
    """A rule as `draft_rule` takes it."""
    effect = draw(st.sampled_from(["grant", "restrict", "forbid"]))
    how: dict[str, Any] = {
        "effect": effect,
        "remedies": draw(st.lists(st.sampled_from(_ALL), unique=True, max_size=3)),
        "reasons": draw(st.lists(st.sampled_from(["late-fee", "outage"]), unique=True)),
        "tiers": draw(st.lists(st.sampled_from(["Rep", "Team lead"]), unique=True)),
        "teams": draw(st.lists(st.sampled_from(["Perth", "Sydney"]), unique=True, max_size=1)),
        "channels": draw(st.lists(st.sampled_from(Channel.values), unique=True, max_size=2)),
        "review_afterwards": draw(st.booleans()),
        "conditions": draw(conditions(facts)),
    }
    if effect == "forbid":
        return how
    measure = draw(st.sampled_from(["amount", "percent", "quantity", "times"]))
    per = draw(st.sampled_from(["case", "order", "customer"]))
    whole = measure in ("quantity", "times")
    return {
        **how,
        "measure": measure,
        "value": draw(st.sampled_from(["1", "2", "14", "1200"] + ["12.5", "0.05"] * (not whole))),
        "per": per,
        "window_days": draw(st.sampled_from([None, 1, 30])) if per == "customer" else None,
        "entitlement": effect == "grant" and draw(st.booleans()),
        "allows_grace": effect == "restrict" and draw(st.booleans()),
        "remedies": _BY_UNIT if whole else how["remedies"],
    }


def said_by(rule: Policy, facts: dict[str, Any]) -> Said:
    """What the row says, in the reader's values."""

    def names(scope: str) -> frozenset[str]:
        return frozenset(str(row) for row in getattr(rule, scope).all())

    return Said(
        effect=rule.effect,
        remedies=names("remedies"),
        measure=rule.measure,
        value=rule.value,
        per=rule.per,
        window_days=rule.window_days,
        entitlement=rule.entitlement,
        allows_grace=rule.allows_grace,
        review_afterwards=rule.review_afterwards,
        tiers=names("tiers"),
        teams=names("teams"),
        reasons=names("reason_codes"),
        channels=frozenset(rule.channels),
        conditions=frozenset(
            (
                facts[c.fact].label,
                c.window_days,
                c.operator,
                frozenset(plain(value.lower()) for value in c.value.split(", ")),
            )
            for c in rule.conditions.all()
        ),
    )


@pytest.mark.once
@settings(law, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_sentence_of_a_rule_reads_back_as_the_rule(scm: Cast, data: st.DataObject) -> None:
    facts = known_facts(scm.division.pk)
    with transaction.atomic():
        draft = draft_rule(scm, **data.draw(rules(facts)))
        rule = Policy.objects.readable().get(pk=draft.pk)
        assert read(rule_sentence(rule)) == said_by(rule, facts)
        said, _, why = whole_rule(rule).partition(", because ")
        assert (f"{said}.", why.lower()) == (rule_sentence(rule), rule.rationale.lower())
        transaction.set_rollback(True)
