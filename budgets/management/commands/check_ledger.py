"""`manage.py check_ledger`: proves that the ledger adds up, and names what does not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.check import problems
from budgets.models import LedgerEntry


class Command(BaseCommand):
    """Exits with an error when anything is wrong with the money."""

    help = "Prove that every budget equals the sum of its entries; name each row where it fails."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each problem, or that there is none."""
        found = list(problems())
        for problem in found:
            self.stderr.write(f"{problem.row}: {problem.what}")
        if found:
            raise CommandError(f"The ledger does not add up: {len(found)} problems.")
        self.stdout.write(f"The ledger adds up: {LedgerEntry.objects.count()} entries.")
