"""Everything that can happen to money, once more in plain Python: dictionaries of Decimals.

Slow, obvious, and written from the promises alone: no database, no counters moved by hand, nothing
shared with the program. Amounts are in a currency of two places.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

ZERO, CENT = Decimal(0), Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Pot:
    """A month, or a fund."""

    base: Decimal
    allotted: Decimal
    grace: Decimal = ZERO
    spent: Decimal = ZERO

    @property
    def reach(self) -> Decimal:
        return self.allotted + self.grace - self.spent


@dataclass
class Tier:
    budget: Decimal
    over_percent: int


@dataclass
class Person:
    tier: str
    zone: str
    own_budget: Decimal | None = None
    works_here: bool = True


@dataclass
class Spent:
    """Something given: from where how much was taken; what is owed has no pot."""

    taken: list[tuple[Pot | date, Decimal]]
    is_back: bool = False


Month = tuple[str, date]


@dataclass
class PlainMoney:
    """A division's money."""

    at: datetime
    tiers: dict[str, Tier]
    people: dict[str, Person]
    months: dict[Month, Pot] = field(default_factory=dict)
    owed: dict[date, Decimal] = field(default_factory=dict)

    def promise(self, name: str) -> Pot:
        """What a month of theirs would hold if it began now."""
        person = self.people[name]
        tier = self.tiers[person.tier]
        budget = tier.budget if person.own_budget is None else person.own_budget
        return Pot(budget, budget, to_cents(budget * tier.over_percent / 100))

    def month(self, name: str) -> Month:
        """Whose month it is now, and which."""
        there = self.at.astimezone(ZoneInfo(self.people[name].zone))
        return name, date(there.year, there.month, 1)

    def open(self, name: str) -> Pot:
        """Their month, opened if it is not."""
        return self.months.setdefault(self.month(name), self.promise(name))

    def open_all(self) -> int:
        """What the job does; how many it opened."""
        before = len(self.months)
        for name, person in self.people.items():
            if person.works_here:
                self.open(name)
        return len(self.months) - before

    def take(self, *taken: tuple[Pot | date, Decimal]) -> Spent | None:
        """Take all of it, or nothing."""
        if any(isinstance(pot, Pot) and pot.reach < amount for pot, amount in taken):
            return None
        for pot, amount in taken:
            self._move(pot, amount)
        return Spent(list(taken))

    def give_back(self, spent: Spent) -> None:
        spent.is_back = True
        for pot, amount in spent.taken:
            self._move(pot, -amount)

    def _move(self, pot: Pot | date, amount: Decimal) -> None:
        if isinstance(pot, Pot):
            pot.spent += amount
        else:
            self.owed[pot] = self.owed.get(pot, ZERO) + amount

    def is_over(self, month: Month) -> bool:
        return month[1] < self.month(month[0])[1]

    def raise_now(self, tier: str) -> int:
        """What a changed tier gives counts at once; never less. How many months were raised."""
        raised = 0
        for name, person in self.people.items():
            pot = self.months.get(self.month(name))
            if person.tier != tier or not person.works_here or pot is None:
                continue
            promise = self.promise(name)
            more = max(promise.base - pot.base, ZERO)
            raised += more > 0 or promise.grace > pot.grace
            pot.base, pot.allotted = pot.base + more, pot.allotted + more
            pot.grace = max(pot.grace, promise.grace)
        return raised
