"""A gap in words: what was asked for, and what stopped it."""

from employees.money import format_money
from policies.decision import BoundKind
from resolutions.models import AuthorityGap

_KINDS = {
    BoundKind.TIER: "more than the limit for one case",
    BoundKind.BUDGET: "more than was left of the month",
    BoundKind.REMEDY: "more than one case can have",
}


def asked_words(gap: AuthorityGap) -> str:
    """How much: a quantity, or an amount at face value; "" where nothing was asked for."""
    if gap.remedy is None:
        return ""
    if gap.quantity is None:
        return format_money(gap.face_value, gap.division.currency)
    several = gap.remedy.unit_plural or gap.remedy.unit
    return f"{gap.quantity} {gap.remedy.unit if gap.quantity == 1 else several}".strip()


def what_stopped(gap: AuthorityGap) -> str:
    """The rule by its title as it was then, or what kind of bound it was; "" for words."""
    binding = gap.decision.get("binding", {})
    return str(binding.get("title") or _KINDS.get(binding.get("kind"), ""))
