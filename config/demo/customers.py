"""The demo's customers, and which of them tells of the next problem."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from config.demo.days import Calendar
from config.demo.found import Founded
from config.demo.names import customer_name, email_of
from employees.models import Employee
from resolutions.models import Case, Customer, Resolution

NOT_TOLD = 0.08  # how often nobody asks who the customer is
AGAIN = 0.05  # how often it is someone whose trouble is fresh
WITHOUT_EMAIL = 0.2
FRESH = timedelta(days=12)


@dataclass(eq=False, slots=True)
class Regular:
    """A customer, with their cases and what they were given so far."""

    customer: Customer
    cases: list[Case] = field(default_factory=list)
    given: list[Resolution] = field(default_factory=list)


@dataclass(slots=True)
class Crowd:
    """The customers of a division."""

    regulars: Sequence[Regular]
    fresh: deque[Regular] = field(default_factory=deque)

    def who(self, employee: Employee, at: datetime, random: Random) -> Regular | None:
        """Who tells of a problem now; some keep coming back. Never the employee themselves."""
        if random.random() < NOT_TOLD:
            return None
        while self.fresh and self.fresh[0].cases[-1].opened_at <= at - FRESH:
            self.fresh.popleft()
        if self.fresh and random.random() < AGAIN:
            regular = random.choice(self.fresh)
        else:
            regular = self.regulars[int(len(self.regulars) * random.random() ** 1.4)]
        return None if regular.customer.reference == employee.customer_reference else regular

    def someone_new(self) -> Regular:
        """A customer with an address to whom nothing has happened yet."""
        return next(r for r in reversed(self.regulars) if not r.cases and r.customer.email)

    def remember(self, regular: Regular, case: Case) -> None:
        """Someone has told of a problem."""
        regular.cases.append(case)
        self.fresh.append(regular)


def make_customers(founded: Founded, calendar: Calendar, random: Random) -> list[Customer]:
    """The division's customers, not written yet; employees who are customers among them."""
    days = founded.plan.days
    names = {
        p.customer_reference: p.get_full_name()
        for p in founded.people.values()
        if p.customer_reference
    }
    while len(names) < days.customers:
        reference = digits(random.choice(days.references), random)
        if reference not in names:
            names[reference] = customer_name(random)
    customers = [
        Customer(
            division=founded.division,
            reference=reference,
            name=name,
            email="" if random.random() < WITHOUT_EMAIL else email_of(name, number),
            segment=random.choice(days.segments),
            customer_since=calendar.today - timedelta(days=random.randrange(20, 4200)),
        )
        for number, (reference, name) in enumerate(names.items(), start=1)
    ]
    random.shuffle(customers)
    return customers


def digits(pattern: str, random: Random) -> str:
    """The pattern with a digit for each #."""
    return "".join(str(random.randrange(10)) if c == "#" else c for c in pattern)
