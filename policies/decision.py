"""What authority answers: a decision, and every bound it considered.

A decision is stored with the resolution or the gap as it was, by `as_json`: rules may change
later, but what was decided, by which versions and with which reasons, stays readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from employees.money import money_text
from policies.rules import UNLIMITED, RemedyTerms


class Verdict(StrEnum):
    """Whether something may be given."""

    WITHIN = "within"
    GRACE = "grace"
    OUTSIDE = "outside"


class BoundKind(StrEnum):
    """Where a bound comes from."""

    TIER = "tier"
    GRANT = "grant"
    RESTRICTION = "restriction"
    FORBIDDEN = "forbidden"
    REMEDY = "remedy"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing that was considered: how far it lets one go, and why.

    `limit` is in the remedy's measure; `reach` is the same with grace. `needs` names the facts
    that are not known and would have to be told.
    """

    kind: BoundKind
    limit: Decimal
    reach: Decimal
    title: str = ""
    rationale: str = ""
    customer_wording: str = ""
    only_when: str = ""
    policy_id: int | None = None
    version: int | None = None
    entitlement: bool = False
    review_afterwards: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be given of one remedy, and what was asked.

    `asked` is None where the question was only what could be given. `covered_by` is the grant
    that covers what was asked, so that it does not use up the tier's limit for the case.
    """

    remedy: RemedyTerms
    verdict: Verdict
    asked: Decimal | None
    limit: Decimal
    reach: Decimal
    binding: Bound
    bounds: tuple[Bound, ...]
    covered_by: Bound | None = None
    review: bool = False
    needs: tuple[str, ...] = ()
    alternatives: tuple["Decision", ...] = ()

    @property
    def cost(self) -> Decimal:
        """What the asked measure costs the company; 0 where nothing was asked."""
        return self.remedy.cost_of(self.asked or Decimal(0))

    @property
    def face_value(self) -> Decimal:
        """What the asked measure is worth to the customer."""
        return self.remedy.face_value_of(self.asked or Decimal(0))

    @property
    def owed(self) -> bool:
        """Whether the customer is owed it: charged to the division, not to a month."""
        return self.covered_by is not None and self.covered_by.entitlement

    @property
    def against_limit(self) -> Decimal:
        """How much of the tier's limit for the case it uses, at cost."""
        return Decimal(0) if self.covered_by else self.cost

    @property
    def forbidding(self) -> tuple[Bound, ...]:
        """The hard rules that allow nothing at all: each with its why and words to say."""
        return tuple(b for b in self.bounds if b.kind == BoundKind.FORBIDDEN)

    @property
    def why(self) -> str:
        """The reason behind the limit, in a line."""
        return self.binding.rationale or self.remedy.rationale

    def as_json(self) -> dict[str, Any]:
        """The decision as it was, with amounts as text."""
        return {
            "remedy": self.remedy.code,
            "verdict": str(self.verdict),
            "measured_in": "quantity" if self.remedy.by_quantity else "amount",
            "unit": self.remedy.unit_plural,
            "asked": self.text(self.asked),
            "limit": self.text(self.limit),
            "limit_with_grace": self.text(self.reach),
            "cost": money_text(self.cost, self.remedy.currency),
            "owed": self.owed,
            "review_afterwards": self.review,
            "needs": list(self.needs),
            "binding": self._bound_json(self.binding),
            "bounds": [self._bound_json(bound) for bound in self.bounds],
            "alternatives": [
                {"remedy": d.remedy.code, "limit": d.text(d.limit), "why": d.why}
                for d in self.alternatives
            ],
        }

    def _bound_json(self, bound: Bound) -> dict[str, Any]:
        return {
            "kind": str(bound.kind),
            "limit": self.text(bound.limit),
            "limit_with_grace": self.text(bound.reach),
            "policy": bound.policy_id,
            "version": bound.version,
            "title": bound.title,
            "rationale": bound.rationale,
            "customer_wording": bound.customer_wording,
            "only_when": bound.only_when,
            "needs": list(bound.needs),
        }

    def text(self, measure: Decimal | None) -> str | None:
        """A measure of the remedy as text; None where there is no limit, or nothing was asked."""
        if measure is None or measure == UNLIMITED:
            return None
        if self.remedy.by_quantity:
            return f"{measure.normalize():f}"
        return money_text(measure, self.remedy.currency)


def all_needs(bounds: Sequence[Bound]) -> tuple[str, ...]:
    """The facts to be told, each once, in the order met."""
    return tuple(dict.fromkeys(need for bound in bounds for need in bound.needs))
