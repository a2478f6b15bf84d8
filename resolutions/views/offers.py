"""What the form offers: each remedy, how far it goes now, what that leaves, why, and what to say.

Decisions in, sentences out; nothing is decided here. All amounts are in the division's currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from employees.money import format_money
from policies.decision import Bound, BoundKind, Decision, Verdict
from policies.rules import UNLIMITED, RemedyTerms
from policies.words import measured
from resolutions.forms.gives import GivesForm

RULES = (BoundKind.GRANT, BoundKind.RESTRICTION, BoundKind.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Purse:
    """What there is to give from, next to what else is chosen: of who pays, and for the case.

    Who pays is the employee's month, or the `fund` of a mass incident, by the incident's name.
    """

    currency: str
    left: Decimal
    case: Decimal
    whole_case: Decimal
    fund: str = ""

    def money(self, amount: Decimal) -> str:
        """The amount as a person reads it."""
        return format_money(amount, self.currency)

    def case_words(self, remedy: RemedyTerms) -> str:
        """Why the limit lets no more of it be given in this case: it is used, or too much of it."""
        whole = self.money(self.whole_case)
        if remedy.most_for_cost(self.case) > 0:
            return f"A rule gave more of it already than your {whole} for one case"
        if self.case > 0:
            return f"Only {self.money(self.case)} is left of your {whole} for this case"
        return f"Your {whole} for this case are all used"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that would have to be told, and the form's field for it, if there is one."""

    label: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One remedy as the form shows it.

    `option` is how far it goes next to the others; `asked` decides on what was typed, if anything.
    """

    option: Decision
    asked: Decision | None
    purse: Purse
    form: GivesForm
    needs: tuple[Need, ...] = ()

    @property
    def remedy(self) -> RemedyTerms:
        """What it is about."""
        return self.option.remedy

    @property
    def ticked(self) -> bool:
        """Whether it is chosen."""
        return self.remedy in self.form.ticked

    @property
    def measure(self) -> str:
        """How much or how many, as typed."""
        return self.form.measure(self.remedy)

    @property
    def description(self) -> str:
        """What it is, as typed, where it has to be said."""
        return self.form.typed(f"description-{self.remedy.code}")

    @property
    def errors(self) -> list[str]:
        """What is wrong with what was typed."""
        parts = ("give", "amount", "quantity", "description")
        fields = (f"{part}-{self.remedy.code}" for part in parts)
        return [str(error) for name in fields for error in self.form.errors.get(name, ())]

    @property
    def is_single(self) -> bool:
        """Whether a tick says it all: one of it, and no more, can be given in a case."""
        return self.remedy.by_quantity and self.remedy.max_quantity == 1

    @property
    def price(self) -> str:
        """What it costs, or how far it goes: "costs $4.00", "up to $16.00", "up to 14 days"."""
        if self.is_single:
            cost = self.remedy.cost_of(Decimal(1))
            return f"costs {self.purse.money(cost)}" if cost else "costs nothing"
        most = self.option.limit if self.option.limit > 0 else self.option.reach
        return "no limit" if most == UNLIMITED else f"up to {measured(self.remedy, most)}"

    @property
    def each(self) -> str:
        """What one of several costs."""
        if self.is_single or self.remedy.cost_per_unit is None:
            return ""
        one = self.remedy.cost_per_unit
        return f"{self.purse.money(one)} each." if one else "Costs nothing."

    @property
    def beyond(self) -> str:
        """How far it goes with grace, where that is further: "up to A$77.50"."""
        if (
            self.option.reach <= max(self.option.limit, Decimal(0))
            or self.option.reach == UNLIMITED
        ):
            return ""
        return f"up to {measured(self.remedy, self.option.reach)}"

    @property
    def leaves(self) -> str:
        """What giving it would leave of who pays; once it is ticked, the button says so."""
        if self.ticked:
            return ""
        entitled = [b.limit for b in self.option.bounds if b.entitlement]
        owed: Decimal = max(entitled, default=Decimal(0))
        asked = Decimal(1) if self.remedy.by_quantity else self.option.limit or self.option.reach
        if owed >= asked > 0:
            return "Owed to the customer: not from your month."
        cost = self.remedy.cost_of(asked) if asked != UNLIMITED else Decimal(0)
        if not cost:
            return "" if self.each else "Takes nothing of your month."
        if self.purse.fund:
            return "Paid by the fund."
        left = self.purse.left - cost
        if left < 0:
            return f"Takes your month {self.purse.money(-left)} over."
        whole = self.asked is None and not self.remedy.by_quantity
        return (
            f"{'All of it leaves' if whole else 'Leaves'} {self.purse.money(left)} of your month."
        )

    @property
    def lead(self) -> str:
        """What sets the limit, in a few words; empty where it is nothing but the tier's."""
        bound = self.option.binding
        match bound.kind:
            case BoundKind.TIER if self.option.limit <= 0:
                return f"{self.purse.case_words(self.remedy)}."
            case BoundKind.BUDGET if self.option.limit <= 0:
                return "Your month is used up; this goes over it."
            case BoundKind.TIER if self.purse.case < self.purse.whole_case:
                return f"What is left of {self.purse.money(self.purse.whole_case)} for this case."
            case BoundKind.BUDGET if self.purse.fund:
                return f"What is left of the fund of “{self.purse.fund}”."
            case BoundKind.BUDGET:
                return "What is left of your month."
            case BoundKind.REMEDY if not self.is_single:
                return f"At most {measured(self.remedy, self.remedy.most_in_a_case)} in one case."
            case kind if kind in RULES:
                return f"{bound.title}."
        return ""

    @property
    def more_words(self) -> str:
        """Words for a customer who wants more than the rule that limits it allows."""
        bound = self.option.binding
        return bound.customer_wording if bound.kind == BoundKind.RESTRICTION else ""

    @property
    def is_further(self) -> bool:
        """Whether what was typed goes beyond the limit, by grace."""
        return self.asked is not None and self.asked.verdict == Verdict.GRACE

    @property
    def is_too_much(self) -> bool:
        """Whether what was typed may not be given."""
        return self.asked is not None and self.asked.verdict == Verdict.OUTSIDE

    @property
    def is_owed(self) -> bool:
        """Whether the customer is owed what was typed."""
        return self.asked is not None and self.asked.owed

    @property
    def stopped_by(self) -> Bound | None:
        """The rule that what was typed goes beyond, if it is a rule."""
        if self.asked is None or not self.is_too_much or self.asked.binding.kind not in RULES:
            return None
        return self.asked.binding

    @property
    def is_read_afterwards(self) -> bool:
        """Whether a rule wants it looked at, though it is within authority."""
        return self.asked is not None and self.asked.review and not self.is_further


def listed(names: Iterable[str]) -> str:
    """Names as people list them: "a", "a and b", "a, b and c"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
