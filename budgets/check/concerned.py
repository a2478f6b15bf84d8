"""What an entry is about fits it: what was given back, and what was lent."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from budgets.check.problem import Problem, entries_of, in_words, name_entry
from budgets.models import BudgetKind, EntryKind, LedgerEntry


def each_entry_fits_what_it_concerns(month: date | None) -> Iterator[Problem]:
    """Money is given back as it was taken, and lent by someone else towards a spend."""
    yield from _given_back_otherwise(month)
    yield from _lent_otherwise(month)
    yield from _given_back_in_part(month)


def _given_back_otherwise(month: date | None) -> Iterator[Problem]:
    given_back = entries_of(month).filter(kind=EntryKind.GIVE_BACK).select_related("concerns")
    fits = Q(
        concerns__kind__in=[EntryKind.SPEND, EntryKind.LENT],
        concerns__budget=F("budget"),
        concerns__amount=F("amount") * -1,
    )
    for entry in given_back.exclude(fits).iterator():
        said = in_words(entry.amount, entry.budget)
        yield Problem(
            name_entry(entry),
            "A give-back returns what an entry took, whole, to the same budget.",
            f"It returns {said} for {_about(entry)}.",
        )


def _lent_otherwise(month: date | None) -> Iterator[Problem]:
    lent = entries_of(month).filter(kind=EntryKind.LENT).select_related("concerns")
    fits = Q(
        budget__kind=BudgetKind.MONTH,
        concerns__kind=EntryKind.SPEND,
        concerns__budget__division=F("budget__division"),
        concerns__actor__isnull=False,
    ) & ~Q(budget__employee=F("concerns__actor"))
    for entry in lent.exclude(fits).iterator():
        yield Problem(
            name_entry(entry),
            "Money is lent by someone else of the division, out of a month, towards a spend.",
            f"It lends {in_words(entry.amount, entry.budget)} for {_about(entry)}.",
        )


def _given_back_in_part(month: date | None) -> Iterator[Problem]:
    """A spend and what was lent towards it return together."""
    lent = entries_of(month).filter(kind=EntryKind.LENT).select_related("concerns")
    back = LedgerEntry.objects.order_by().filter(kind=EntryKind.GIVE_BACK)
    lent = lent.annotate(
        back=Exists(back.filter(concerns=OuterRef("pk"))),
        other_back=Exists(back.filter(concerns=OuterRef("concerns"))),
    )
    for entry in lent.exclude(back=F("other_back")).iterator():
        returned = f"entry {entry.pk}" if vars(entry)["back"] else f"entry {entry.concerns_id}"
        yield Problem(
            name_entry(entry),
            "What was lent is given back together with the spend that it was lent towards.",
            f"Of it and {_about(entry)}, only {returned} was given back.",
        )


def _about(entry: LedgerEntry) -> str:
    about = entry.concerns
    if about is None:
        return "no entry"
    kind = about.get_kind_display().lower()
    return f"entry {about.pk}, a {kind} of {in_words(about.amount, entry.budget)}"
