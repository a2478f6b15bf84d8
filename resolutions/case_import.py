"""Brings a company's past complaints in as cases: all of them, or none.

What must stay true: a case is brought in once, however often its file is; and nothing is made up.
Nobody here opened a past case or gave anything in it, and when it ended is not known, so these
stay empty. Reading the file is `past`'s business.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from employees.models import Division
from policies.models import ReasonCode
from resolutions.models import Case, CaseState, Customer
from resolutions.past.rows import UNSORTED, PastCase

BATCH = 500
Batches = Iterable[Sequence[PastCase]]
Progress = Callable[[Sequence[Sequence[PastCase]]], Batches]


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of it: the cases that are new here, and how many were there already."""

    cases: Sequence[PastCase]
    already: int


@transaction.atomic
def import_cases(
    past: Sequence[PastCase], *, division: Division, progress: Progress = list
) -> BroughtIn:
    """Write the past cases that are not there yet, by their reference.

    `progress` sees the batches go by.
    """
    # Two imports of one file at once: the division's row lines them up.
    Division.objects.select_for_update().get(pk=division.pk)
    new = _not_there_yet(past, division)
    reasons = _reasons(new, division)
    customers = _customers(new, division)
    for batch in progress([new[i : i + BATCH] for i in range(0, len(new), BATCH)]):
        Case.objects.bulk_create(
            Case(
                division=division,
                customer=customers.get(case.customer),
                reason_code=reasons[case.reason],
                channel=case.channel,
                order_reference=case.order,
                note=case.text,
                state=case.state,
                opened_at=case.opened_at,
                outcome_note=_outcome(case),
                external_reference=case.reference,
            )
            for case in batch
        )
    return BroughtIn(new, already=len(past) - len(new))


def _not_there_yet(past: Sequence[PastCase], division: Division) -> list[PastCase]:
    """Oldest first, so that case numbers rise with time."""
    there: set[str] = set()
    for start in range(0, len(past), BATCH):
        references = [case.reference for case in past[start : start + BATCH]]
        found = Case.objects.filter(division=division, external_reference__in=references)
        there.update(found.values_list("external_reference", flat=True))
    new = [case for case in past if case.reference not in there]
    return sorted(new, key=lambda case: (case.opened_at, case.line))


def _reasons(new: Sequence[PastCase], division: Division) -> dict[str, ReasonCode]:
    """The division's reason codes, with one for what is not sorted yet where it is needed."""
    reasons = {reason.code: reason for reason in ReasonCode.objects.filter(division=division)}
    if UNSORTED not in reasons and any(case.reason == UNSORTED for case in new):
        reasons[UNSORTED] = ReasonCode.objects.create(
            division=division,
            code=UNSORTED,
            name="Brought in, not sorted yet",
            position=999,
            is_active=False,  # nobody picks it on the case form
        )
    return reasons


def _customers(new: Sequence[PastCase], division: Division) -> dict[str, Customer]:
    """The customers that are named, by reference; who is new here is made."""
    named = sorted({case.customer for case in new if case.customer})
    Customer.objects.bulk_create(
        [Customer(division=division, reference=reference) for reference in named],
        BATCH,
        ignore_conflicts=True,
    )
    customers: dict[str, Customer] = {}
    for start in range(0, len(named), BATCH):
        found = Customer.objects.filter(
            division=division, reference__in=named[start : start + BATCH]
        )
        customers.update({customer.reference: customer for customer in found})
    return customers


def _outcome(case: PastCase) -> str:
    """Handing over always has a reason; of a past case no more is known than that it happened."""
    return "Handed over before it was brought in." if case.state == CaseState.HANDED_OVER else ""
