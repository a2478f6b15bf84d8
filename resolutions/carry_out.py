"""Carrying a decision out: the money, the customer's row, and what was given.

Each step is called by `resolve.py`, in its order and inside its transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from budgets import ledger, months
from budgets.models import Budget, LedgerEntry
from employees.models import Division, Employee
from policies.decision import Decision
from resolutions.followup import owe_follow_up
from resolutions.models import Case, Customer, Resolution
from resolutions.problem import CustomerDetails, Give
from resolutions.reviews import owe_reviews


class Overtaken(Exception):
    """Someone else came first; all is undone, and decided anew with what is true now."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, under which request, and when."""

    employee: Employee
    request_id: UUID
    at: datetime


def spend_for(decisions: Sequence[Decision], payer: Budget, acting: Acting) -> list[LedgerEntry]:
    """Take the money before anything else is written: two requests may want the last of it.

    What a customer is owed is charged to the division's entitlements, the rest to who pays: the
    employee's month, or an incident's fund.
    """
    entries = []
    for decision in decisions:
        budget, charge = payer, ledger.spend
        if decision.owed:
            opened = months.month_of(acting.employee, acting.at)
            budget = months.open_entitlements(payer.division, month=opened, at=acting.at)
            charge = ledger.charge_entitlement
        entries.append(
            charge(
                budget,
                cost=decision.cost,
                actor=acting.employee,
                request_id=acting.request_id,
                at=acting.at,
                note=decision.remedy.name,
            )
        )
    return entries


def known_customer(
    division: Division, told: CustomerDetails | None, found: Customer | None
) -> Customer | None:
    """The customer's row, made if they are new here; what was blank about them is filled in."""
    if told is None:
        return found
    if found is None:
        try:
            with transaction.atomic():
                return Customer.objects.create(
                    division=division,
                    reference=told.reference.strip(),
                    name=told.name.strip(),
                    email=told.email,
                )
        except IntegrityError as error:
            # They became a customer just now, by someone else, perhaps with something given.
            raise Overtaken from error
    filled = [
        name
        for name in ("name", "email")
        if getattr(told, name).strip() and not getattr(found, name)
    ]
    for name in filled:
        setattr(found, name, getattr(told, name).strip())
    if filled:
        found.save(update_fields=filled)
    return found


def write_given(
    case: Case,
    decisions: Sequence[Decision],
    entries: Sequence[LedgerEntry],
    gives: Sequence[Give],
    acting: Acting,
    *,
    again: bool = False,
) -> list[Resolution]:
    """Write what was given; owe the customer the mail that asks, and what is looked at.

    With `again` the case was there before and is put right only now.
    """
    given = [
        Resolution(
            case=case,
            remedy_id=decision.remedy.id,
            given_by=acting.employee,
            team=acting.employee.team,
            tier=acting.employee.tier,
            quantity=int(decision.asked or 0) if decision.remedy.by_quantity else None,
            face_value=decision.face_value,
            cost=decision.cost,
            against_limit=decision.against_limit,
            description=give.description.strip(),
            verdict=decision.verdict,
            owed=decision.owed,
            review_afterwards=decision.review,
            decision=decision.as_json(),
            entry=entry,
            request_id=acting.request_id,
            at=acting.at,
        )
        for decision, entry, give in zip(decisions, entries, gives, strict=True)
    ]
    for resolution in given:
        resolution.give_back = None  # given just now: no query to learn that it stands
    if given:
        Resolution.objects.bulk_create(given)
        owe_follow_up(case, at=acting.at, again=again)
        owe_reviews(given)
    return given
