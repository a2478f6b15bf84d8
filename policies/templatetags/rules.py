"""Rules in words, in templates: `{{ rule|sentence }}`."""

from django import template

from policies import sentences
from policies.models import Policy
from policies.versions import end_of
from policies.words import measured

register = template.Library()


@register.filter
def sentence(policy: Policy) -> str:
    """What the rule means; a last version that withdraws it says so."""
    return "Withdrawn." if policy.withdrawn else sentences.rule_sentence(policy)


@register.filter
def whole_rule(policy: Policy) -> str:
    """What it means, and why."""
    return "Withdrawn." if policy.withdrawn else sentences.whole_rule(policy)


@register.filter
def notes(policy: Policy) -> list[str]:
    """What else there is to know about it."""
    return sentences.notes(policy)


register.filter("end_of", end_of)
register.filter("measured", measured)
