"""What authority is asked: who wants to give something, in which case, to whom.

All amounts are in the division's currency. What is not known is None, and stays unknown: it is
never taken for zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from policies.facts import FactValue
from policies.rules import HUNDRED, UNLIMITED, ConditionTerms, Rule


@dataclass(frozen=True, slots=True)
class Given:
    """Something already given: earlier in this case, on this order, or to this customer.

    `measure` is the amount or quantity, `face_value` its worth to the customer, `cost` what it
    cost the company, and `against_limit` what it used of the tier's limit for its case, at cost.
    """

    remedy_id: int
    measure: Decimal
    face_value: Decimal
    cost: Decimal
    against_limit: Decimal
    at: datetime
    this_case: bool = True
    this_order: bool = True
    this_customer: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks, about which case, at which moment.

    `limit` is the employee's limit per case at cost, `grace_percent` how far beyond it they may
    go. `budget_left` is what is left of their month, `budget_reach` the same with what they may
    go over; both are unlimited for someone who is not asked about a budget.
    """

    at: datetime
    limit: Decimal
    grace_percent: Decimal = Decimal(0)
    tier_id: int | None = None
    team_id: int | None = None
    reason_id: int | None = None
    channel: str = ""
    order_value: Decimal | None = None
    order_date: date | None = None
    order_reference: str = ""
    today: date | None = None
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    customer_known: bool = False
    customer_segment: str | None = None
    customer_since: date | None = None
    lifetime_value: Decimal | None = None
    second_failure: bool | None = None
    given: tuple[Given, ...] = ()
    budget_left: Decimal = UNLIMITED
    budget_reach: Decimal = UNLIMITED

    @property
    def with_grace(self) -> Decimal:
        """The factor by which grace goes beyond a limit."""
        return 1 + self.grace_percent / HUNDRED

    def left_of_limit(self, remedy_id: int) -> Decimal:
        """What is left of the tier's limit for this remedy in this case, at cost; 0 or more."""
        return max(self.limit - self._used_of_limit(remedy_id), Decimal(0))

    def reach_of_limit(self, remedy_id: int) -> Decimal:
        """What is left of it with grace."""
        return max(self.limit * self.with_grace - self._used_of_limit(remedy_id), Decimal(0))

    def _used_of_limit(self, remedy_id: int) -> Decimal:
        """What was given of the limit; of the remedy itself also what a grant covered.

        A grant goes beyond the limit, and is not added to it: given in steps, it comes to no more
        than in one go. What it covers leaves the limit to all other remedies.
        """
        of_case = [g for g in self.given if g.this_case]
        return sum(
            (g.cost if g.remedy_id == remedy_id else g.against_limit for g in of_case), Decimal(0)
        )

    def missing_for(self, rule: Rule) -> tuple[str, ...]:
        """What would have to be told before the rule could say how much."""
        missing = []
        if rule.per == "customer" and not self.customer_known:
            missing.append("customer")
        if rule.per == "order" and not self.order_reference:
            missing.append("order_reference")
        if rule.measure == "percent" and self.order_value is None:
            missing.append("order_value")
        return tuple(missing)

    def counted_with(self, rule: Rule) -> tuple[Given, ...]:
        """What the rule counts together with a new resolution."""
        match rule.per:
            case "case":
                pool = [g for g in self.given if g.this_case]
            case "order":
                pool = [g for g in self.given if g.this_order]
            case _:
                pool = self._of_customer(rule.window_days)
        return tuple(g for g in pool if rule.covers(g.remedy_id))

    def fact(self, condition: ConditionTerms, rule: Rule) -> FactValue | None:
        """What the rule's condition compares; None where it is not known."""
        match condition.fact.key:
            case "order_value":
                return self.order_value
            case "days_since_order":
                return self._days_since(self.order_date)
            case "channel":
                return self.channel or None
            case "customer_segment":
                return self.customer_segment or None
            case "days_as_customer":
                return self._days_since(self.customer_since)
            case "earlier_resolutions" | "earlier_value" | "earlier_same" as key:
                earlier = self._earlier(condition.window_days)
                return None if earlier is None else _of_earlier(key, earlier, rule)
            case "lifetime_value":
                return self.lifetime_value
            case "second_failure":
                return self.second_failure
            case key:
                told = self.facts.get(key)
                # Two reason codes may ask for one key as different kinds of value.
                return told if isinstance(told, condition.fact.value_type) else None

    def after(self, given: Given, *, charged_to_month: Decimal) -> "Question":
        """The same question once this, too, is given and charged."""
        return replace(
            self,
            given=(*self.given, given),
            budget_left=self.budget_left - charged_to_month,
            budget_reach=self.budget_reach - charged_to_month,
        )

    def _of_customer(self, window_days: int | None) -> list[Given]:
        """This customer's, this case's own included, within the days (None means ever)."""
        of_customer = [g for g in self.given if g.this_customer]
        if window_days is None:
            return of_customer
        window = timedelta(days=window_days)
        return [g for g in of_customer if self.at - g.at < window]

    def _earlier(self, window_days: int | None) -> list[Given] | None:
        """What this customer was given in other cases; None where we don't know who it is."""
        if not self.customer_known:
            return None
        return [g for g in self._of_customer(window_days) if not g.this_case]

    def _days_since(self, day: date | None) -> Decimal | None:
        if day is None:
            return None
        return Decimal(((self.today or self.at.date()) - day).days)


def _of_earlier(key: str, earlier: list[Given], rule: Rule) -> Decimal:
    """What was given earlier, counted: all, all at face value, or what the rule is about."""
    match key:
        case "earlier_value":
            return sum((g.face_value for g in earlier), Decimal(0))
        case "earlier_same":
            return Decimal(sum(rule.covers(g.remedy_id) for g in earlier))
    return Decimal(len(earlier))
