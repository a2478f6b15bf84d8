"""`manage.py open_months`: opens everyone's month now, as the job does every quarter of an hour."""

import re
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from budgets.open_many import MonthsNotOpened, open_months
from employees.counts import counted

_MOMENT = re.compile(
    r"2[01]\d\d-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)


class Command(BaseCommand):
    """Opens what is due, and says how many months that were. Running it again changes nothing."""

    help = "Open the month for everyone who has none yet, where a new one has begun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the moment to open months for."""
        parser.add_argument(
            "--at",
            metavar="ISO-TIME",
            help="as if it were then, such as 2026-12-01T00:00+11:00; without a zone it is UTC",
        )

    def handle(self, *_args: Any, at: str | None = None, **_options: Any) -> None:
        """Open, and say what was done."""
        now = timezone.now()
        moment = now if at is None else _read(at)
        try:
            opened = open_months(at=moment)
        except MonthsNotOpened as failure:
            raise CommandError(
                f"{_said(failure.opened)} {failure}\n"
                "Whoever has none yet opens it by first use. Mend the cause, then run this again."
            ) from failure
        self.stdout.write(_said(opened))
        if opened and moment > now:
            self.stdout.write(
                "That moment is still to come: budgets that change until then do not count "
                "for months opened ahead."
            )


def _said(opened: int) -> str:
    if not opened:
        return "No month was opened: everyone has theirs."
    return f"{counted(opened, 'month was', 'months were')} opened."


def _read(text: str) -> datetime:
    """The moment that was typed. Raises CommandError with what would be right."""
    try:
        moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:  # the 31st of June
        moment = None
    if moment is None:
        raise CommandError(
            f"--at: {text!r} is not a moment. Write a day of 2000 to 2199 and a time, such as "
            "2026-12-01T00:00+11:00; without a time zone it is UTC."
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
