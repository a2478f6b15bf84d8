"""`manage.py rebuild_rollups`: counts what reports read anew, or proves that it is right."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from employees.counts import counted
from reports.rollups.follow import rebuild
from reports.rollups.prove import Difference, prove


class Command(BaseCommand):
    """Can run at any time, and again; a proof that finds something exits with an error."""

    help = (
        "Count what reports read anew, day by day, from what happened. With --prove, compare it "
        "with what happened instead, name each row that differs, and mend it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day to begin with, or the wish to prove."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--since",
            type=_day,
            metavar="YYYY-MM-DD",
            help="only this day and those after it (default: all)",
        )
        which.add_argument("--prove", action="store_true", help="prove, and mend what differs")

    def handle(
        self, *_args: Any, since: date | None = None, prove: bool = False, **_options: Any
    ) -> None:
        """Count or prove, and say what was done."""
        if prove:
            self._prove()
            return
        days = rebuild(at=timezone.now(), since=since, progress=self._say_what_is_left)
        self.stdout.write(f"Counted: {counted(days, 'day')}.")

    def _prove(self) -> None:
        if count := prove(at=timezone.now(), say=self._say):
            differed = counted(count, "row differed, and was", "rows differed, and were")
            raise CommandError(f"{differed} counted anew.")
        self.stdout.write("What reports read is what happened.")

    def _say(self, difference: Difference) -> None:
        self.stderr.write(str(difference))

    def _say_what_is_left(self, days: int) -> None:
        if days:
            self.stdout.write(f"{counted(days, 'day')} to go.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day; write it as 2026-11-22.") from None
