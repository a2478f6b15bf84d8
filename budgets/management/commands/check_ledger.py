"""`manage.py check_ledger`: proves that the ledger adds up, and names what does not."""

from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from budgets.alarm import check_and_keep, tell_administrators
from budgets.check import Problem, entries_of, problems
from budgets.days import read_month
from employees.counts import counted


class Command(BaseCommand):
    """Exits with an error when anything is wrong with the money."""

    help = "Prove that the money adds up; name each row where it does not, and what would be right."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--month 2026-11` looks at one month, and at the funds."""
        parser.add_argument("--month", metavar="YYYY-MM", help="Only this month, and all funds.")

    def handle(self, *args: Any, month: str | None = None, **options: Any) -> None:
        """Print each problem, or that there is none; a check of all is kept, as at night."""
        if month is not None:
            self._check_month(month)
            return
        check = check_and_keep(request_id=uuid4(), at=timezone.now(), say=self._say)
        tell_administrators(at=timezone.now())
        self._sum_up(check.problems, check.entries)

    def _check_month(self, typed: str) -> None:
        try:
            month = read_month(typed)
        except ValueError as error:
            raise CommandError(f"{typed} is not a month: write one such as 2026-11.") from error
        count = 0
        for problem in problems(month):
            count += 1
            self._say(problem)
        self._sum_up(count, entries_of(month).count())

    def _say(self, problem: Problem) -> None:
        self.stderr.write(str(problem))

    def _sum_up(self, count: int, entries: int) -> None:
        if count:
            raise CommandError(f"The ledger does not add up: {counted(count, 'problem')}.")
        self.stdout.write(f"The ledger adds up: {counted(entries, 'entry', 'entries')}.")
