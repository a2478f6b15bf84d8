"""Loads the demo into an empty database: three divisions and half a year of their cases."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from simple_history.utils import bulk_create_with_history

from config.demo.accounts import PASSWORD
from config.demo.answers import answer
from config.demo.closed_months import close_months
from config.demo.customers import Crowd, Regular, make_customers
from config.demo.days import Calendar
from config.demo.exports import export_it
from config.demo.forno import FORNO
from config.demo.found import FOUNDED, MORNING, Founded, found
from config.demo.half_year import HalfYear
from config.demo.incidents import incidents_of
from config.demo.orchard import ORCHARD
from config.demo.reading import let_them_read
from config.demo.records import Records
from config.demo.reports import tell_months
from config.demo.reviews import look_at_afterwards
from config.demo.southern_cross import SOUTHERN_CROSS
from config.demo.timetable import timetable
from employees.models import Division, Employee, Role
from policies.rulebook import load_rulebook
from reports.rollups.follow import follow
from resolutions.models import AuthorityGap, Customer

SEED = "Leeway"
PLANS = (FORNO, ORCHARD, SOUTHERN_CROSS)


class NotEmpty(Exception):
    """There is something in the database already; the demo would be in its way."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much there is now."""

    people: int
    cases: int
    resolutions: int


def load_demo(*, today: date) -> Loaded:
    """Write the whole demo, or nothing, as of the beginning of `today` (UTC).

    It is added up, too, and its months are told: a half could not be loaded again. The same day
    gives the same data. Raises NotEmpty.
    """
    calendar = Calendar(today)
    with transaction.atomic():
        with _all_kept():
            loaded = _load(calendar)
        follow(at=calendar.end)
        tell_months(calendar)
    return loaded


def _load(calendar: Calendar) -> Loaded:
    if Employee.objects.exists() or Division.objects.exists():
        raise NotEmpty
    random = Random(SEED)  # noqa: S311  (the same every time, on purpose)
    password = make_password(PASSWORD)
    office = _head_office(calendar, password)
    companies = [
        found(plan, calendar=calendar, password=password, founder=office["admin"], random=random)
        for plan in PLANS
    ]
    let_them_read(companies, calendar)
    crowds = {company.plan.code: _crowd(company, calendar, random) for company in companies}
    rulebooks = {company.plan.code: load_rulebook(company.division) for company in companies}
    events = [event for company in companies for event in timetable(company, calendar, random)]
    storms = [event for company in companies for event in incidents_of(company, calendar)]
    records = HalfYear(calendar, rulebooks, crowds, random).play([*storms, *events])
    _say_what_could_not_be_done(records, companies, calendar, random)
    answer(records.gaps, companies, calendar=calendar)
    records.write(calendar, random)
    _count_rows()
    look_at_afterwards(records, companies, calendar)
    close_months(companies, calendar, finance=office["finance"])
    export_it(calendar, office)
    return Loaded(Employee.objects.count(), len(records.cases), len(records.resolutions))


def _count_rows() -> None:
    """Tell PostgreSQL how many rows there are now, or closing joins thousands, one by one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE budgets_budget, budgets_ledgerentry, resolutions_resolution")


@contextmanager
def _all_kept() -> Iterator[None]:
    """No collection of garbage: every row is in use until the end, and looking takes seconds."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _head_office(calendar: Calendar, password: str) -> dict[str, Employee]:
    """Finance and the administrator of the group, by username; they belong to no division."""
    began = calendar.at(FOUNDED, MORNING, Employee().zone)
    people = [
        Employee(
            username=username,
            first_name=first,
            last_name=last,
            email=f"{username}@group.example",
            password=password,
            role=role,
            job_title=title,
            date_joined=began,
        )
        for username, first, last, role, title in (
            ("admin", "Ruth", "Oyelaran", Role.ADMINISTRATOR, "System administrator"),
            ("finance", "Benedikt", "Sørensen", Role.FINANCE, "Group controller"),
        )
    ]
    bulk_create_with_history(people, Employee, default_change_reason="Set up", default_date=began)
    return {person.username: person for person in people}


def _crowd(company: Founded, calendar: Calendar, random: Random) -> Crowd:
    customers = make_customers(company, calendar, random)
    Customer.objects.bulk_create(customers)
    return Crowd([Regular(customer) for customer in customers])


def _say_what_could_not_be_done(
    records: Records, companies: Sequence[Founded], calendar: Calendar, random: Random
) -> None:
    """Gaps in the agents' own words: what no remedy fits."""
    for company in companies:
        people = [person for person in company.people.values() if person.tier is not None]
        for words in company.plan.days.could_not:
            employee = random.choice(people)
            records.gaps.append(
                AuthorityGap(
                    division=company.division,
                    employee=employee,
                    team=employee.team,
                    tier=employee.tier,
                    words=words,
                    request_id=UUID(int=random.getrandbits(128), version=4),
                    at=calendar.at(random.randint(2, 80), "17:24", employee.zone),
                )
            )
