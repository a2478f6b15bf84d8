"""Who has read what: the handbook was looked into a while ago, and hard rules were confirmed.

Almost everyone has confirmed the old ones; of a new one the first few have, and the division's
first employee, whose screens are looked at most, has it still to read.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from config.demo.days import Calendar
from config.demo.found import Founded
from employees.models import Employee
from policies.models import Acknowledgement, Effect, HandbookVisit, Policy
from policies.versions import end_of

FRESH = timedelta(days=7)
LAST_LOOK = 12  # days ago


def let_them_read(companies: Iterable[Founded], calendar: Calendar) -> None:
    """Write everyone's last look into the handbook, and what they confirmed."""
    visits: list[HandbookVisit] = []
    confirmed: list[Acknowledgement] = []
    for company in companies:
        people = [person for person in company.people.values() if person.tier is not None]
        rules = Policy.objects.filter(
            division=company.division, effect=Effect.FORBID, status="published", withdrawn=False
        )
        for rule in rules.with_successor().prefetch_related("tiers", "teams").order_by("pk"):
            confirmed += _read(rule, people, calendar)
        visits += [
            HandbookVisit(
                employee=person,
                at=calendar.at(LAST_LOOK + place % 5, f"1{place % 8}:2{place % 7}", person.zone),
            )
            for place, person in enumerate(people)
        ]
    HandbookVisit.objects.bulk_create(visits)
    Acknowledgement.objects.bulk_create(sorted(confirmed, key=lambda row: row.at))


def _read(rule: Policy, people: list[Employee], calendar: Calendar) -> Iterator[Acknowledgement]:
    """The confirmations of one version, a few each day from its first on."""
    if rule.starts_at is None:
        return
    is_fresh = rule.starts_at > calendar.end - FRESH
    end = min(end_of(rule) or calendar.end, calendar.end)
    readers = [person for person in people if rule.is_about(person)]
    for place, person in enumerate(readers):
        has_read = place % 3 == 1 if is_fresh else place != len(readers) - 1
        days = 0 if is_fresh else place % 6
        at = rule.starts_at + timedelta(days=days, hours=1 + place % 7, minutes=place * 13 % 60)
        if has_read and at < end:
            yield Acknowledgement(employee=person, policy=rule, at=at)
