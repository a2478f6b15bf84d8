"""`manage.py load_demo`: three divisions and half a year of their cases, to try everything on."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.load import NotEmpty, load_demo


class Command(BaseCommand):
    """Fills an empty database; touches no other."""

    help = (
        "Load the demo into an empty database: Forno, Orchard and Southern Cross Mobile, with "
        "their people, rules and half a year of cases. The same day gives the same data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day that the demo ends before."""
        parser.add_argument(
            "--today",
            type=_day,
            metavar="YYYY-MM-DD",
            help="the day up to which things have happened (default: today, in UTC)",
        )

    def handle(self, *_args: Any, today: date | None = None, **_options: Any) -> None:
        """Load it, or say why not."""
        try:
            loaded = load_demo(today=today or timezone.now().date())
        except NotEmpty:
            raise CommandError(
                "There is something in this database already, and the demo would be in its way. "
                "It goes into an empty one only; nothing was changed."
            ) from None
        self.stdout.write(
            f"The demo is there: {loaded.people} people, {loaded.cases:,} cases, "
            f"{loaded.resolutions:,} remedies given."
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is not a day; write it as 2026-11-22.") from None
